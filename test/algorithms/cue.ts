/** A task for memory with everything at once: Dict observations, masks, and Discrete or MultiDiscrete actions. */

import {
  box,
  dict,
  discrete,
  type Environment,
  multiDiscrete,
  type Space,
  type StepResult,
} from "../../src/envs/index.ts";
import { RandomStream, streams } from "../../src/random/index.ts";

interface Seen {
  cue: number;
  asked: Float32Array;
}

/**
 * The first observation shows 1 or 2; two to four steps later that number is the action that earns 1. Who cannot remember
 * gets 0.5 an episode. Actions that the mask forbids, some always and some by step, are an error.
 */
export class Cue implements Environment<Seen, unknown> {
  readonly observationSpace = dict({ cue: discrete(3), asked: box({ low: 0, high: 1, shape: [1] }) });
  readonly actionSpace: Space;
  #random = new RandomStream(0, streams.user);
  #cue = 0;
  #step = 0;
  #last = 0;

  constructor(kind: "Discrete" | "MultiDiscrete" = "Discrete") {
    this.actionSpace = kind === "Discrete" ? discrete(4) : multiDiscrete([4, 2]);
  }

  reset(options?: { seed?: number }): { observation: Seen } {
    if (options?.seed !== undefined) this.#random = new RandomStream(options.seed, streams.user);
    this.#cue = 1 + this.#random.integer(2);
    this.#last = 2 + this.#random.integer(3);
    this.#step = 0;
    return { observation: this.#look() };
  }

  step(action: unknown): StepResult<Seen> {
    const chosen = typeof action === "number" ? [action] : [...(action as Int32Array)];
    const mask = this.actionMask();
    chosen.forEach((choice, i) => {
      if (mask[4 * i + choice] !== 1) throw new Error(`forbidden: ${choice} of component ${i} at step ${this.#step}`);
    });
    const terminated = this.#step === this.#last;
    const reward = terminated && chosen[0] === this.#cue ? 1 : 0;
    this.#step++;
    return { observation: this.#look(), reward, terminated, truncated: false };
  }

  actionMask(): Uint8Array {
    const first = [this.#step === this.#last ? 0 : 1, 1, 1, 0];
    const odd = this.#step % 2;
    return Uint8Array.from(this.actionSpace.kind === "discrete" ? first : [...first, 1 - odd, odd]);
  }

  #look(): Seen {
    return { cue: this.#step === 0 ? this.#cue : 0, asked: Float32Array.of(this.#step === this.#last ? 1 : 0) };
  }

  saveState(): unknown {
    const { seed, counter } = this.#random;
    return { seed, counter, cue: this.#cue, step: this.#step, last: this.#last };
  }

  loadState(state: unknown): void {
    const saved = state as { seed: number; counter: number; cue: number; step: number; last: number };
    this.#random = new RandomStream(saved.seed, streams.user);
    this.#random.counter = saved.counter;
    this.#cue = saved.cue;
    this.#step = saved.step;
    this.#last = saved.last;
  }
}
