/**
 * A world in which the true reward is known: sentences of five words over six, 7,776 in all, written by a grammar that rarely
 * slips, and a gold score of each. The gold score is a formula, nobody's preference: a fixed random network over the words, less
 * a penalty for every slip. Since the grammar hardly ever slips, comparisons of its sentences hardly ever show the penalty: what a
 * proxy learns of it is wrong just where optimisation leads.
 */

import { checkArgument, checkArguments, numbers, seed as seedCheck } from "../arguments/checks.ts";
import { log, tanh } from "../math/deterministic.ts";
import { requireLength } from "../mdp/linearAlgebra.ts";
import { type SequenceWorld, sequenceWorld } from "../mdp/sequences/sequenceWorld.ts";
import { RandomStream } from "../random/stream.ts";
import { streams } from "../random/streams.ts";

export interface GoldWorld {
  readonly sequences: SequenceWorld;
  /** The probability of each sentence in the grammar [count]. */
  readonly base: Float64Array;
  /** The gold score of each, of mean 0 and deviation 1 under the grammar [count]. */
  readonly gold: Float64Array;
  /** How often each breaks the grammar [count]. */
  readonly slips: Int32Array;
}

const VOCABULARY = 6;
const LENGTH = 5;
/** Words that may follow a word. */
const SUCCESSORS = 3;
/** The probability that something else follows. */
const SLIP = 0.03;
const SLIP_PENALTY = 2;
const HIDDEN = 32;

/** Of each word and the next: whether that may follow, and with what probability it does. */
interface Grammar {
  /** [words × words] */
  readonly allowed: Uint8Array;
  /** [words × words] */
  readonly probability: Float64Array;
}

/** @throws AscentError "option" for a seed that is none. */
export function goldWorld(seed: number): GoldWorld {
  checkArgument("goldWorld: seed", seedCheck, seed);
  const sequences = sequenceWorld({ vocabulary: VOCABULARY, length: LENGTH });
  const random = new RandomStream(seed, streams.overoptimisation);
  const { base, slips } = written(sequences, grammar(random));
  const gold = standardised(base, quality(sequences, random));
  for (let y = 0; y < gold.length; y++) gold[y] -= SLIP_PENALTY * slips[y];
  return { sequences, base, gold: standardised(base, gold), slips };
}

/**
 * Rewards less their mean, over their deviation, both under a distribution over the same sentences [count].
 *
 * @throws AscentError "shape" for arrays that do not fit.
 */
export function standardised(base: ArrayLike<number>, rewards: ArrayLike<number>): Float64Array {
  checkArguments("standardised", { base: numbers, rewards: numbers }, { base, rewards });
  requireLength("standardised: the rewards", rewards, base.length);
  let mean = 0;
  for (let y = 0; y < rewards.length; y++) mean += base[y] * rewards[y];
  let square = 0;
  for (let y = 0; y < rewards.length; y++) square += base[y] * (rewards[y] - mean) ** 2;
  const deviation = Math.sqrt(square);
  return Float64Array.from(rewards, (reward) => (reward - mean) / deviation);
}

/** Each word is followed by three words, whose shares are uniform on the simplex, or rarely by another. */
function grammar(random: RandomStream): Grammar {
  const allowed = new Uint8Array(VOCABULARY * VOCABULARY);
  const probability = new Float64Array(VOCABULARY * VOCABULARY).fill(SLIP / (VOCABULARY - SUCCESSORS));
  const words = Int32Array.from({ length: VOCABULARY }, (_, word) => word);
  for (let row = 0; row < allowed.length; row += VOCABULARY) {
    random.shuffle(words);
    const shares = Float64Array.from({ length: SUCCESSORS }, () => -log(1 - random.uniform()) + 0.1);
    const sum = shares.reduce((a, b) => a + b, 0);
    shares.forEach((share, k) => {
      allowed[row + words[k]] = 1;
      probability[row + words[k]] = ((1 - SLIP) * share) / sum;
    });
  }
  return { allowed, probability };
}

function written({ tokens, count, length }: SequenceWorld, { allowed, probability }: Grammar) {
  const base = new Float64Array(count).fill(1 / VOCABULARY);
  const slips = new Int32Array(count);
  for (let y = 0; y < count; y++) {
    for (let t = 1; t < length; t++) {
      const k = tokens[y * length + t - 1] * VOCABULARY + tokens[y * length + t];
      base[y] *= probability[k];
      slips[y] += 1 - allowed[k];
    }
  }
  return { base, slips };
}

/**
 * A random network with one hidden layer over the words at the first places; those behind the end count for nothing [count].
 *
 * @param places default: all.
 */
export function quality(sequences: SequenceWorld, random: RandomStream, places = sequences.length): Float64Array {
  const { tokens, count, length, vocabulary } = sequences;
  const first = Float64Array.from({ length: places * vocabulary * HIDDEN }, () => random.normal() / Math.sqrt(places));
  const bias = Float64Array.from({ length: HIDDEN }, () => random.normal() / 2);
  const last = Float64Array.from({ length: HIDDEN }, () => random.normal());
  return Float64Array.from({ length: count }, (_, y) => {
    let score = 0;
    for (let h = 0; h < HIDDEN; h++) {
      let sum = bias[h];
      for (let t = 0; t < places; t++) {
        const token = tokens[y * length + t];
        if (token >= 0) sum += first[(t * vocabulary + token) * HIDDEN + h];
      }
      score += last[h] * tanh(sum);
    }
    return score;
  });
}
