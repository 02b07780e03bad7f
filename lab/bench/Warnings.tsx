/**
 * What went wrong, in words: a run that collapsed, with what was seen first and what usually cures it; what the monitor said, once a
 * rule; and errors that ended a run.
 */
import { useComputed } from "@preact/signals";
import { algorithmOf, type Catalogue } from "../catalogue/catalogue.ts";
import { Button } from "../controls/Button.tsx";
import { collapseOf } from "../runs/collapse.ts";
import type { Run } from "../runs/run.ts";
import type { BenchRuns, SideName } from "./benchRuns.ts";
import type { BenchState } from "./benchState.ts";
import { cureOf } from "./cures.ts";
import { grouped } from "./variants.ts";

interface Found {
  side: SideName;
  seeds: number[];
  steps: number;
  words: string;
}

/** Beats of the runs between two looks for collapses, which go through whole histories. */
const LOOK = 16;

export function Warnings({ bench }: { bench: BenchState }) {
  const beat = useComputed(() => {
    const runs = bench.runs.value;
    return runs === undefined ? 0 : Math.floor(runs.pulse.value / LOOK) + (runs.isOver.value ? 1e9 : 0);
  });
  const collapses = useComputed(() => {
    void beat.value;
    const runs = bench.runs.peek();
    return runs === undefined ? [] : (["a", "b"] as const).flatMap((side) => collapsesOf(runs, side, bench.catalogue));
  });
  const runs = bench.runs.value;
  if (runs === undefined) return null;
  const told = (["a", "b"] as const).flatMap((side) => [...errorsOf(runs, side), ...warningsOf(runs, side)]);
  const found = [...collapses.value, ...told];
  if (found.length === 0) return null;
  return (
    <section class="bench-warnings" aria-labelledby="bench-warnings-title">
      <h2 id="bench-warnings-title">What the runs saw</h2>
      <ul>
        {found.map(({ side, seeds, steps, words }) => (
          <li key={`${side} ${words}`} class="message">
            <strong>
              {side.toUpperCase()}, seed {seeds.join(", ")}, step {grouped(steps)}:
            </strong>{" "}
            {words}
          </li>
        ))}
      </ul>
      <GoOn runs={runs} />
    </section>
  );
}

/** Runs that failed, and have a state to go on from. */
function GoOn({ runs }: { runs: BenchRuns }) {
  const failed = runs.all.filter(({ state, kept }) => state.value === "failed" && kept !== undefined);
  if (failed.length === 0) return null;
  const from = failed.map(({ kept, settings }) => `seed ${settings.seed} from step ${grouped(kept?.steps ?? 0)}`);
  return (
    <Button
      onClick={() => {
        for (const run of failed) run.recover();
      }}
    >
      Go on with {from.join(", ")}
    </Button>
  );
}

/** The first seed of a side that collapsed, and how many others did. */
function collapsesOf(runs: BenchRuns, side: SideName, catalogue: Catalogue): Found[] {
  const found = runs.of(side).flatMap((run) => {
    const collapse = collapseOf(run.history, run.warnings.peek());
    return collapse === undefined ? [] : [{ run, collapse }];
  });
  const first = found[0];
  if (first === undefined) return [];
  const algorithm = algorithmOf(catalogue, first.run.settings.algorithm)!;
  const { words, steps, signs } = first.collapse;
  const others = found.length > 1 ? ` ${found.length - 1} more of ${runs.of(side).length} seeds collapsed.` : "";
  const cure = cureOf(algorithm, signs[0]?.figure);
  return [{ side, seeds: [first.run.settings.seed], steps, words: `${words} ${cure}${others}` }];
}

/** A rule once a side, with the first step at which it spoke and all seeds that it spoke of; the earliest first. */
function warningsOf(runs: BenchRuns, side: SideName): Found[] {
  const byRule = new Map<string, Found>();
  for (const run of runs.of(side)) {
    for (const { rule, steps, what, fix } of run.warnings.value) {
      const before = byRule.get(rule);
      const seeds = [...(before?.seeds ?? []), run.settings.seed];
      const isFirst = before === undefined || steps < before.steps;
      byRule.set(rule, isFirst ? { side, seeds, steps, words: `${what}. ${fix}` } : { ...before, seeds });
    }
  }
  return [...byRule.values()].sort((one, other) => one.steps - other.steps);
}

function errorsOf(runs: BenchRuns, side: SideName): Found[] {
  const byText = new Map<string, Found>();
  for (const run of runs.of(side)) {
    const words = run.error.value;
    if (words === undefined) continue;
    const seeds = [...(byText.get(words)?.seeds ?? []), run.settings.seed];
    byText.set(words, { side, seeds, steps: stepsOf(run), words });
  }
  return [...byText.values()];
}

function stepsOf({ history }: Run): number {
  return history.last("steps") ?? 0;
}
