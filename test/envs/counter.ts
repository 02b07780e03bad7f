/** A walk without an end, for time limits: it fails beyond some number of steps. */

import { box, discrete, type Environment } from "../../src/envs/index.ts";
import { RandomStream, streams } from "../../src/random/index.ts";

export class Counter implements Environment<Float32Array, number> {
  readonly observationSpace = box({ low: -Infinity, high: Infinity, shape: [1] });
  readonly actionSpace = discrete(2);
  readonly #most: number;
  #random: RandomStream | undefined;
  #place = 0;
  #steps = 0;

  constructor(most: number) {
    this.#most = most;
  }

  reset({ seed = 0 }: { seed?: number } = {}) {
    this.#random = new RandomStream(seed, streams.user);
    this.#place = this.#random.uniform();
    this.#steps = 0;
    return { observation: Float32Array.of(this.#place) };
  }

  step(action: number) {
    if (this.#random === undefined) throw new Error("not begun");
    if (++this.#steps > this.#most) throw new Error(`more than ${this.#most} steps`);
    this.#place += action - this.#random.uniform();
    return { observation: Float32Array.of(this.#place), reward: 1, terminated: false, truncated: false };
  }
}
