/**
 * RLHF: proximal policy optimisation on tokens (Ziegler et al. 2019; Ouyang et al. 2022; docs/theory.md, 26). A completion is an
 * episode, its tokens are the steps: each pays β log(π/π_ref), the last one earns the score, a value head estimates what is still to
 * come, and GAE, clipping and the critic's loss are those of PPO. β may be steered to hold the KL divergence at a target.
 */

import { z } from "zod";
import { AscentError } from "../../errors.ts";
import { episodeAdvantages } from "../../estimators/bootstrapped.ts";
import { nextKlCoefficient } from "../../estimators/preferences/klController.ts";
import { tokenRewards } from "../../estimators/preferences/tokenRewards.ts";
import { whiten } from "../../estimators/preferences/whiten.ts";
import { requireForm } from "../../files/savedState.ts";
import type { LanguageLearner } from "../../learners/languageLearner.ts";
import type { Figures } from "../../learners/learner.ts";
import type { Given } from "../../options/given.ts";
import { parseOptions } from "../../options/parse.ts";
import type { Work } from "../../pauses.ts";
import { ParameterBlock } from "../../tensor/parameters.ts";
import {
  atCompletions,
  oneBehindTheOther,
  type ScoredBatch,
  samplingFigures,
  tokenTotal,
  toPlaces,
} from "./completions/completionBatch.ts";
import { completionLearner } from "./completions/completionLearner.ts";
import { completionUpdate } from "./completions/completionUpdate.ts";
import { type CompletionMaterial, checkCompletionMaterial } from "./completions/material.ts";
import { completionOptions, referenceOptions, requireWholeDistribution } from "./completions/options.ts";
import { preparedPrompts } from "./completions/preparedPrompts.ts";
import { tokenPass } from "./completions/tokenPass.ts";
import { tokenReference } from "./completions/tokenReference.ts";
import { tokenSurrogate } from "./completions/tokenSurrogate.ts";
import { valueHead } from "./completions/valueHead.ts";

const bound = z.number().min(0);
const share = z.number().min(0).max(1);

export const rlhfOptions = z.strictObject({
  ...completionOptions,
  ...referenceOptions,
  nPrompts: z.int().min(1).default(64).describe("prompts of an iteration"),
  groupSize: z.int().min(1).default(1).describe("completions of each prompt"),
  nEpochs: z.int().min(1).default(4).describe("passes over the completions of an iteration"),
  beta: bound.default(0.05).describe("β of the KL divergence to the reference, in the tokens' rewards"),
  klEstimator: z.enum(["k1", "k3"]).default("k1").describe("of the tokens' KL divergence; k3 is biased as a reward"),
  klTarget: z.number().positive().optional().describe("nats a completion that β is steered towards; default: β stays"),
  klHorizon: z.number().positive().default(10_000).describe("klTarget: completions over which β changes by about e"),
  missingEndPenalty: bound.default(0).describe("taken off the score of a completion that did not end by itself"),
  gamma: share.default(1).describe("discount γ from token to token"),
  gaeLambda: share.default(0.95).describe("λ of the advantage estimate"),
  whitenRewards: z.boolean().default(false).describe("divide the tokens' rewards by their deviation"),
  normalizeAdvantage: z.boolean().default(true).describe("standardise advantages over the tokens of an iteration"),
  clipRange: bound.default(0.2).describe("ε of the clipped surrogate"),
  clipRangeVf: bound.optional().describe("how far a value may move in one iteration; default: not limited"),
  vfCoef: bound.default(0.1).describe("weight of the value loss"),
  valueGradient: z.boolean().default(true).describe("the value loss trains the model's layers too, not the head alone"),
  entCoef: bound.default(0).describe("weight of the entropy bonus"),
});

export type RlhfOptions = Given<typeof rlhfOptions>;

/**
 * A learner from completions and their scores. An iteration is nPrompts × groupSize completions, and several passes over them;
 * `steps` are completions.
 *
 * @param totalSteps the run's planned length in completions, over which schedules anneal unless `annealSteps` is given.
 * @throws AscentError "option" for unknown or ill-typed options, filters of sampling, and prompts or rewards that cannot be used.
 */
export function* makingRlhf(
  material: CompletionMaterial,
  given: RlhfOptions,
  totalSteps: number,
): Work<LanguageLearner> {
  checkCompletionMaterial("rlhf", material, totalSteps);
  const options = parseOptions("rlhf", rlhfOptions, given);
  requireWholeDistribution("rlhf", options);
  const { model, reward } = material;
  const { groupSize, temperature } = options;
  const prompts = yield* preparedPrompts("rlhf", model, material.rows, options.maxNewTokens);
  const perIteration = options.nPrompts * groupSize;
  const rows = Math.min(options.microBatchSize ?? perIteration, perIteration);
  const reference = tokenReference("rlhf", model, material.reference, { ...options, temperature, rows });
  const critic = valueHead(model.network.description.width);
  const block = new ParameterBlock(model.engine, critic.parameters);
  const blocks = { value: block };
  const before = tokenPass({
    ...{ name: "rlhf: policy", model, rows, blocks: [block] },
    outputs: (states, targets) => ({
      logProb: model.network.targetLogProbs(states, targets, temperature),
      value: critic.values(states),
    }),
  });
  const graph = {
    ...{ name: "rlhf", model, temperature, blocks: [block] },
    loss: tokenSurrogate(critic, options),
  };
  const update = completionUpdate(graph, options);
  let beta = options.beta;

  function* learn(batch: ScoredBatch, rate: number): Work<Figures> {
    requireScores(batch);
    const now = yield* before(batch);
    const held = yield* reference.logProbs(batch);
    const estimates = estimate(batch, { logProb: now["logProb"], value: now["value"], reference: held }, beta, options);
    const { advantages, targets, kl, rewards } = estimates;
    const tokens = { old: now["logProb"], oldValue: now["value"], advantage: advantages, target: targets };
    const figures = yield* update.learn(batch, { tokens }, rate);
    const used = beta;
    const perCompletion = kl / batch.rows;
    if (options.klTarget !== undefined) {
      const control = { kl: perCompletion, target: options.klTarget, steps: batch.rows, horizon: options.klHorizon };
      beta = nextKlCoefficient(beta, control);
    }
    const scores = batch.scores.rewards.reduce((a, b) => a + b, 0) / batch.rows;
    return {
      ...figures,
      ...samplingFigures(batch, now["logProb"]),
      kl: kl / tokenTotal(batch),
      "objective/kl": perCompletion,
      "objective/scores": scores,
      "objective/rlhf_reward": rewards / batch.rows,
      "objective/non_score_reward": rewards / batch.rows - scores,
      beta: used,
    };
  }

  return completionLearner({
    ...{ algorithm: "rlhf", model, prompts, reward, options, groupSize, update, learn, blocks },
    annealSteps: options.annealSteps ?? totalSteps,
    arrays: () => reference.arrays(),
    iterated: (iterations) => reference.iterated(iterations),
    extra: {
      save: () => ({ beta }),
      load: (saved) => {
        beta = requireForm(z.object({ beta: z.number() }), saved).beta;
      },
    },
  });
}

interface Estimates {
  /** At the tokens' places [rows × (length − 1)]. */
  advantages: Float32Array;
  targets: Float32Array;
  /** Σ over all tokens of the KL estimates, and of what they earn. */
  kl: number;
  rewards: number;
}

/** Rewards of tokens and GAE on them, with a completion as an episode that nothing follows. */
function estimate(
  batch: ScoredBatch,
  now: Readonly<Record<"logProb" | "value" | "reference", Float32Array>>,
  klCoefficient: number,
  options: z.output<typeof rlhfOptions>,
): Estimates {
  const { lengths, rows, ended } = batch;
  const [logProb, referenceLogProb] = [now.logProb, now.reference].map((x) => atCompletions(batch, x));
  const { klEstimator, missingEndPenalty, gamma, gaeLambda } = options;
  const scored = { lengths, scores: batch.scores.rewards, ended, missingEndPenalty };
  const rectangle = new Float64Array(logProb.length);
  const kl = tokenRewards({ logProb, referenceLogProb, klCoefficient, klEstimator, ...scored }, rectangle);
  const earned = rectangle.reduce((a, b) => a + b, 0);
  const rewards = oneBehindTheOther(batch, rectangle);
  if (options.whitenRewards) whiten(rewards, rewards, { shiftMean: false });
  const values = oneBehindTheOther(batch, atCompletions(batch, now.value));
  const offsets = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row++) offsets[row + 1] = offsets[row] + lengths[row];
  const [finalValues, terminated] = [new Float64Array(rows), new Uint8Array(rows).fill(1)];
  const advantages = new Float64Array(rewards.length);
  episodeAdvantages({ offsets, rewards, values, finalValues, terminated, gamma }, gaeLambda, advantages);
  const targets = toPlaces(
    batch,
    advantages.map((advantage, i) => advantage + values[i]),
  );
  if (options.normalizeAdvantage) whiten(advantages, advantages);
  return { advantages: toPlaces(batch, advantages), targets, kl: kl.reduce((a, b) => a + b, 0), rewards: earned };
}

function requireScores({ scores }: ScoredBatch): void {
  const row = scores.rewards.findIndex(Number.isNaN);
  if (row < 0) return;
  throw new AscentError("option", {
    what: `rlhf: completion ${row} has no score`,
    got: "null from every reward",
    expected: "a number for each completion",
    fix: "Score all completions: there is no group here that the others could be held against. grpo and rloo leave such ones out.",
  });
}
