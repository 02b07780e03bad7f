/** The last few batches of whole episodes, oldest first. */

import type { RolloutCopy } from "./collector.ts";

export interface StoredBatch {
  rollout: RolloutCopy;
  /** As `Collector.collectEpisodes` wrote them. */
  lengths: Int32Array;
  cut: Uint8Array;
}

type Saved = { [name: string]: { kind: "f32" | "f64" | "u8" | "i32"; values: number[] } };

const kinds = { f32: Float32Array, f64: Float64Array, u8: Uint8Array, i32: Int32Array } as const;

export class Replay {
  readonly #capacity: number;
  #batches: StoredBatch[] = [];

  /** @param capacity batches kept, ≥ 1. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#batches.length;
  }

  /** The newest is at length − 1. */
  at(index: number): StoredBatch {
    return this.#batches[index];
  }

  push(batch: StoredBatch): void {
    this.#batches.push(batch);
    if (this.#batches.length > this.#capacity) this.#batches.shift();
  }

  /** JSON-able. */
  save(): Saved[] {
    return this.#batches.map(({ rollout, lengths, cut }) => {
      const entries = Object.entries({ ...rollout, lengths, cut }).map(([name, array]) => {
        const [kind] = Object.entries(kinds).find(([, type]) => array instanceof type)!;
        return [name, { kind, values: Array.from(array as ArrayLike<number>) }];
      });
      return Object.fromEntries(entries) as Saved;
    });
  }

  load(saved: readonly Saved[]): void {
    this.#batches = saved.map((batch) => {
      const arrays = Object.entries(batch).map(([name, { kind, values }]) => [name, kinds[kind].from(values)]);
      const { lengths, cut, ...rollout } = Object.fromEntries(arrays) as RolloutCopy & Omit<StoredBatch, "rollout">;
      return { rollout, lengths, cut };
    });
  }
}
