/**
 * Proxy rewards, learnt as they are in practice: pairs of sentences drawn from the policy to be improved, labelled by the gold score
 * with the noise of Bradley & Terry and some labels flipped, and a reward model fitted to them. Sizes are the model's width
 * and the number of pairs.
 */

import { makingRewardModel, type RewardModelOptions } from "../algorithms/language/rewardModel.ts";
import {
  checkArguments,
  checkOptions,
  numbers,
  optional,
  positiveNumber,
  seed as seedCheck,
  share,
  wholeNumber,
} from "../arguments/checks.ts";
import { makeLanguageModel } from "../language/model/languageModel.ts";
import { worldModel } from "../language/worlds/worldModel.ts";
import { exp } from "../math/deterministic.ts";
import type { SequenceWorld } from "../mdp/sequences/sequenceWorld.ts";
import { due, type Work } from "../pauses.ts";
import { RandomStream } from "../random/stream.ts";
import { streams } from "../random/streams.ts";
import type { Engine } from "../tensor/engine.ts";
import { standardised } from "./goldWorld.ts";
import { PROMPT_TOKEN, sentenceScores, sentenceTokens } from "./listedModel.ts";

/** Two sentences by their places in the list. */
export interface LabelledPair {
  readonly chosen: number;
  readonly rejected: number;
}

export interface PairOptions {
  /** Probability of each sentence [count]. */
  reference: ArrayLike<number>;
  /** [count] */
  gold: ArrayLike<number>;
  pairs: number;
  /** Share of labels that are flipped whatever the gold score says. Default 0.25 (Coste et al. 2023). */
  noise?: number;
  /** The gold score is multiplied by it before σ. Default 2. */
  sharpness?: number;
  seed: number;
}

const pairChecks = {
  reference: numbers,
  gold: numbers,
  pairs: wholeNumber(1),
  noise: optional(share),
  sharpness: optional(positiveNumber),
  seed: seedCheck,
};

/**
 * The first of more pairs are those of fewer. Pairs of the same sentence twice are drawn again.
 *
 * @throws AscentError "option" for options out of range.
 */
export function labelledPairs(options: PairOptions): LabelledPair[] {
  checkOptions("labelledPairs", pairChecks, options);
  const { reference, gold, pairs, noise = 0.25, sharpness = 2, seed } = options;
  const random = new RandomStream(seed, streams.overoptimisation, 1);
  const draw = drawer(reference, random);
  return Array.from({ length: pairs }, () => {
    const first = draw();
    let second = draw();
    for (let tries = 0; second === first && tries < 100; tries++) second = draw();
    const wins = random.uniform() < 1 / (1 + exp(sharpness * (gold[second] - gold[first])));
    const flipped = random.uniform() < noise;
    return wins !== flipped ? { chosen: first, rejected: second } : { chosen: second, rejected: first };
  });
}

/** Sentences drawn with these probabilities, by their places in the list. */
export function drawSentences(probabilities: ArrayLike<number>, count: number, seed: number): number[] {
  checkArguments(
    "drawSentences",
    { probabilities: numbers, count: wholeNumber(0), seed: seedCheck },
    { probabilities, count, seed },
  );
  const draw = drawer(probabilities, new RandomStream(seed, streams.overoptimisation, 3));
  return Array.from({ length: count }, draw);
}

/** Draws an index with these probabilities. */
function drawer(probabilities: ArrayLike<number>, random: RandomStream): () => number {
  const below = new Float64Array(probabilities.length);
  let sum = 0;
  for (let i = 0; i < below.length; i++) {
    sum += probabilities[i];
    below[i] = sum;
  }
  return () => {
    const wanted = random.uniform() * sum;
    let [low, high] = [0, below.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (below[middle] > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

export interface ProxyOptions {
  /** Of the reward model: a transformer of one layer. */
  width: number;
  seed: number;
  /** Pairs that are gone through in training, again and again where there are fewer. */
  presentations: number;
  /** Of the reward-model learner. */
  training?: RewardModelOptions;
  /** How often its rewards are looked at while it learns, the last time when it is done. Default 1. */
  looks?: number;
  /** Takes them. */
  onLook?: (rewards: Float64Array) => void;
}

/**
 * The rewards a fitted reward model gives every sentence, of mean 0 and deviation 1 under the reference [count].
 *
 * @param reference the probability of each sentence [count].
 */
export function* trainingProxy(
  engine: Engine,
  world: SequenceWorld,
  reference: ArrayLike<number>,
  pairs: readonly LabelledPair[],
  { width, seed, presentations, training = {}, looks = 1, onLook }: ProxyOptions,
): Work<Float64Array> {
  const description = worldModel({
    vocabularySize: world.vocabulary,
    contextLength: world.length + 1,
    width,
    layers: 1,
    heads: width >= 8 ? 2 : 1,
  });
  const model = makeLanguageModel(engine, { ...description, head: "score" }, { seed });
  const rows = pairs.map(({ chosen, rejected }) => ({
    prompt: [PROMPT_TOKEN],
    chosen: sentenceTokens(world, chosen),
    rejected: sentenceTokens(world, rejected),
  }));
  const options = { batchSize: Math.min(64, rows.length), learningRate: 3e-3, seed, ...training };
  const learner = yield* makingRewardModel({ model, rows }, options, presentations);
  const scores = sentenceScores(model, world);
  for (let look = 1; ; look++) {
    while (learner.steps < (presentations * look) / looks) yield* learner.iteration();
    if (look < looks && onLook === undefined) continue;
    const rewards = standardised(reference, scores());
    onLook?.(rewards);
    if (look >= looks) return rewards;
    if (due()) yield;
  }
}
