/**
 * Waiting for a word of shared memory to change: first by looking again and again, since being woken takes many times what a short
 * step does, then asleep. Who had to wait long the last time goes to sleep at once, and leaves the core to who works.
 */
import { availableParallelism } from "node:os";

/** Milliseconds of looking where every thread has a core. */
const LOOKING = 0.05;
/** Where some have none: the one that is waited for may need this one. */
const LOOKING_SHARED = 0.01;
/** Looks between two at the clock. */
const LOOKS = 32;

export class Waiter {
  readonly #words: Int32Array;
  readonly #looking: number;
  /** How long the last one took, in milliseconds. */
  #last = 0;
  #since = 0;

  /** @param threads that are at work at a time. */
  constructor(words: Int32Array, threads: number) {
    this.#words = words;
    this.#looking = threads <= availableParallelism() ? LOOKING : LOOKING_SHARED;
  }

  /** Begins a wait; `changed` then is called until it has. */
  begin(): void {
    this.#since = performance.now();
  }

  /** Waits at most so many milliseconds. @returns whether the word at `index` is another than `value` now. */
  changed(index: number, value: number, milliseconds: number): boolean {
    const words = this.#words;
    if (Atomics.load(words, index) === value) {
      const changed =
        (this.#last <= this.#looking * 2 && this.#look(index, value)) || this.#sleep(index, value, milliseconds);
      if (!changed) return false;
    }
    this.#last = performance.now() - this.#since;
    return true;
  }

  #look(index: number, value: number): boolean {
    const words = this.#words;
    const end = this.#since + this.#looking;
    do {
      for (let k = 0; k < LOOKS; k++) if (Atomics.load(words, index) !== value) return true;
    } while (performance.now() < end);
    return false;
  }

  #sleep(index: number, value: number, milliseconds: number): boolean {
    Atomics.wait(this.#words, index, value, milliseconds);
    return Atomics.load(this.#words, index) !== value;
  }
}
