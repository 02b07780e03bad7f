/** Returns and lengths of the episodes that a batch of environments runs through. */

import { z } from "zod";
import { numbers } from "../files/savedState.ts";

/** Episodes a moving average looks back on. */
const WINDOW = 100;

const formOf = (environments: number) =>
  z.object({
    returns: numbers(environments),
    lengths: numbers(environments),
    recentReturns: z.array(z.number()).max(WINDOW),
    recentLengths: z.array(z.number()).max(WINDOW),
    finished: z.int().min(0),
  });
export type EpisodeState = z.infer<ReturnType<typeof formOf>>;

export class EpisodeTracker {
  /** Of what `save` gives. */
  readonly form: ReturnType<typeof formOf>;
  readonly #returns: Float64Array;
  readonly #lengths: Float64Array;
  #recentReturns: number[] = [];
  #recentLengths: number[] = [];
  /** Episodes finished since the start. */
  finished = 0;

  constructor(environments: number) {
    this.#returns = new Float64Array(environments);
    this.#lengths = new Float64Array(environments);
    this.form = formOf(environments);
  }

  /**
   * Takes in one step of all environments: true rewards, not normalised ones.
   *
   * @param leftOut environments that do not count [environments]; those with 0 do. Default: all count.
   */
  step(rewards: Float64Array, terminated: Uint8Array, truncated: Uint8Array, leftOut?: Int32Array): void {
    for (let i = 0; i < rewards.length; i++) {
      if (leftOut !== undefined && leftOut[i] !== 0) continue;
      this.#returns[i] += rewards[i];
      this.#lengths[i]++;
      if (terminated[i] === 0 && truncated[i] === 0) continue;
      this.#recentReturns.push(this.#returns[i]);
      this.#recentLengths.push(this.#lengths[i]);
      if (this.#recentReturns.length > WINDOW) {
        this.#recentReturns.shift();
        this.#recentLengths.shift();
      }
      this.finished++;
      this.#returns[i] = 0;
      this.#lengths[i] = 0;
    }
  }

  /** Mean return of the last 100 finished episodes; NaN before the first. */
  get meanReturn(): number {
    return meanOf(this.#recentReturns);
  }

  get meanLength(): number {
    return meanOf(this.#recentLengths);
  }

  /** Forgets the running episodes: all environments start anew. */
  restart(): void {
    this.#returns.fill(0);
    this.#lengths.fill(0);
  }

  save(): EpisodeState {
    return {
      returns: [...this.#returns],
      lengths: [...this.#lengths],
      recentReturns: [...this.#recentReturns],
      recentLengths: [...this.#recentLengths],
      finished: this.finished,
    };
  }

  load(state: EpisodeState): void {
    this.#returns.set(state.returns);
    this.#lengths.set(state.lengths);
    this.#recentReturns = [...state.recentReturns];
    this.#recentLengths = [...state.recentLengths];
    this.finished = state.finished;
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
