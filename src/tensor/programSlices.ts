/**
 * A program's run in slices: stretches of its instructions that take little time each, between which others may have their
 * turn. The instructions and their order are the same, and so is every bit.
 */

import { due } from "../pauses.ts";
import { instructionCost, PIECE } from "./cost.ts";
import { intsOf, type Region } from "./engine.ts";
import { INSTRUCTION_WORDS } from "./opcodes.ts";

/** Where each slice ends: at most `PIECE` of estimated work, or one instruction. Of a small program there is one. */
export function sliceEnds(code: Region, instructionCount: number): readonly number[] {
  const words = intsOf(code);
  const table = (pointer: number, length: number) => intsOf({ ...code, pointer, length });
  const ends: number[] = [];
  let work = 0;
  for (let i = 0; i < instructionCount; i++) {
    const cost = instructionCost(words.subarray(i * INSTRUCTION_WORDS, (i + 1) * INSTRUCTION_WORDS), table);
    if (work > 0 && work + cost > PIECE) {
      ends.push(i);
      work = 0;
    }
    work += cost;
  }
  if (instructionCount > 0) ends.push(instructionCount);
  return ends;
}

const STOPPED: IteratorResult<void, void> = { done: false, value: undefined };
const ENDED: IteratorResult<void, void> = { done: true, value: undefined };

/** Made once and used again for every run, so that a run allocates nothing. Iterating over it anew begins a new run. */
export class ProgramSlices implements Iterable<void, void> {
  readonly #ends: readonly number[];
  readonly #run: (first: number, count: number) => void;
  readonly #iterator: Iterator<void, void>;
  #next = 0;

  /** @param run runs `count` instructions from number `first` on. */
  constructor(ends: readonly number[], run: (first: number, count: number) => void) {
    this.#ends = ends;
    this.#run = run;
    this.#iterator = { next: () => this.#advance() };
  }

  [Symbol.iterator](): Iterator<void, void> {
    this.#next = 0;
    return this.#iterator;
  }

  /** Runs slices until it is time to stop, or none is left. */
  #advance(): IteratorResult<void, void> {
    while (this.#next < this.#ends.length) {
      const first = this.#next === 0 ? 0 : this.#ends[this.#next - 1];
      const end = this.#ends[this.#next++];
      this.#run(first, end - first);
      if (due()) return STOPPED;
    }
    return ENDED;
  }
}
