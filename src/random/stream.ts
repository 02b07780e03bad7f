/**
 * A keyed stream of random numbers. Its whole state is (seed, stream, index, counter): two streams with any of seed,
 * stream or index different are independent, and setting `counter` jumps anywhere in constant time. So results do not
 * depend on how work is split, and resuming means remembering four integers. Not for cryptography.
 *
 * How the four map to Threefry-2x32: the seed's low and high words are the key under which the counter (stream, index)
 * is encrypted; the two words that come out are the stream's own key (for one seed no two (stream, index) share a key).
 * Draw number c is then the block of counter (c mod 2³², ⌊c / 2³²⌋) under that key.
 */
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import { cos, log } from "../math/deterministic.ts";
import { threefry2x32 } from "../math/threefry.ts";

const TWO_32 = 4294967296;
const TWO_PI = 6.283185307179586;
const block = new Uint32Array(2);

export class RandomStream {
  readonly seed: number;
  readonly stream: number;
  readonly index: number;
  /** Blocks drawn so far, from 0 to 2⁵³ - 1; may be set to jump. */
  counter = 0;
  readonly #key0: number;
  readonly #key1: number;

  /**
   * seed: safe integer ≥ 0. stream and index: integers in [0, 2³²); `streams` names the library's own streams.
   * Throws AscentError "option" otherwise.
   */
  constructor(seed: number, stream: number, index = 0) {
    checkSeed(seed);
    checkWord("RandomStream stream", stream);
    checkWord("RandomStream index", index);
    this.seed = seed;
    this.stream = stream;
    this.index = index;
    threefry2x32((seed % TWO_32) | 0, Math.floor(seed / TWO_32), stream, index, block);
    this.#key0 = block[0];
    this.#key1 = block[1];
  }

  /** A number in [0, 1): a multiple of 2⁻⁵³. One block. */
  uniform(): number {
    const counter = this.counter++;
    threefry2x32(this.#key0, this.#key1, counter | 0, (counter / TWO_32) | 0, block);
    return ((block[0] >>> 5) * 67108864 + (block[1] >>> 6)) / 9007199254740992;
  }

  /** A number in [low, high) (rounding may give high). One block. */
  uniformBetween(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /**
   * A standard normal deviate, by the Box-Muller transform. Two blocks always: the second deviate of the pair is not
   * kept, so that the counter is all there is to remember.
   */
  normal(): number {
    const radius = Math.sqrt(-2 * log(1 - this.uniform()));
    return radius * cos(TWO_PI * this.uniform());
  }

  /** An integer in [0, n), 1 ≤ n ≤ 2³². One block; each value's probability is 1/n to within 2⁻⁵³. */
  integer(n: number): number {
    if (!(Number.isInteger(n) && n >= 1 && n <= TWO_32)) {
      throw new AscentError("option", {
        what: "RandomStream.integer cannot draw",
        got: `n = ${describeValue(n)}`,
        expected: "an integer from 1 to 2^32",
        fix: "Ask for one of at least one value.",
      });
    }
    return Math.floor(this.uniform() * n);
  }

  /** Puts the elements in random order, in place (Fisher-Yates). length - 1 blocks. */
  shuffle(values: Int32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = Math.floor(this.uniform() * (i + 1));
      const kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }
}

/** Throws AscentError "option" unless the seed is a safe integer ≥ 0. */
export function checkSeed(seed: number): void {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new AscentError("option", {
      what: "The seed is not usable",
      got: describeValue(seed),
      expected: "an integer from 0 to 2^53 - 1",
      fix: "Pass a whole number, such as 0.",
    });
  }
}

/**
 * Seed number `number` (≥ 0) of the stream (seed, stream, index): an integer in [0, 2⁵³), for handing to code that takes
 * a seed of its own.
 */
export function deriveSeed(seed: number, stream: number, index: number, number: number): number {
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new AscentError("option", {
      what: "deriveSeed: number",
      got: describeValue(number),
      expected: "an integer from 0 to 2^53 - 1",
      fix: "Count from 0.",
    });
  }
  checkWord("deriveSeed index", index);
  const random = new RandomStream(seed, stream, index);
  random.counter = number;
  return random.uniform() * 9007199254740992;
}

function checkWord(name: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 0 && value < TWO_32)) {
    throw new AscentError("option", {
      what: `${name} is not usable`,
      got: describeValue(value),
      expected: "an integer in [0, 2^32)",
      fix: "Use streams.user or a number above it, and small whole numbers for what is many.",
    });
  }
}
