/** A batch of environments that does what it is told, and a user's class of one line, for the tests beside them. */

import type { BatchedEnvironment } from "../../src/envs/batched.ts";
import { box, discrete, type Environment } from "../../src/envs/index.ts";
import { RandomStream, streams } from "../../src/random/index.ts";

export interface Script {
  count?: number;
  observation?: (step: number, index: number) => number;
  /** Of the step that leads to observation number `step`. */
  reward?: (step: number, index: number) => number;
  terminated?: (step: number, index: number) => boolean;
  truncated?: (step: number, index: number) => boolean;
}

/** One observation column, two actions; what happens depends on the step's number alone, counted on over episodes. */
export class Scripted implements BatchedEnvironment {
  readonly id = "Scripted-v0";
  readonly observationSpace = box({ low: -Infinity, high: Infinity, shape: [1] });
  readonly actionSpace = discrete(2);
  readonly observationSize = 1;
  readonly actionSize = 1;
  readonly exactState = true;
  readonly count: number;
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly #script: Script;
  #step = 0;

  constructor(script: Script) {
    this.#script = script;
    this.count = script.count ?? 1;
    this.observations = new Float32Array(this.count);
    this.finalObservations = new Float32Array(this.count);
    this.rewards = new Float64Array(this.count);
    this.terminated = new Uint8Array(this.count);
    this.truncated = new Uint8Array(this.count);
  }

  reset(): void {
    this.#step = 0;
    for (let i = 0; i < this.count; i++) this.observations[i] = this.#script.observation?.(0, i) ?? 1;
  }

  step(): void {
    const { observation, reward, terminated, truncated } = this.#script;
    this.#step++;
    for (let i = 0; i < this.count; i++) {
      this.observations[i] = observation?.(this.#step, i) ?? 1;
      this.finalObservations[i] = this.observations[i];
      this.rewards[i] = reward?.(this.#step, i) ?? 1;
      this.terminated[i] = terminated?.(this.#step, i) ? 1 : 0;
      this.truncated[i] = truncated?.(this.#step, i) ? 1 : 0;
    }
  }

  saveState(): unknown {
    return this.#step;
  }

  loadState(state: unknown): void {
    this.#step = state as number;
  }
}

export const specOf = (script: Script) => ({
  id: "Scripted-v0",
  maxEpisodeSteps: undefined,
  summary: "does what it is told",
  make: (count: number) => new Scripted({ ...script, count }),
  makeSingle: (): Environment => {
    throw new Error("not needed here");
  },
});

/** Reward 1 for ever; every observation is 1. Ends only by a time limit, or after `length` steps. */
export class ForEver implements Environment<number[], number> {
  readonly observationSpace = box({ low: 0, high: 1, shape: [1] });
  readonly actionSpace = discrete(2);
  readonly #length: number;
  #steps = 0;

  constructor(length = Infinity) {
    this.#length = length;
  }

  reset() {
    this.#steps = 0;
    return { observation: [1] };
  }

  step() {
    this.#steps++;
    return { observation: [1], reward: 1, terminated: this.#steps >= this.#length, truncated: false };
  }
}

/** Of the episode that begins with this seed: 1 to 50. */
export const lengthOf = (seed: number) => 1 + new RandomStream(seed, streams.user).integer(50);

/** As long as its seed says, reward 1 a step. */
export class Lottery implements Environment<number[], number> {
  readonly observationSpace = box({ low: 0, high: 1, shape: [1] });
  readonly actionSpace = discrete(2);
  #left = 0;

  reset(options?: { seed?: number }) {
    this.#left = lengthOf(options!.seed!);
    return { observation: [1] };
  }

  step() {
    this.#left--;
    return { observation: [1], reward: 1, terminated: this.#left === 0, truncated: false };
  }
}
