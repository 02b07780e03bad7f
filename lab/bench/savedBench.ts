/**
 * The bench kept in this browser's IndexedDB: its link, and of every run its figures and exact state. Written whole or not at all; what
 * was saved before stays until then.
 */
import { AscentError } from "ascent-rl";
import { del, get, set } from "idb-keyval";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { sidesOf } from "../link/benchSettings.ts";
import { linkOf } from "../link/linkOf.ts";
import { parseLink } from "../link/parseLink.ts";
import { History, type StoredHistory } from "../runs/history.ts";
import type { Run } from "../runs/run.ts";
import type { Beginning, BenchRuns, SideName } from "./benchRuns.ts";
import type { BenchState } from "./benchState.ts";

const KEY = "ascent-bench";
const FORM = 1;

interface StoredRun {
  history: StoredHistory;
  snapshot?: Uint8Array;
}

interface StoredBench {
  form: number;
  link: string;
  /** Milliseconds since 1970. */
  savedAt: number;
  sides: Partial<Record<SideName, StoredRun[]>>;
}

/** What is known of a saved bench without its states. */
export interface SavedFacts {
  savedAt: Date;
  link: string;
}

/** Pauses the runs, and keeps them. @throws AscentError "state" where the browser refuses, which leaves what was saved before. */
export async function saveBench(runs: BenchRuns, catalogue: Catalogue): Promise<SavedFacts> {
  runs.pause();
  const kernels = runs.groups.value.a?.kernels.value;
  const settings = { ...runs.settings.value, ...(kernels && { kernels }) };
  const sides: StoredBench["sides"] = {};
  for (const [name] of sidesOf(settings)) sides[name] = await Promise.all(runs.of(name).map(storedRun));
  const stored: StoredBench = { form: FORM, link: linkOf(settings, catalogue), savedAt: Date.now(), sides };
  try {
    await set(KEY, stored);
  } catch (error) {
    throw new AscentError("state", {
      what: "The bench could not be saved in this browser",
      got: error instanceof Error ? error.message || error.name : String(error),
      fix: "Its storage may be full or closed, as in private windows: make room, or export the policies and copy the link. The runs are only paused.",
    });
  }
  return { savedAt: new Date(stored.savedAt), link: stored.link };
}

async function storedRun(run: Run): Promise<StoredRun> {
  await run.hold();
  const history = run.history.stored();
  // A run that has not begun begins.
  return run.history.length === 0 ? { history } : { history, snapshot: await run.snapshot() };
}

/** What is saved; undefined where nothing is, or nothing that can be read. */
export async function savedFacts(): Promise<SavedFacts | undefined> {
  const stored = await read();
  return stored && { savedAt: new Date(stored.savedAt), link: stored.link };
}

/** Puts the saved runs into the bench, paused where they were. @throws AscentError "state" where nothing is saved any more. */
export async function goOnWithSaved(bench: BenchState): Promise<void> {
  const stored = await read();
  if (stored === undefined) {
    throw new AscentError("state", {
      what: "There is no saved bench any more",
      fix: "The browser may have cleared it, or another tab. Open its link, and train from the beginning.",
    });
  }
  const { settings } = parseLink(stored.link, bench.catalogue);
  const beginningOf = ({ history, snapshot }: StoredRun): Beginning => ({
    history: History.from(history),
    ...(snapshot && { from: snapshot }),
  });
  bench.goOn(settings, {
    ...(stored.sides.a && { a: stored.sides.a.map(beginningOf) }),
    ...(stored.sides.b && { b: stored.sides.b.map(beginningOf) }),
  });
}

export async function forgetSaved(): Promise<void> {
  await del(KEY);
}

async function read(): Promise<StoredBench | undefined> {
  try {
    const stored = await get<StoredBench>(KEY);
    return stored?.form === FORM ? stored : undefined;
  } catch {
    // Storage is closed: nothing can be saved there.
    return undefined;
  }
}
