/**
 * The runs of the bench: a group of seeds for each side. What is shown of them follows `pulse`, a few times a second, however
 * many iterations there are.
 */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { AscentError, type JsonValue } from "ascent-rl";
import { type BenchSettings, type Change, sidesOf, type Variant } from "../link/benchSettings.ts";
import type { History } from "../runs/history.ts";
import { type Run, startRun } from "../runs/run.ts";
import { groupOf, type RunGroup } from "../runs/runGroup.ts";

/** Iterations a second. */
export type Speed = "1" | "5" | "20" | "full";

export type SideName = "a" | "b";
export type Groups = Readonly<Partial<Record<SideName, RunGroup>>>;

/** Where a run goes on. */
export interface Beginning {
  readonly from?: Uint8Array;
  readonly history: History;
}

export interface BenchStart {
  readonly speed: Speed;
  readonly paused: boolean;
  /** By side and place among the seeds; where there is none, it begins anew. */
  readonly beginnings?: Readonly<Partial<Record<SideName, readonly (Beginning | undefined)[]>>>;
}

/** Milliseconds between two looks at the runs. */
const PULSE = 120;

export class BenchRuns {
  /** What they run with, changes while running included. */
  readonly settings: Signal<BenchSettings>;
  readonly groups: Signal<Groups>;
  /** Counts up while there is something new. */
  readonly pulse: Signal<number> = signal(0);
  /** Whether none goes on or waits. */
  readonly isOver: ReadonlySignal<boolean>;
  readonly isPaused: Signal<boolean>;
  /** Why the last change was not taken. */
  readonly refusal: Signal<string | undefined> = signal(undefined);
  #speed: Speed;
  readonly #stop: () => void;

  constructor(settings: BenchSettings, { speed, paused, beginnings = {} }: BenchStart) {
    this.settings = signal(settings);
    this.#speed = speed;
    const sides = sidesOf(settings);
    // A seed of A and the same of B come one after the other, so that there is something to compare early on.
    const rows = settings.seeds.map((seed, i) =>
      sides.map(([name, side]) => this.#start(side, seed, paused, beginnings[name]?.[i])),
    );
    const group = (side: Variant, at: number) =>
      groupOf(
        this.#complete(side),
        rows.map((row) => row[at]),
      );
    this.groups = signal(Object.fromEntries(sides.map(([name, side], at) => [name, group(side, at)])));
    this.isPaused = signal(paused);
    this.isOver = computed(() => this.all.every(({ state }) => isOver(state.value)));
    this.#stop = this.#beat();
  }

  get all(): readonly Run[] {
    return [...this.of("a"), ...this.of("b")];
  }

  of(side: SideName): readonly Run[] {
    return this.groups.value[side]?.runs ?? [];
  }

  pause(): void {
    this.isPaused.value = true;
    for (const run of this.all) run.pause();
  }

  resume(): void {
    this.isPaused.value = false;
    for (const run of this.all) run.resume();
  }

  /** One iteration of each run; between steps they are paused. */
  step(): void {
    this.isPaused.value = true;
    for (const run of this.all) run.step();
  }

  setSpeed(speed: Speed): void {
    this.#speed = speed;
    for (const run of this.all) run.speed(speedOf(speed));
  }

  end(): void {
    this.#stop();
    for (const run of this.all) run.end();
  }

  /**
   * Changes settings of a side from the first step on that all its seeds can still reach. Seeds that are finished run again, to the
   * same bits up to there, so that the side is one run with many seeds, which a link can hold.
   *
   * @returns all changes of the side; undefined where the library refused this one, which `refusal` then says.
   */
  async change(name: SideName, options: Readonly<Record<string, JsonValue>>): Promise<readonly Change[] | undefined> {
    const group = this.groups.peek()[name];
    const side = this.settings.peek()[name];
    if (group === undefined || side === undefined) return undefined;
    try {
      if (group.runs.every(({ state }) => isOver(state.peek()))) throw allFinished(name);
      const changes = await group.change(options);
      const changed: Variant = { ...side, changes };
      const again = (run: Run) => (isOver(run.state.peek()) ? this.#start(changed, run.settings.seed, false) : run);
      batch(() => {
        const runs = group.runs.map(again);
        this.groups.value = { ...this.groups.peek(), [name]: groupOf(this.#complete(changed), runs) };
        this.settings.value = { ...this.settings.peek(), [name]: changed };
        this.refusal.value = undefined;
      });
      return changes;
    } catch (error) {
      this.refusal.value = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }

  #complete(side: Variant) {
    const { kernels } = this.settings.peek();
    return kernels === undefined ? side : { ...side, kernels };
  }

  #start(side: Variant, seed: number, paused: boolean, beginning?: Beginning): Run {
    return startRun({ ...this.#complete(side), seed }, { paused, speed: speedOf(this.#speed), ...beginning });
  }

  /** News of all runs, gathered: at most one beat every PULSE milliseconds. */
  #beat(): () => void {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const beat = () => {
      waiting = undefined;
      this.pulse.value++;
    };
    const stop = effect(() => {
      for (const { version, state } of this.all) void [version.value, state.value];
      waiting ??= setTimeout(beat, PULSE);
    });
    return () => {
      stop();
      clearTimeout(waiting);
    };
  }
}

function allFinished(side: SideName): AscentError {
  return new AscentError("state", {
    what: `The runs of ${side.toUpperCase()} came to their end before the change`,
    fix: "Set it among the settings and train again, or choose a slower speed.",
  });
}

function speedOf(speed: Speed): number | "full" {
  return speed === "full" ? "full" : Number(speed);
}

export function isOver(state: string): boolean {
  return state === "finished" || state === "failed" || state === "ended";
}
