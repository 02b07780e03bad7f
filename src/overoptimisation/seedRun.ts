/** One seed of the study: a world, the policy that has learnt it, proxies of every size, and what optimising each does. */

import { makingDpo } from "../algorithms/language/dpo.ts";
import { type EnsembleRule, ensembleReward } from "../estimators/preferences/ensembleReward.ts";
import { copyLanguageModel } from "../language/model/languageModel.ts";
import type { Work } from "../pauses.ts";
import type { Engine } from "../tensor/engine.ts";
import { standardised } from "./goldWorld.ts";
import { learntPath } from "./learntPath.ts";
import { PROMPT_TOKEN, sentenceProbabilities, sentenceTokens } from "./listedModel.ts";
import {
  bestOfNPressure,
  goldAtBudget,
  type PressurePoint,
  regularisedPressure,
  type ScoredSentences,
} from "./pressure.ts";
import { type LabelledPair, labelledPairs, trainingProxy } from "./proxies.ts";
import { optimisingByRloo } from "./rlooPath.ts";
import { makingScene, memberSeed, type OveroptimisationScene, PROXY_PRESENTATIONS } from "./scene.ts";
import { stoppedEarly, type WatchedPoint, watchedDraws } from "./watched.ts";

/** How large proxies are, how many comparisons they see, how long everything is trained. */
export interface SeedSettings {
  /** Of the proxies. */
  readonly widths: readonly number[];
  /** Comparisons that proxies learn from. */
  readonly pairs: readonly number[];
  /** Share of the labels that are flipped. */
  readonly noise: number;
  /** Best of how many. */
  readonly draws: readonly number[];
  /** Completions that RLOO learns from. */
  readonly completions: number;
  /** How often a learner is looked at on its way. */
  readonly points: number;
  /** Reward models of an ensemble. */
  readonly members: number;
  /** β of DPO. */
  readonly betas: readonly number[];
  /** √KL at which a budget stops. */
  readonly budget: number;
}

/** The proxies of one size. */
export interface ProxyRun {
  readonly width: number;
  readonly pairs: number;
  /** Correlation with gold under the reference. */
  readonly agreement: number;
  readonly bestOfN: readonly PressurePoint[];
  readonly rloo: readonly PressurePoint[];
  /** π ∝ π_ref e^{proxy/β}, from weak to strong: what perfect optimisation would end at. */
  readonly optimum: readonly PressurePoint[];
}

export interface DpoRun {
  readonly beta: number;
  readonly path: readonly PressurePoint[];
  /** Probability of all sentences that no comparison shows, along the path. */
  readonly unseen: readonly number[];
  /** Mean log-probability of the chosen sentences, along the path. */
  readonly chosenLogProb: readonly number[];
}

export interface DefenceRun {
  readonly name: DefenceName;
  readonly method: "best of n" | "rloo";
  /** Where it ends. */
  readonly end: PressurePoint;
}

export type DefenceName = "none" | "KL budget" | "early stop" | `ensemble ${EnsembleRule}`;

export interface SeedRun {
  readonly seed: number;
  readonly proxies: readonly ProxyRun[];
  readonly defences: readonly DefenceRun[];
  readonly dpo: readonly DpoRun[];
}

/** From weak to strong. */
const OPTIMUM_BETAS = [8, 4, 2, 1.4, 1, 0.7, 0.5, 0.35, 0.25, 0.18, 0.12, 0.08, 0.05] as const;
/** How often DPO is looked at. */
const DPO_POINTS = 8;
/** Of the ensemble's variance. */
const UNCERTAINTY_WEIGHT = 1;
const DPO_PRESENTATIONS = 8_000;

/** @param onProgress called with the share that is done. */
export function* seedRun(
  engine: Engine,
  seed: number,
  settings: SeedSettings,
  onProgress: (share: number) => void,
): Work<SeedRun> {
  const scene = yield* makingScene(engine, seed);
  const { widths, pairs, betas } = settings;
  const parts = widths.length * pairs.length + 4 + betas.length;
  let done = 0;
  const progress = (count: number) => {
    done += count;
    onProgress(done / parts);
  };

  const proxies: ProxyRun[] = [];
  for (const width of widths) {
    for (const count of pairs) {
      proxies.push(yield* proxyRun(scene, settings, width, count));
      progress(1);
    }
  }
  const defences = yield* defenceRuns(scene, settings);
  progress(4);
  const dpo: DpoRun[] = [];
  for (const beta of betas) {
    dpo.push(yield* dpoRun(scene, settings, beta));
    progress(1);
  }
  return { seed, proxies, defences, dpo };
}

function comparisons(
  { reference, gold, seed }: OveroptimisationScene,
  { noise }: SeedSettings,
  pairs: number,
): LabelledPair[] {
  return labelledPairs({ reference, gold, pairs, noise, seed });
}

function* proxyRun(scene: OveroptimisationScene, settings: SeedSettings, width: number, pairs: number): Work<ProxyRun> {
  const { engine, world, reference, gold, seed } = scene;
  const labelled = comparisons(scene, settings, pairs);
  const proxy = yield* trainingProxy(engine, world.sequences, reference, labelled, {
    ...{ width, seed, presentations: PROXY_PRESENTATIONS },
  });
  const sentences = { reference, proxy, gold };
  const rloo = yield* optimise(scene, settings, sentences);
  const agreement = proxy.reduce((sum, value, y) => sum + reference[y] * value * gold[y], 0);
  return {
    ...{ width, pairs, agreement },
    bestOfN: bestOfNPressure(sentences, settings.draws),
    rloo: rloo.map(plain),
    optimum: regularisedPressure(sentences, OPTIMUM_BETAS),
  };
}

/** RLOO from the starting policy on a proxy. */
function optimise(
  { world, policy, seed }: OveroptimisationScene,
  { completions, points }: SeedSettings,
  sentences: ScoredSentences,
): Work<WatchedPoint[]> {
  return optimisingByRloo(policy, world.sequences, sentences, { seed, completions, points });
}

/** Around proxies of the middle width from the fewest comparisons, which need it most. */
function* defenceRuns(scene: OveroptimisationScene, settings: SeedSettings): Work<DefenceRun[]> {
  const { engine, world, reference, gold, seed } = scene;
  const width = settings.widths[Math.floor((settings.widths.length - 1) / 2)];
  const fewest = Math.min(...settings.pairs);
  const labelled = comparisons(scene, settings, fewest);
  const learn = (pairs: readonly LabelledPair[], ownSeed: number) =>
    trainingProxy(engine, world.sequences, reference, pairs, {
      ...{ width, seed: ownSeed, presentations: PROXY_PRESENTATIONS },
    });
  const { length } = reference;
  const members = new Float64Array(settings.members * length);
  for (let m = 0; m < settings.members; m++) members.set(yield* learn(labelled, memberSeed(seed, m)), m * length);
  const otherSeed = memberSeed(seed, settings.members);
  const others = labelledPairs({ reference, gold, noise: settings.noise, pairs: fewest, seed: otherSeed });
  const heldOut = yield* learn(others, otherSeed);

  const defences: DefenceRun[] = [];
  const single = { reference, proxy: members.slice(0, length), gold };
  for (const method of ["best of n", "rloo"] as const) {
    const pathOf = (sentences: ScoredSentences) =>
      method === "rloo" ? optimise(scene, settings, sentences) : watchedDraws(sentences, settings.draws);
    const path = yield* pathOf(single);
    const last = plain(path[path.length - 1]);
    const { budget } = settings;
    const within = { distance: Math.min(budget, last.distance), gold: goldAtBudget(path, budget) };
    defences.push(
      { name: "none", method, end: last },
      { name: "KL budget", method, end: { ...last, ...within } },
      { name: "early stop", method, end: plain(stoppedEarly(path, heldOut)) },
    );
    for (const rule of ["mean", "worst", "uncertainty"] as const) {
      const proxy = new Float64Array(length);
      ensembleReward(members, settings.members, rule, UNCERTAINTY_WEIGHT, proxy);
      const run = yield* pathOf({ reference, proxy: standardised(reference, proxy), gold });
      defences.push({ name: `ensemble ${rule}`, method, end: plain(run[run.length - 1]) });
    }
  }
  return defences;
}

/** DPO on the fewest comparisons: there the labels say least. */
function* dpoRun(scene: OveroptimisationScene, settings: SeedSettings, beta: number): Work<DpoRun> {
  const { world, reference, gold, seed } = scene;
  const { sequences } = world;
  const labelled = comparisons(scene, settings, Math.min(...settings.pairs));
  const model = copyLanguageModel(scene.policy, { name: `dpo-${beta}` });
  const rows = labelled.map(({ chosen, rejected }) => ({
    prompt: [PROMPT_TOKEN],
    chosen: sentenceTokens(sequences, chosen),
    rejected: sentenceTokens(sequences, rejected),
  }));
  const options = { batchSize: Math.min(64, rows.length), learningRate: 1e-3, beta, seed };
  const learner = yield* makingDpo({ model, rows }, options, DPO_PRESENTATIONS);
  const sentences = { reference, proxy: gold, gold };
  const path = yield* learntPath(learner, sentenceProbabilities(model, sequences), sentences, {
    ...{ samples: DPO_PRESENTATIONS, points: DPO_POINTS },
  });
  const shown = new Set(labelled.flatMap(({ chosen, rejected }) => [chosen, rejected]));
  const unseen = ({ policy }: WatchedPoint) => policy.reduce((sum, p, y) => (shown.has(y) ? sum : sum + p), 0);
  const chosen = ({ policy }: WatchedPoint) =>
    labelled.reduce((sum, pair) => sum + Math.log(policy[pair.chosen]), 0) / labelled.length;
  return { beta, path: path.map(plain), unseen: path.map(unseen), chosenLogProb: path.map(chosen) };
}

function plain({ distance, proxy, gold }: PressurePoint): PressurePoint {
  return { distance, proxy, gold };
}
