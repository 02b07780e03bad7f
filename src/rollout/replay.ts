/** The last few batches of whole episodes, oldest first. */

import { AscentError } from "../errors.ts";
import type { TypedArray } from "../files/safetensors.ts";
import type { RolloutShape } from "./rollout.ts";
import { isCopyOf, type RolloutCopy } from "./rolloutCopy.ts";

export interface StoredBatch {
  rollout: RolloutCopy;
  /** As `Collector.collectEpisodes` wrote them. */
  lengths: Int32Array;
  cut: Uint8Array;
}

/** A batch's arrays by name. */
type Fields = RolloutCopy & Omit<StoredBatch, "rollout">;

const kinds: { readonly [Name in keyof Fields]: { new (length: number): Fields[Name] } } = {
  observations: Float32Array,
  actions: Float32Array,
  masks: Float32Array,
  logProbs: Float32Array,
  rewards: Float64Array,
  terminated: Uint8Array,
  truncated: Uint8Array,
  cutRows: Int32Array,
  cutObservations: Float32Array,
  lastObservations: Float32Array,
  states: Float32Array,
  starts: Float32Array,
  lengths: Int32Array,
  cut: Uint8Array,
};

export class Replay {
  readonly #capacity: number;
  readonly #shape: RolloutShape;
  #batches: StoredBatch[] = [];

  /** @param capacity batches kept, ≥ 1. @param shape of the rollout that the batches are put back into. */
  constructor(capacity: number, shape: RolloutShape) {
    this.#capacity = capacity;
    this.#shape = shape;
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

  /** Every array under "number of the batch.name". */
  save(): Record<string, TypedArray> {
    const entries = this.#batches.flatMap(({ rollout, lengths, cut }, i) =>
      Object.entries({ ...rollout, lengths, cut }).map(([name, array]) => [`${i}.${name}`, array.slice()]),
    );
    return Object.fromEntries(entries);
  }

  /** @throws AscentError "file" unless these are whole batches of the rollout's shape, no more than are kept. */
  check(saved: Readonly<Record<string, TypedArray>>): void {
    const each = Object.keys(kinds).length;
    const batches = Object.keys(saved).length / each;
    const whole = Array.from({ length: Math.ceil(batches) }, (_, i) =>
      Object.entries(kinds).every(([name, kind]) => saved[`${i}.${name}`] instanceof kind),
    );
    const fits = whole.every((is) => is) && batches <= this.#capacity;
    if (fits && batchesIn(saved).every((batch) => this.#isOwn(batch))) return;
    throw new AscentError("file", {
      what: "The saved replay does not fit this learner",
      got: `${Object.keys(saved).length} arrays${fits ? ", some of other lengths" : ""}`,
      expected: `${each} arrays for each of at most ${this.#capacity} batches, of the rollout's sizes`,
      fix: "Resume with the options that the run was started with.",
    });
  }

  /** @param saved what `check` has let pass. */
  load(saved: Readonly<Record<string, TypedArray>>): void {
    this.#batches = batchesIn(saved);
  }

  #isOwn({ rollout, lengths, cut }: StoredBatch): boolean {
    const { environments } = this.#shape;
    const steps = rollout.logProbs.length / environments;
    return (
      isCopyOf(this.#shape, rollout) &&
      lengths.length === environments &&
      cut.length === environments &&
      lengths.every((length) => length >= 1 && length <= steps)
    );
  }
}

/** Copies of the batches that lie in arrays of these names. */
function batchesIn(saved: Readonly<Record<string, TypedArray>>): StoredBatch[] {
  const batches = Object.keys(saved).length / Object.keys(kinds).length;
  return Array.from({ length: batches }, (_, i) => {
    const names = Object.keys(kinds).map((name) => [name, saved[`${i}.${name}`].slice()]);
    const { lengths, cut, ...rollout } = Object.fromEntries(names) as Fields;
    return { rollout, lengths, cut };
  });
}
