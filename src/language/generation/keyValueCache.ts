/**
 * Memory for the keys and values of rows that are being generated: in an engine's memory, where programs read and write it
 * themselves. Here it is laid out, filled from prompts, and rows are moved.
 */

import type { Engine, Region } from "../../tensor/engine.ts";
import type { LanguageModelDescription } from "../model/description.ts";

export class KeyValueCache {
  readonly capacity: number;
  readonly #engine: Engine;
  /** Of each layer; [rows, keyValueHeads, capacity, headSize]. */
  readonly layers: readonly { keys: Region; values: Region }[];
  readonly #regions: readonly Region[];
  readonly #heads: number;
  readonly #headSize: number;
  /** The engine's whole memory. */
  #memory: Float32Array<ArrayBuffer>;

  /** @param capacity tokens of a row, at least; there is room for a multiple of eight, as attention reads it. */
  constructor(engine: Engine, description: LanguageModelDescription, rows: number, capacity: number) {
    const { keyValueHeads, headSize, layers } = description;
    this.#engine = engine;
    this.capacity = 8 * Math.ceil(capacity / 8);
    const length = rows * keyValueHeads * this.capacity * headSize;
    this.#heads = keyValueHeads;
    this.#headSize = headSize;
    this.layers = Array.from({ length: layers }, () => ({
      keys: engine.allocate(length),
      values: engine.allocate(length),
    }));
    this.#regions = this.layers.flatMap(({ keys, values }) => [keys, values]);
    this.#memory = new Float32Array(engine.buffer);
  }

  /**
   * Writes a prompt's keys and values over those of a row.
   *
   * @param sources keys and values of each layer in turn, each [prompts, keyValueHeads, longest, headSize].
   * @param prompt which of them.
   * @param length of the prompt, at most `longest`.
   */
  fill(row: number, sources: readonly Region[], prompt: number, longest: number, length: number): void {
    const memory = this.#live();
    for (let i = 0; i < this.#regions.length; i++) {
      for (let head = 0; head < this.#heads; head++) {
        const from = sources[i].pointer / 4 + (prompt * this.#heads + head) * longest * this.#headSize;
        memory.copyWithin(this.#start(i, row, head), from, from + length * this.#headSize);
      }
    }
  }

  /** Writes the first `length` tokens of a row over another row's. */
  move(from: number, to: number, length: number): void {
    const memory = this.#live();
    for (let i = 0; i < this.#regions.length; i++) {
      for (let head = 0; head < this.#heads; head++) {
        const start = this.#start(i, from, head);
        memory.copyWithin(this.#start(i, to, head), start, start + length * this.#headSize);
      }
    }
  }

  #start(region: number, row: number, head: number): number {
    return this.#regions[region].pointer / 4 + (row * this.#heads + head) * this.capacity * this.#headSize;
  }

  /** Growing the engine's memory makes another buffer. */
  #live(): Float32Array<ArrayBuffer> {
    if (this.#memory.buffer !== this.#engine.buffer) this.#memory = new Float32Array(this.#engine.buffer);
    return this.#memory;
  }
}
