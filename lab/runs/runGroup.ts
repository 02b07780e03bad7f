/** The same run with several seeds, as a band; and two groups as the difference of their common seeds. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { type Band, bandOf, type Curve, differenceOf } from "./bands.ts";
import { type Run, type StartOptions, startRun } from "./run.ts";
import type { SettingChange, VariantSettings } from "./runSettings.ts";

export type { Band } from "./bands.ts";

export interface RunGroup {
  readonly settings: VariantSettings;
  readonly seeds: readonly number[];
  /** One for each seed. */
  readonly runs: readonly Run[];
  /** Build of the kernels, once the first run is made. */
  readonly kernels: ReadonlySignal<"simd" | "fma" | undefined>;
  /** Mean and 95 % interval of a figure over the runs that have got so far. Reads no signal: follow `version`. */
  band(metric: string): Band;
  /** Counts up with the iterations of any run. */
  readonly version: ReadonlySignal<number>;
  pause(): void;
  resume(): void;
  step(): void;
  restart(): void;
  speed(speed: Parameters<Run["speed"]>[0]): void;
  /** All of them at the same step, the first that all can still reach. @returns all changes. */
  change(options: SettingChange["options"]): Promise<readonly SettingChange[]>;
  end(): void;
}

export function startGroup(settings: VariantSettings, seeds: readonly number[], options: StartOptions = {}): RunGroup {
  const runs = seeds.map((seed) => startRun({ ...settings, seed }, options));
  return groupOf(settings, runs);
}

/** @param runs of the same settings and different seeds. */
export function groupOf(settings: VariantSettings, runs: readonly Run[]): RunGroup {
  const all = (act: (run: Run) => void) => () => {
    for (const run of runs) act(run);
  };
  return {
    settings,
    seeds: runs.map((run) => run.settings.seed),
    runs,
    kernels: computed(() => runs.map((run) => run.facts.value?.kernels).find((build) => build !== undefined)),
    band: (metric) => bandOf(runs.map((run) => curveOf(run, metric)).filter(({ steps }) => steps.length > 0)),
    version: computed(() => runs.reduce((sum, run) => sum + run.version.value, 0)),
    pause: all((run) => run.pause()),
    resume: all((run) => run.resume()),
    step: all((run) => run.step()),
    restart: all((run) => run.restart()),
    speed: (speed) => all((run) => run.speed(speed))(),
    change: (options) => changeAll(runs, options),
    end: all((run) => run.end()),
  };
}

async function changeAll(runs: readonly Run[], options: SettingChange["options"]): Promise<readonly SettingChange[]> {
  const going = runs.map((run) => ["running", "starting", "waiting"].includes(run.state.peek()));
  // A finished run can change no more: the others then have a change that it does not have, which its settings show.
  const open = runs.filter((run) => !["finished", "failed", "ended"].includes(run.state.peek()));
  const steps = await Promise.all(open.map((run) => run.hold()));
  const atStep = Math.max(0, ...steps);
  try {
    const changes = await Promise.all(open.map((run) => run.change(options, atStep)));
    return changes[0] ?? [];
  } finally {
    for (const [i, run] of runs.entries()) if (going[i]) run.resume();
  }
}

/** Mean difference of a figure, first minus second, over the seeds that both groups have. */
export function pairedDifference(a: RunGroup, b: RunGroup, metric: string): Band {
  const pairs = a.runs.flatMap((left) => {
    const right = b.runs.find((run) => run.settings.seed === left.settings.seed);
    return right === undefined ? [] : [[curveOf(left, metric), curveOf(right, metric)] as const];
  });
  return differenceOf(pairs.filter(([left, right]) => left.steps.length > 0 && right.steps.length > 0));
}

function curveOf({ history }: Run, metric: string): Curve {
  return { steps: history.column("steps") ?? [], values: history.column(metric) ?? [] };
}
