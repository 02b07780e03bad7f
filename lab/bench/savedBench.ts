/**
 * The bench kept in this browser: its link, with every run's figures and exact state. One entry is what was saved on purpose, the
 * other what was going on when the page was left.
 */
import type { Catalogue } from "../catalogue/catalogue.ts";
import { linkOf } from "../link/linkOf.ts";
import { parseLink } from "../link/parseLink.ts";
import { type Autosave, autosave, forgetRuns, readRuns, savedRuns, saveRuns } from "../runs/store.ts";
import type { BenchRuns } from "./benchRuns.ts";
import type { BenchState } from "./benchState.ts";

/** What was saved by the button, and what was kept on the way. */
export const entries = { saved: "bench", left: "bench-left" } as const;
export type SavedEntry = keyof typeof entries;

/** When each of the entries was written, where it is there. */
export type SavedTimes = Readonly<Partial<Record<SavedEntry, Date>>>;

export async function savedTimes(): Promise<SavedTimes> {
  const all = await savedRuns();
  const timeOf = (id: string) => all.find((one) => one.id === id)?.savedAt;
  return { saved: timeOf(entries.saved), left: timeOf(entries.left) };
}

/** Keeps the runs as they are, and lets them go on. @throws AscentError "state" where the browser refuses. */
export function saveBench(runs: BenchRuns, catalogue: Catalogue): Promise<Date> {
  return saveRuns(entries.saved, labelOf(runs, catalogue), runs.all);
}

/** Keeps them on the way, as often as there is something new, until it is stopped. */
export function keepBench(runs: BenchRuns, catalogue: Catalogue): Autosave {
  return autosave(
    entries.left,
    () => labelOf(runs, catalogue),
    () => runs.all,
  );
}

/** With the build that the runs have: builds round differently. */
function labelOf(runs: BenchRuns, catalogue: Catalogue): string {
  const kernels = runs.groups.peek().a?.kernels.peek();
  return linkOf({ ...runs.settings.peek(), ...(kernels && { kernels }) }, catalogue);
}

/** Puts the runs of an entry into the bench, paused where they were. @throws AscentError "state" where it is no more. */
export async function goOnWithBench(bench: BenchState, entry: SavedEntry): Promise<void> {
  const { label, runs } = await readRuns(entries[entry]);
  const { settings } = parseLink(label, bench.catalogue);
  const count = settings.seeds.length;
  bench.goOn(settings, {
    a: runs.slice(0, count),
    ...(settings.b && { b: runs.slice(count) }),
  });
}

export async function forgetBench(): Promise<void> {
  for (const id of Object.values(entries)) await forgetRuns(id);
}
