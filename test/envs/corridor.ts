/** A small task with a Dict observation, masks and saved state, and a place to plant faults, for the tests beside it. */
import { box, dict, discrete, type Environment, type StepResult } from "../../src/envs/index.ts";
import { RandomStream, streams } from "../../src/random/index.ts";

export interface Seen {
  place: number;
  noise: Float32Array;
}

/** Walk right (1) along a corridor of 5 places from a random start; left (0) is masked at the left end. */
export class Corridor implements Environment<Seen, number> {
  readonly observationSpace = dict({ place: discrete(5), noise: box({ low: -9, high: 9, shape: [2] }) });
  readonly actionSpace = discrete(2);
  random = new RandomStream(0, streams.user);
  place = -1;

  reset(options?: { seed?: number }): { observation: Seen } {
    if (options?.seed !== undefined) this.random = new RandomStream(options.seed, streams.user);
    this.place = this.random.integer(3);
    return { observation: this.look() };
  }

  step(action: number): StepResult<Seen> {
    if (this.place < 0) throw new Error("reset first");
    this.place += action === 1 ? 1 : -1;
    const terminated = this.place === 4;
    return { observation: this.look(), reward: terminated ? 1 : -0.1, terminated, truncated: false };
  }

  look(): Seen {
    return { place: this.place, noise: Float32Array.of(this.random.normal(), this.random.uniform()) };
  }

  actionMask(): Uint8Array {
    return Uint8Array.of(this.place > 0 ? 1 : 0, 1);
  }

  saveState(): unknown {
    return { seed: this.random.seed, counter: this.random.counter, place: this.place };
  }

  loadState(state: unknown): void {
    const saved = state as { seed: number; counter: number; place: number };
    this.random = new RandomStream(saved.seed, streams.user);
    this.random.counter = saved.counter;
    this.place = saved.place;
  }
}
