/**
 * How often a policy's actions lie at one and the same bound of a Box: near 1 for a policy that has run against it and
 * cannot be told apart from a constant any more. A policy that changes between two bounds, as bang-bang control does, does not count.
 */

import { flatSize, type Space } from "../envs/spaces.ts";

export class ActionsAtBound {
  /** Finite bounds as float32, NaN where there is none: equal to no action. */
  readonly #low: Float32Array;
  readonly #high: Float32Array;
  /** For each column, rows at its low and at its high bound. */
  readonly #atLow: Int32Array;
  readonly #atHigh: Int32Array;
  #rows = 0;

  constructor(low: ArrayLike<number>, high: ArrayLike<number>) {
    this.#low = Float32Array.from(low, finiteOrNaN);
    this.#high = Float32Array.from(high, finiteOrNaN);
    // A column of one value only is at its bound by definition.
    for (let j = 0; j < low.length; j++) if (this.#low[j] === this.#high[j]) this.#low[j] = this.#high[j] = Number.NaN;
    this.#atLow = new Int32Array(low.length);
    this.#atHigh = new Int32Array(low.length);
  }

  /** @param actions as environments get them, clipped [rows × columns]. */
  count(actions: Float32Array): void {
    const low = this.#low;
    const high = this.#high;
    const columns = low.length;
    for (let at = 0; at < actions.length; ) {
      for (let j = 0; j < columns; j++, at++) {
        if (actions[at] === low[j]) this.#atLow[j]++;
        else if (actions[at] === high[j]) this.#atHigh[j]++;
      }
    }
    this.#rows += actions.length / columns;
  }

  /** The largest share of rows, over columns and their two bounds, since the last call; counting then begins anew. */
  take(): number {
    let most = 0;
    for (let j = 0; j < this.#atLow.length; j++) most = Math.max(most, this.#atLow[j], this.#atHigh[j]);
    const share = this.#rows === 0 ? 0 : most / this.#rows;
    this.#atLow.fill(0);
    this.#atHigh.fill(0);
    this.#rows = 0;
    return share;
  }
}

function finiteOrNaN(bound: number): number {
  return Number.isFinite(bound) ? bound : Number.NaN;
}

/** The counter for a space with bounded Box columns; undefined for others, which have no bounds to lie at. */
export function actionsAtBound(space: Space): ActionsAtBound | undefined {
  const low = new Float64Array(flatSize(space)).fill(Number.NEGATIVE_INFINITY);
  const high = low.map((bound) => -bound);
  writeBounds(space, low, high);
  const bounded = low.some((bound, j) => Number.isFinite(bound) || Number.isFinite(high[j]));
  return bounded ? new ActionsAtBound(low, high) : undefined;
}

function writeBounds(space: Space, low: Float64Array, high: Float64Array): void {
  if (space.kind === "box") {
    low.set(space.low);
    high.set(space.high);
  } else if (space.kind === "dict") {
    let from = 0;
    for (const field of Object.values(space.fields)) {
      const to = from + flatSize(field);
      writeBounds(field, low.subarray(from, to), high.subarray(from, to));
      from = to;
    }
  }
}
