/** The steps of one environment's episode as they happen, and episodes put one behind the other as a dataset's arrays. */

import type { BatchedEnvironment } from "../envs/batched.ts";
import type { EpisodeDataset } from "./dataset.ts";

export interface RecordedEpisode {
  observations: Float32Array;
  actions: Float32Array;
  /** Empty without masks. */
  masks: Uint8Array;
  rewards: Float64Array;
  terminated: boolean;
  truncated: boolean;
  finalObservation: Float32Array;
}

const FIRST_STEPS = 256;

export class EpisodeBuffer {
  /** Steps so far. */
  length = 0;
  readonly #environment: BatchedEnvironment;
  readonly #index: number;
  readonly #maskSize: number;
  #observations: Float32Array;
  #actions: Float32Array;
  #masks: Uint8Array;
  #rewards: Float64Array;

  /** @param index which environment of the batch. */
  constructor(environment: BatchedEnvironment, index: number) {
    const { observationSize, actionSize, actionMasks, count } = environment;
    this.#environment = environment;
    this.#index = index;
    this.#maskSize = (actionMasks?.length ?? 0) / count;
    this.#observations = new Float32Array(FIRST_STEPS * observationSize);
    this.#actions = new Float32Array(FIRST_STEPS * actionSize);
    this.#masks = new Uint8Array(FIRST_STEPS * this.#maskSize);
    this.#rewards = new Float64Array(FIRST_STEPS);
  }

  /** Call before the environments step: what is seen, what is allowed, and what will be done. */
  before(actions: Float32Array): void {
    const { observations, observationSize, actionSize, actionMasks } = this.#environment;
    const [t, i, width] = [this.length, this.#index, this.#maskSize];
    if (t === this.#rewards.length) this.#grow();
    this.#observations.set(rowOf(observations, i, observationSize), t * observationSize);
    this.#actions.set(rowOf(actions, i, actionSize), t * actionSize);
    if (actionMasks !== undefined) this.#masks.set(rowOf(actionMasks, i, width), t * width);
  }

  /** Call after they stepped. @returns the episode when this was its last step; the next one then begins. */
  after(): RecordedEpisode | undefined {
    const { rewards, terminated, truncated, finalObservations, observationSize, actionSize } = this.#environment;
    const i = this.#index;
    this.#rewards[this.length++] = rewards[i];
    if (terminated[i] === 0 && truncated[i] === 0) return undefined;
    const steps = this.length;
    this.length = 0;
    return {
      observations: this.#observations.slice(0, steps * observationSize),
      actions: this.#actions.slice(0, steps * actionSize),
      masks: this.#masks.slice(0, steps * this.#maskSize),
      rewards: this.#rewards.slice(0, steps),
      terminated: terminated[i] !== 0,
      truncated: truncated[i] !== 0,
      finalObservation: rowOf(finalObservations, i, observationSize).slice(),
    };
  }

  #grow(): void {
    this.#observations = doubled(this.#observations);
    this.#actions = doubled(this.#actions);
    this.#masks = doubled(this.#masks);
    this.#rewards = doubled(this.#rewards);
  }
}

type Arrays = Omit<EpisodeDataset, "environment" | "observationSpace" | "actionSpace" | "policy" | "seed">;

/** @param episodes at least one. */
export function joinEpisodes(episodes: readonly RecordedEpisode[]): Arrays {
  const offsets = new Int32Array(episodes.length + 1);
  episodes.forEach(({ rewards }, k) => {
    offsets[k + 1] = offsets[k] + rewards.length;
  });
  const steps = offsets[episodes.length];
  const terminated = new Uint8Array(steps);
  const truncated = new Uint8Array(steps);
  episodes.forEach((episode, k) => {
    terminated[offsets[k + 1] - 1] = episode.terminated ? 1 : 0;
    truncated[offsets[k + 1] - 1] = episode.truncated ? 1 : 0;
  });
  const masks = joined(episodes, ({ masks }) => masks);
  return {
    offsets,
    observations: joined(episodes, ({ observations }) => observations),
    actions: joined(episodes, ({ actions }) => actions),
    ...(masks.length > 0 && { masks }),
    rewards: joined(episodes, ({ rewards }) => rewards),
    terminated,
    truncated,
    finalObservations: joined(episodes, ({ finalObservation }) => finalObservation),
  };
}

type Column = Float32Array | Float64Array | Uint8Array;

function joined<T extends Column>(episodes: readonly RecordedEpisode[], part: (episode: RecordedEpisode) => T): T {
  const parts = episodes.map(part);
  const all = new (parts[0].constructor as new (length: number) => T)(parts.reduce((n, { length }) => n + length, 0));
  let at = 0;
  for (const one of parts) {
    all.set(one, at);
    at += one.length;
  }
  return all;
}

function rowOf<T extends Column>(array: T, row: number, width: number): T {
  return array.subarray(row * width, (row + 1) * width) as T;
}

function doubled<T extends Column>(array: T): T {
  const larger = new (array.constructor as new (length: number) => T)(2 * array.length);
  larger.set(array);
  return larger;
}
