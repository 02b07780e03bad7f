/** The episode that is shown: its worker, when it steps, and who acts. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { PlayedState, Space } from "ascent-rl";
import { announce } from "../page/announce.tsx";
import { prefersReducedMotion } from "../page/motion.ts";
import type { PlayReply, PlayRequest } from "./protocol.ts";

export interface Loaded {
  environment: string;
  algorithm: string;
  actionSpace: Space;
  draws: boolean;
}

/** An episode that has ended. */
export interface Finished {
  seed: number;
  steps: number;
  episodeReturn: number;
  ended: "terminated" | "truncated";
  /** Steps that somebody else took. */
  taken: number;
  stochastic: boolean;
}

export interface Played {
  loaded: ReadonlySignal<Loaded | undefined>;
  state: ReadonlySignal<PlayedState | undefined>;
  seed: ReadonlySignal<number>;
  problem: Signal<string | undefined>;
  finished: ReadonlySignal<readonly Finished[]>;
  playing: Signal<boolean>;
  /** Steps a second. */
  speed: Signal<number>;
  stochastic: ReadonlySignal<boolean>;
  /** Whether time stands still while nobody else acts. */
  alone: Signal<boolean>;
  /** What somebody holds down. */
  held: Signal<readonly number[] | undefined>;
  load(bytes: Uint8Array, environment: string | undefined, seed: number, stochastic: boolean): void;
  begin(seed: number): void;
  setStochastic(on: boolean): void;
  step(action?: readonly number[]): void;
}

/** An ended episode is looked at for so long before the next one begins. */
const REST_MS = 900;
const MOST_KEPT = 10;

export function startPlaying(): Played {
  const loaded = signal<Loaded | undefined>(undefined);
  const state = signal<PlayedState | undefined>(undefined);
  const seed = signal(0);
  const problem = signal<string | undefined>(undefined);
  const finished = signal<readonly Finished[]>([]);
  const playing = signal(!prefersReducedMotion());
  const speed = signal(30);
  const stochastic = signal(false);
  const alone = signal(false);
  const held = signal<readonly number[] | undefined>(undefined);
  let taken = 0;
  /** A request is under way: one step at a time, however slow the machine. */
  let waiting = false;
  let due = 0;

  const worker = new Worker(new URL("./playWorker.ts", import.meta.url), { type: "module" });
  const ask = (request: PlayRequest) => worker.postMessage(request);
  worker.addEventListener("message", ({ data }: MessageEvent<PlayReply>) => {
    waiting = false;
    if (data.kind === "failed") problem.value = data.message;
    else if (data.kind === "loaded") loaded.value = data;
    else show(data.seed, data.state);
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    problem.value = `The worker in which the policy acts has ended: ${event.message || "no reason was given"}. Load the page anew.`;
  });

  function show(of: number, next: PlayedState): void {
    seed.value = of;
    state.value = next;
    if (next.ended === undefined) return;
    const { step: steps, episodeReturn, ended } = next;
    const one = { seed: of, steps, episodeReturn, ended, taken, stochastic: stochastic.value };
    finished.value = [one, ...finished.value].slice(0, MOST_KEPT);
    due = performance.now() + REST_MS;
    announce(
      `The episode with seed ${of} has ended after ${steps} steps; its return is ${returnWords(episodeReturn)}.`,
    );
  }

  function step(action?: readonly number[]): void {
    if (waiting || state.value === undefined) return;
    if (state.value.ended !== undefined) {
      begin(seed.value + 1);
      return;
    }
    waiting = true;
    if (action !== undefined) taken++;
    ask({ kind: "step", ...(action && { action: [...action] }) });
  }

  function begin(of: number): void {
    problem.value = undefined;
    taken = 0;
    waiting = true;
    ask({ kind: "begin", seed: of, stochastic: stochastic.value });
  }

  function tick(now: number): void {
    requestAnimationFrame(tick);
    if (!playing.value || waiting || now < due || state.value === undefined) return;
    if (alone.value && held.value === undefined && state.value.ended === undefined) return;
    due = Math.max(due, now - 100) + 1000 / speed.value;
    step(held.value);
  }
  requestAnimationFrame(tick);

  return {
    ...{ loaded, state, seed, problem, finished, playing, speed, stochastic, alone, held, begin, step },
    load(bytes, environment, first, sampled) {
      problem.value = undefined;
      finished.value = [];
      stochastic.value = sampled;
      ask({ kind: "load", bytes, environment });
      begin(first);
    },
    setStochastic(on) {
      stochastic.value = on;
      ask({ kind: "stochastic", on });
    },
  };
}

export function returnWords(value: number): string {
  return Number(value.toFixed(2)).toString().replace("-", "−");
}
