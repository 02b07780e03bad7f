/**
 * What a seed of the study starts from: a world, the policy that has learnt its sentences, and what is exact of both. From
 * there proxies are learnt and optimised, each step handed over as it is made, so that a page can show it.
 */

import {
  checkArguments,
  checkOptions,
  engine as engineCheck,
  having,
  notNegativeNumber,
  numbers,
  optional,
  seed as seedCheck,
  share,
  wholeNumber,
} from "../arguments/checks.ts";
import type { LanguageModel } from "../language/model/languageModel.ts";
import { requireLength } from "../mdp/linearAlgebra.ts";
import { givingWay, handingOver, type Work } from "../pauses.ts";
import type { Engine } from "../tensor/engine.ts";
import { type GoldWorld, goldWorld, standardised } from "./goldWorld.ts";
import { sentenceProbabilities } from "./listedModel.ts";
import { labelledPairs, type ProxyOptions, trainingProxy } from "./proxies.ts";
import { optimisingByRloo } from "./rlooPath.ts";
import { makingStartingPolicy } from "./startingPolicy.ts";
import type { WatchedPoint } from "./watched.ts";

export interface OveroptimisationScene {
  readonly engine: Engine;
  readonly seed: number;
  readonly world: GoldWorld;
  /** Learnt from sentences of the grammar: π_ref. */
  readonly policy: LanguageModel;
  /** Its probability of each sentence [count]. */
  readonly reference: Float64Array;
  /** The gold score of each, of mean 0 and deviation 1 under π_ref [count]. */
  readonly gold: Float64Array;
}

export function* makingScene(engine: Engine, seed: number): Work<OveroptimisationScene> {
  const world = goldWorld(seed);
  const policy = yield* makingStartingPolicy(engine, world, seed);
  const reference = sentenceProbabilities(policy, world.sequences)();
  return { engine, seed, world, policy, reference, gold: standardised(reference, world.gold) };
}

/**
 * The scene of a seed, as `overoptimisationStudy` begins with: some tenths of a second.
 *
 * @throws AscentError "option" for what is no engine or no seed.
 */
export async function overoptimisationScene(engine: Engine, seed: number): Promise<OveroptimisationScene> {
  checkArguments("overoptimisationScene", { engine: engineCheck, seed: seedCheck }, { engine, seed });
  return givingWay(makingScene(engine, seed));
}

export interface LearntProxyOptions {
  /** Of the reward model: a transformer of one layer. */
  width: number;
  /** Comparisons of the scene's sentences that it learns from. */
  pairs: number;
  /** Share of labels that are flipped. Default 0.25. */
  noise?: number;
  /** Of starting values and order. Default: the scene's. `memberSeed` gives those of an ensemble. */
  seed?: number;
  /** Of the comparisons. Default: the scene's. */
  labelSeed?: number;
  /** How often it is handed over while it learns, the last time when it is done. Default 1. */
  looks?: number;
}

const sceneCheck = having("what overoptimisationScene() gives", "engine", "world", "policy", "reference", "gold");
const proxyChecks = {
  width: wholeNumber(1),
  pairs: wholeNumber(1),
  noise: optional(share),
  seed: optional(seedCheck),
  labelSeed: optional(seedCheck),
  looks: optional(wholeNumber(1)),
};

/** Pairs that a proxy is shown in training. */
export const PROXY_PRESENTATIONS = 20_000;

/**
 * The rewards a reward model gives every sentence of a scene, of mean 0 and deviation 1 under π_ref [count], while it learns from
 * comparisons: `for await (const rewards of learningProxy(scene, options))`, of which the last are those of the study.
 *
 * @throws AscentError "option" for what is no scene, and for options out of range.
 */
export function learningProxy(scene: OveroptimisationScene, options: LearntProxyOptions): AsyncGenerator<Float64Array> {
  checkArguments("learningProxy", { scene: sceneCheck }, { scene });
  checkOptions("learningProxy", proxyChecks, options);
  const { engine, world, reference, gold } = scene;
  const { width, pairs, noise, seed = scene.seed, labelSeed = scene.seed, looks = 1 } = options;
  return handingOver((hand: (rewards: Float64Array) => void) => {
    const labelled = labelledPairs({ reference, gold, pairs, noise, seed: labelSeed });
    const training: ProxyOptions = { width, seed, presentations: PROXY_PRESENTATIONS, looks, onLook: hand };
    return trainingProxy(engine, world.sequences, reference, labelled, training);
  });
}

/** Between the seeds of members, which are no seeds of a study. */
const SEED_STRIDE = 100_003;

/** The seed of a member of an ensemble; member 0 has the scene's. @throws AscentError "option" for other numbers. */
export function memberSeed(seed: number, member: number): number {
  checkArguments("memberSeed", { seed: seedCheck, member: wholeNumber(0, 1000) }, { seed, member });
  return seed + member * SEED_STRIDE;
}

export interface RlooOnProxyOptions {
  /** To learn from in all. Default 25,600. */
  completions?: number;
  /** How often the policy is looked at, the start left out. Default 16. */
  points?: number;
  /** β of the KL penalty in the reward. Default 0. */
  beta?: number;
}

const rlooChecks = {
  completions: optional(wholeNumber(1)),
  points: optional(wholeNumber(1)),
  beta: optional(notNegativeNumber),
};

/**
 * RLOO from π_ref on a reward of a scene's sentences, looked at on its way; the first point is of π_ref.
 *
 * @param proxy the reward of each sentence [count].
 * @throws AscentError "option" for what is no scene, and for options out of range, "shape" for rewards of other sentences.
 */
export function rlooPath(
  scene: OveroptimisationScene,
  proxy: ArrayLike<number>,
  options: RlooOnProxyOptions = {},
): AsyncGenerator<WatchedPoint> {
  checkArguments("rlooPath", { scene: sceneCheck, proxy: numbers }, { scene, proxy });
  checkOptions("rlooPath", rlooChecks, options);
  const { policy, world, reference, gold, seed } = scene;
  requireLength("rlooPath: the proxy", proxy, reference.length);
  const { completions = 25_600, points = 16, beta = 0 } = options;
  return handingOver((hand: (point: WatchedPoint) => void) =>
    optimisingByRloo(
      policy,
      world.sequences,
      { reference, proxy, gold },
      { seed, completions, points, beta, onPoint: hand },
    ),
  );
}
