/**
 * An enumerable world of text: every sequence over a small vocabulary, listed, and a policy with a row of logits for every
 * prefix. What a language model only samples is exact here: log π(y) of all y, and ∇ Σ_y w_y log π(y) in one pass over the tree
 * of prefixes. Prompts are left out: each is a world of its own.
 */

import { type Check, checkArgument, checkOptions, numbers, optional, wholeNumber } from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { exp, log } from "../../math/deterministic.ts";
import { requireLength } from "../linearAlgebra.ts";

export interface SequenceWorldOptions {
  /** Tokens, 1 to 64. */
  vocabulary: number;
  /** The longest sequence, 1 to 16. */
  length: number;
  /** A token that ends a sequence where it stands. Default: none, all sequences have the full length. */
  endToken?: number;
}

export interface SequenceWorld {
  readonly vocabulary: number;
  /** The longest sequence. */
  readonly length: number;
  /** How many sequences there are. */
  readonly count: number;
  /** Their tokens, −1 behind the end, in lexicographic order [count × length]. */
  readonly tokens: Int32Array;
  /** Tokens of each, the end token included [count]. */
  readonly lengths: Int32Array;
  /** How many prefixes can be continued; the empty one is 0. */
  readonly prefixes: number;
  /** The prefix that each token continues, −1 behind the end [count × length]. */
  readonly prefixOf: Int32Array;
  /** Of a policy: a logit for each prefix and token [prefixes × vocabulary]. */
  readonly parameterCount: number;
}

/** More would be no longer "listed": 6 tokens of length 5 make 7,776. */
const MOST_SEQUENCES = 200_000;

const checks = {
  vocabulary: wholeNumber(1, 64),
  length: wholeNumber(1, 16),
  endToken: optional(wholeNumber(0)),
};

/**
 * Lists every sequence.
 *
 * @throws AscentError "option" for numbers out of range, an end token outside the vocabulary, or more than 200,000 sequences.
 */
export function sequenceWorld(options: SequenceWorldOptions): SequenceWorld {
  checkOptions("sequenceWorld", checks, options);
  const { vocabulary, length, endToken = -1 } = options;
  if (endToken >= vocabulary || vocabulary ** length > MOST_SEQUENCES) {
    const tooMany = endToken < vocabulary;
    throw new AscentError("option", {
      what: tooMany
        ? "sequenceWorld: too many sequences to list"
        : "sequenceWorld: the end token is not in the vocabulary",
      got: tooMany ? `${vocabulary} tokens of length ${length}` : `${endToken}`,
      expected: tooMany ? `at most ${MOST_SEQUENCES}` : `a token from 0 to ${vocabulary - 1}`,
      fix: tooMany ? "Take fewer tokens or a smaller length." : "Name one of the tokens, or leave endToken out.",
    });
  }
  const tokens: number[] = [];
  const prefixOf: number[] = [];
  const lengths: number[] = [];
  let prefixes = 0;
  const written: number[] = [];
  const passed: number[] = [];
  const extend = () => {
    const prefix = prefixes++;
    for (let token = 0; token < vocabulary; token++) {
      written.push(token);
      passed.push(prefix);
      if (token === endToken || written.length === length) {
        const padding = new Array<number>(length - written.length).fill(-1);
        tokens.push(...written, ...padding);
        prefixOf.push(...passed, ...padding);
        lengths.push(written.length);
      } else extend();
      written.pop();
      passed.pop();
    }
  };
  extend();
  return {
    vocabulary,
    length,
    count: lengths.length,
    tokens: Int32Array.from(tokens),
    lengths: Int32Array.from(lengths),
    prefixes,
    prefixOf: Int32Array.from(prefixOf),
    parameterCount: prefixes * vocabulary,
  };
}

/**
 * log π(token | prefix) of every token of every sequence, 0 behind the end [count × length]: what a language model would give for
 * the list.
 *
 * @param logits [prefixes × vocabulary]
 * @throws AscentError "shape" unless there is a logit for each prefix and token.
 */
export function tokenLogProbs(world: SequenceWorld, logits: Float64Array): Float64Array {
  const table = logPolicy("tokenLogProbs", world, logits);
  return Float64Array.from(world.tokens, (token, k) =>
    token < 0 ? 0 : table[world.prefixOf[k] * world.vocabulary + token],
  );
}

/**
 * log π(y) of every sequence [count].
 *
 * @param logits [prefixes × vocabulary]
 * @throws AscentError "shape" unless there is a logit for each prefix and token.
 */
export function sequenceLogProbs(world: SequenceWorld, logits: Float64Array): Float64Array {
  const each = tokenLogProbs(world, logits);
  return Float64Array.from({ length: world.count }, (_, y) =>
    each.subarray(y * world.length, (y + 1) * world.length).reduce((sum, x) => sum + x, 0),
  );
}

/** π(y) of every sequence [count], of sum 1. @throws AscentError "shape" as `sequenceLogProbs`. */
export function sequenceProbabilities(world: SequenceWorld, logits: Float64Array): Float64Array {
  return sequenceLogProbs(world, logits).map(exp);
}

/**
 * ∇_θ Σ_y w_y log π_θ(y) [prefixes × vocabulary], exactly: at a prefix, the weight that goes on with a token, less π(token) times
 * all the weight that comes through. Every gradient of a policy is of this form; expectedWeights.ts has the weights.
 *
 * @param weights w_y [count]
 * @throws AscentError "shape" unless logits and weights fit the world.
 */
export function weightedScores(world: SequenceWorld, logits: Float64Array, weights: ArrayLike<number>): Float64Array {
  requireWorld("weightedScores", world, "weights", weights, world?.count);
  const table = logPolicy("weightedScores", world, logits);
  return centred(world, table, behindTokens(world, weights));
}

/**
 * ∇_θ Σ w(x, a) log π_θ(a | x) [prefixes × vocabulary]: of methods that weigh tokens, not sequences.
 *
 * @param weights w(x, a) of each prefix and token [prefixes × vocabulary]
 * @throws AscentError "shape" unless logits and weights fit the world.
 */
export function tokenWeightedScores(
  world: SequenceWorld,
  logits: Float64Array,
  weights: ArrayLike<number>,
): Float64Array {
  requireWorld("tokenWeightedScores", world, "weights", weights, world?.parameterCount);
  const table = logPolicy("tokenWeightedScores", world, logits);
  return centred(world, table, Float64Array.from(weights));
}

/** The sum of what all sequences carry that go on with a token, at each prefix [prefixes × vocabulary]. */
function behindTokens(world: SequenceWorld, carried: ArrayLike<number>): Float64Array {
  const { vocabulary, length, tokens, prefixOf, parameterCount } = world;
  const sums = new Float64Array(parameterCount);
  for (let k = 0; k < tokens.length; k++) {
    if (tokens[k] >= 0) sums[prefixOf[k] * vocabulary + tokens[k]] += carried[Math.floor(k / length)];
  }
  return sums;
}

/** Weights of tokens less, at each prefix, π(token) times their sum: in place. */
function centred({ vocabulary }: SequenceWorld, table: Float64Array, weights: Float64Array): Float64Array {
  for (let row = 0; row < weights.length; row += vocabulary) {
    let through = 0;
    for (let a = 0; a < vocabulary; a++) through += weights[row + a];
    for (let a = 0; a < vocabulary; a++) weights[row + a] -= exp(table[row + a]) * through;
  }
  return weights;
}

/**
 * The probability of coming through each prefix and going on with each token [prefixes × vocabulary], and what a sequence is
 * worth from there on more than from the prefix, A(x, a) = E[r | x, a] − E[r | x] [prefixes × vocabulary]: the exact advantages of
 * tokens, where a critic would only estimate them.
 *
 * @param rewards r of each sequence [count]
 * @throws AscentError "shape" unless logits and rewards fit the world.
 */
export function tokenAdvantages(
  world: SequenceWorld,
  logits: Float64Array,
  rewards: ArrayLike<number>,
): { probabilities: Float64Array; advantages: Float64Array } {
  requireWorld("tokenAdvantages", world, "rewards", rewards, world?.count);
  const policy = sequenceProbabilities(world, logits);
  const probabilities = behindTokens(world, policy);
  const worth = behindTokens(
    world,
    policy.map((p, y) => p * rewards[y]),
  );
  const { vocabulary } = world;
  const advantages = new Float64Array(world.parameterCount);
  for (let row = 0; row < advantages.length; row += vocabulary) {
    let [through, value] = [0, 0];
    for (let a = 0; a < vocabulary; a++) {
      through += probabilities[row + a];
      value += worth[row + a];
    }
    for (let a = 0; a < vocabulary; a++) {
      const p = probabilities[row + a];
      advantages[row + a] = p > 0 ? worth[row + a] / p - value / through : 0;
    }
  }
  return { probabilities, advantages };
}

/**
 * Logits of the policy with these probabilities: log of the mass behind each token of each prefix, so that a distribution over
 * whole sequences becomes one that writes token by token.
 *
 * @param probabilities of the sequences, above 0 [count].
 * @throws AscentError "shape" unless there is one for each sequence, "option" where a probability is not above 0.
 */
export function logitsOf(world: SequenceWorld, probabilities: ArrayLike<number>): Float64Array {
  requireWorld("logitsOf", world, "probabilities", probabilities, world?.count);
  const mass = behindTokens(world, probabilities);
  const least = mass.reduce((a, b) => Math.min(a, b), Infinity);
  if (!(least > 0)) {
    throw new AscentError("option", {
      what: "logitsOf: a continuation without probability has no finite logit",
      got: describeValue(least),
      expected: "probabilities above 0",
      fix: "Give every sequence a little probability.",
    });
  }
  return mass.map(log);
}

const aWorld: Check = {
  expected: "what sequenceWorld() gives",
  fits: (x) => typeof x === "object" && x !== null && "prefixOf" in x && "vocabulary" in x && Number(x.vocabulary) >= 1,
};

function requireWorld(
  caller: string,
  world: SequenceWorld,
  what: string,
  values: ArrayLike<number>,
  count: number,
): void {
  checkArgument(`${caller}: world`, aWorld, world);
  checkArgument(`${caller}: ${what}`, numbers, values);
  requireLength(`${caller}: the ${what}`, values, count);
}

/** log π(token | prefix) [prefixes × vocabulary] */
function logPolicy(caller: string, world: SequenceWorld, logits: Float64Array): Float64Array {
  requireWorld(caller, world, "logits", logits, world?.parameterCount);
  const { vocabulary } = world;
  const out = new Float64Array(logits.length);
  for (let row = 0; row < logits.length; row += vocabulary) {
    let largest = -Infinity;
    for (let a = 0; a < vocabulary; a++) largest = Math.max(largest, logits[row + a]);
    let sum = 0;
    for (let a = 0; a < vocabulary; a++) sum += exp(logits[row + a] - largest);
    const normaliser = largest + log(sum);
    for (let a = 0; a < vocabulary; a++) out[row + a] = logits[row + a] - normaliser;
  }
  return out;
}
