/** Small datasets for the tests beside it. */

import {
  box,
  discrete,
  type Environment,
  multiBinary,
  multiDiscrete,
  type Space,
  sample,
} from "../../src/envs/index.ts";
import type { EpisodeDataset } from "../../src/imitation/index.ts";
import { RandomStream, streams } from "../../src/random/index.ts";

/** Two episodes, of 2 and 1 steps, of one number and three choices, with masks. */
export function tiny(): EpisodeDataset {
  return {
    environment: "Tiny-v0",
    observationSpace: box({ low: -1, high: 1, shape: [1] }),
    actionSpace: discrete(3, 1),
    policy: "hand",
    seed: 4,
    offsets: Int32Array.of(0, 2, 3),
    observations: Float32Array.of(0.1, 0.2, 0.3),
    actions: Float32Array.of(1, 3, 2),
    masks: Uint8Array.of(1, 1, 0, 0, 0, 1, 1, 1, 1),
    rewards: Float64Array.of(1, 0.1, -1),
    terminated: Uint8Array.of(0, 1, 0),
    truncated: Uint8Array.of(0, 0, 1),
    finalObservations: Float32Array.of(0.9, 0.8),
  };
}

export const spaces = {
  Discrete: discrete(4, 1),
  MultiDiscrete: multiDiscrete([3, 2]),
  MultiBinary: multiBinary(3),
  Box: box({ low: -1, high: 1, shape: [2] }),
} satisfies Record<string, Space>;

/** Observations are random values of a space, and so is what an expert does on them: the same. Ten steps an episode. */
export function repeatedObservations(space: Space, episodes: number): EpisodeDataset {
  const random = new RandomStream(8, streams.user);
  const steps = 10 * episodes;
  const values = Array.from({ length: steps }, () => sample(space, random));
  const columns = values.map((value) => (typeof value === "number" ? [value] : Array.from(value as ArrayLike<number>)));
  const ends = Uint8Array.from({ length: steps }, (_, t) => (t % 10 === 9 ? 1 : 0));
  return {
    environment: "Repeat-v0",
    observationSpace: space,
    actionSpace: space,
    policy: "repeat",
    seed: 8,
    offsets: Int32Array.from({ length: episodes + 1 }, (_, k) => 10 * k),
    observations: Float32Array.from(columns.flat()),
    actions: Float32Array.from(columns.flat()),
    rewards: new Float64Array(steps).fill(1),
    terminated: ends,
    truncated: new Uint8Array(steps),
    finalObservations: Float32Array.from(columns.slice(0, episodes).flat()),
  };
}

/** MultiDiscrete actions of which those whose sum with the place is odd are masked; seven steps an episode. */
export class MaskedPairs implements Environment<number, Int32Array> {
  readonly observationSpace = discrete(7);
  readonly actionSpace = multiDiscrete([4, 3]);
  /** Actions that the mask forbade. */
  static invalid = 0;
  #place = 0;

  reset() {
    this.#place = 0;
    return { observation: 0 };
  }

  step(action: Int32Array) {
    const mask = this.actionMask();
    if (mask[action[0]] === 0 || mask[4 + action[1]] === 0) MaskedPairs.invalid++;
    const reward = action[0] === 2 || action[0] === 3 ? 1 : 0;
    this.#place++;
    return { observation: this.#place % 7, reward, terminated: this.#place === 7, truncated: false };
  }

  actionMask(): Uint8Array {
    return Uint8Array.from([0, 1, 2, 3, 0, 1, 2], (choice, i) =>
      (choice + this.#place + (i > 3 ? 1 : 0)) % 2 === 0 ? 1 : 0,
    );
  }
}
