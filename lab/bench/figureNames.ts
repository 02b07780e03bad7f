/** The figures that the runs have, in the order of docs/metrics.md. */
import type { BenchState } from "./benchState.ts";

const NOT_DRAWN: readonly string[] = ["steps", "step"];

export function figureNames(bench: BenchState): string[] {
  const runs = bench.runs.value;
  void runs?.pulse.value;
  const present = new Set(runs?.all.flatMap(({ history }) => [...history.names]) ?? []);
  const defined = bench.catalogue.metrics.map(({ name }) => name);
  const known = [...new Set(defined)].filter((name) => present.has(name));
  const others = [...present].filter((name) => !known.includes(name));
  return [...known, ...others].filter((name) => !NOT_DRAWN.includes(name));
}
