/** The bench's runs in words: how far they are, and what is announced when that changes. */

import type { Run } from "../runs/run.ts";
import type { BenchRuns, SideName } from "./benchRuns.ts";
import { figureText } from "./figureText.ts";
import { grouped } from "./variants.ts";

/** "A: 12,288 of 100,000 steps, 2 seeds running · B: …" */
export function progressText(runs: BenchRuns): string {
  void runs.pulse.value;
  return sidesIn(runs)
    .map((name) => `${name.toUpperCase()}: ${sideText(runs, name)}`)
    .join(" · ");
}

function sidesIn(runs: BenchRuns): SideName[] {
  return (["a", "b"] as const).filter((name) => runs.of(name).length > 0);
}

function sideText(runs: BenchRuns, name: SideName): string {
  const all = runs.of(name);
  const steps = all.map(stepsOf);
  const least = Math.min(...steps);
  const total = runs.settings.value[name]!.steps;
  const counts = new Map<string, number>();
  for (const { state } of all) counts.set(state.value, (counts.get(state.value) ?? 0) + 1);
  const states = [...counts].map(([state, count]) => (all.length === 1 ? state : `${count} ${state}`));
  return `${grouped(least)} of ${grouped(total)} steps, ${states.join(", ")}`;
}

/** Environment steps made. */
function stepsOf({ history }: Run): number {
  return history.last("steps") ?? 0;
}

/** Said once every run has come to its end. */
export function endText(runs: BenchRuns, figure: string): string {
  const sides = sidesIn(runs).map((name) => {
    const all = runs.of(name);
    const failed = all.filter(({ state }) => state.value === "failed").length;
    const values = all.map(({ history }) => history.last(figure)).filter((value) => value !== undefined);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const found =
      values.length === 0
        ? ""
        : `, ${figure} ${figureText(mean)}${all.length > 1 ? ` in the mean of ${values.length} seeds` : ""}`;
    return `${name.toUpperCase()}: ${failed > 0 ? `${failed} of ${all.length} failed` : "finished"}${found}`;
  });
  return `${sides.join(". ")}.`;
}
