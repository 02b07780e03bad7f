/**
 * Watches the observations of a run for digits that float32 does not keep: two of them that differ and become one, or a
 * column that moves and, rounded, stands still. Differences as small as float64's own rounding do not count.
 */

import { flatSize, type Space, writeFlat } from "./spaces.ts";

/** Of the larger number: below this a difference is rounding, not news. */
const NOISE = 2 ** -44;

export class RoundingWatch {
  readonly #space: Space;
  readonly #columns: Float64Array;
  /** The first observation of each that float32 can tell apart, by its numbers in float32. */
  readonly #known = new Map<string, Float64Array>();
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  #count = 0;

  constructor(space: Space) {
    const size = flatSize(space);
    this.#space = space;
    this.#columns = new Float64Array(size);

    this.#low = new Float64Array(size);
    this.#high = new Float64Array(size);
  }

  /** @returns what float32 makes equal, in words; undefined while nothing is. */
  see(observation: unknown): string | undefined {
    writeFlat(this.#space, observation, this.#columns, 0);
    const columns = this.#columns;
    if (this.#count++ === 0) for (const numbers of [this.#low, this.#high]) numbers.set(columns);
    for (let j = 0; j < columns.length; j++) {
      this.#low[j] = Math.min(this.#low[j], columns[j]);
      this.#high[j] = Math.max(this.#high[j], columns[j]);
    }
    const key = Float32Array.from(columns).join();
    const known = this.#known.get(key);
    if (known === undefined) this.#known.set(key, columns.slice());
    const at = known?.findIndex((x, j) => differ(x, columns[j])) ?? -1;
    return at < 0 ? undefined : `${known![at]} and ${columns[at]} in column ${at} of two observations otherwise alike`;
  }

  /** @returns a column that varied over the whole run and has one value in float32, in words. */
  stillColumn(): string | undefined {
    const [low, high] = [this.#low, this.#high];
    const at = low.findIndex((x, j) => Math.fround(x) === Math.fround(high[j]) && differ(x, high[j]));
    return at < 0 ? undefined : `numbers from ${low[at]} to ${high[at]} in column ${at}`;
  }
}

function differ(a: number, b: number): boolean {
  return Math.abs(a - b) > NOISE * Math.max(Math.abs(a), Math.abs(b));
}
