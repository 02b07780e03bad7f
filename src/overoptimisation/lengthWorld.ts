/**
 * A proxy that pays for length: sentences of one to seven words, a gold score that likes what a network makes of the first three and
 * dislikes more, and a proxy that likes the same and every further word too, as raters of real answers do (Singhal et al. 2023). Both are
 * formulas. Its cure takes out what length explains of the proxy under the reference.
 */

import { checkArgument, checkArguments, numbers, seed as seedCheck } from "../arguments/checks.ts";
import { type SequenceWorld, sequenceWorld } from "../mdp/sequences/sequenceWorld.ts";
import { RandomStream } from "../random/stream.ts";
import { streams } from "../random/streams.ts";
import { quality, standardised } from "./goldWorld.ts";
import type { ScoredSentences } from "./pressure.ts";

export interface LengthWorld extends ScoredSentences {
  readonly sequences: SequenceWorld;
  readonly reference: Float64Array;
  readonly proxy: Float64Array;
  readonly gold: Float64Array;
  /** Words of each sentence [count]. */
  readonly words: Float64Array;
}

const WORDS = 4;
const LONGEST = 7;
/** The probability that a sentence ends after a word. */
const END = 0.4;
/** Words that the network reads. */
const READ_WORDS = 3;
const GOOD_LENGTH = 3;
/** Of the gold score, for each word more. */
const TOO_LONG = 1;
/** Of the proxy, for each word. */
const PAID = 0.7;

/** @throws AscentError "option" for a seed that is none. */
export function lengthWorld(seed: number): LengthWorld {
  checkArgument("lengthWorld: seed", seedCheck, seed);
  const sequences = sequenceWorld({ vocabulary: WORDS + 1, length: LONGEST, endToken: WORDS });
  const { tokens, count, length, lengths } = sequences;
  const random = new RandomStream(seed, streams.overoptimisation);
  const reference = new Float64Array(count);
  const words = new Float64Array(count);
  for (let y = 0; y < count; y++) {
    const ended = tokens[y * length + lengths[y] - 1] === WORDS;
    words[y] = ended ? lengths[y] - 1 : lengths[y];
    // The first place cannot end; the last word needs no end.
    const continued = ended ? words[y] - 1 : LONGEST - 1;
    if (words[y] > 0) reference[y] = (1 / WORDS) ** words[y] * (1 - END) ** continued * (ended ? END : 1);
  }
  const liked = standardised(reference, quality(sequences, random, READ_WORDS));
  const gold = liked.map((score, y) => score - TOO_LONG * Math.max(words[y] - GOOD_LENGTH, 0));
  const proxy = liked.map((score, y) => score + PAID * words[y]);
  return {
    sequences,
    reference,
    words,
    gold: standardised(reference, gold),
    proxy: standardised(reference, proxy),
  };
}

/**
 * The proxy less what a straight line in length explains of it under the reference [count].
 *
 * @param words of each sentence [count].
 */
export function withoutLength(
  sentences: Pick<ScoredSentences, "reference" | "proxy">,
  words: ArrayLike<number>,
): Float64Array {
  const { reference, proxy } = sentences ?? {};
  checkArguments("withoutLength", { reference: numbers, proxy: numbers, words: numbers }, { reference, proxy, words });
  const lengths = standardised(reference, words);
  let slope = 0;
  for (let y = 0; y < lengths.length; y++) slope += reference[y] * lengths[y] * proxy[y];
  return Float64Array.from(lengths, (length, y) => proxy[y] - slope * length);
}
