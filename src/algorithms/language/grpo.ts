/**
 * Group relative policy optimisation (Shao et al. 2024, section 4.1; docs/theory.md, 26) and its relatives, which are settings of one
 * loss: what the ratio is of, how gains are bounded, what sums are divided by. In order: a group of completions of each prompt,
 * their rewards, advantages against their own group in place of a critic, one or several passes over them.
 */

import { z } from "zod";
import { uncertainTokenWeights } from "../../estimators/preferences/gainWeights.ts";
import { equalRewardShare, groupAdvantages } from "../../estimators/preferences/groupAdvantages.ts";
import { multiRewardAdvantages } from "../../estimators/preferences/multiRewardAdvantages.ts";
import type { LanguageLearner } from "../../learners/languageLearner.ts";
import { groupFigures } from "../../objectives/preferences/groupFigures.ts";
import {
  type GroupBatch,
  type GroupLossOptions,
  groupLoss,
  groupLossNames,
} from "../../objectives/preferences/groupLoss.ts";
import { masked } from "../../objectives/preferences/sequences.ts";
import type { Given } from "../../options/given.ts";
import { parseOptions } from "../../options/parse.ts";
import type { Work } from "../../pauses.ts";
import { div, max, mul, sub } from "../../tensor/ops/elementwise.ts";
import { sum } from "../../tensor/ops/reduce.ts";
import { type ScoredBatch, samplingFigures } from "./completions/completionBatch.ts";
import { completionLearner } from "./completions/completionLearner.ts";
import type { CompletionPart } from "./completions/completionProgram.ts";
import { completionUpdate } from "./completions/completionUpdate.ts";
import { learntTokens } from "./completions/learntTokens.ts";
import { type CompletionMaterial, checkCompletionMaterial } from "./completions/material.ts";
import { completionOptions, groupOptions, referenceOptions, requireWholeDistribution } from "./completions/options.ts";
import { policyPass } from "./completions/policyPass.ts";
import { preparedPrompts } from "./completions/preparedPrompts.ts";
import { tokenReference } from "./completions/tokenReference.ts";

const bound = z.number().min(0);
const gammaWeight = z.strictObject({ k: bound, lambda: bound });

export const grpoOptions = z.strictObject({
  ...completionOptions,
  ...groupOptions(8),
  ...referenceOptions,
  loss: z
    .enum(groupLossNames as [string, ...string[]])
    .default("dapo")
    .describe("what gains are and what their sum is divided by: see docs/algorithms/grpo.md"),
  ratio: z.enum(["token", "sequence"]).default("token").describe("π/π_old of tokens, or of whole completions (GSPO)"),
  scaleRewards: z
    .enum(["group", "batch", "none"])
    .default("group")
    .describe("what centred rewards are divided by: a deviation, or nothing (Dr. GRPO)"),
  aggregation: z
    .enum(["sumThenNormalize", "normalizeThenSum"])
    .default("sumThenNormalize")
    .describe("of several rewards: their weighted sum in its group, or each in its group and then the sum"),
  beta: bound.default(0).describe("β of the KL divergence to the reference, in the loss; 0: there is no reference"),
  klCorrection: z
    .boolean()
    .default(true)
    .describe("the reverse KL divergence's gradient; false: k3's plain, the forward one's"),
  clipRange: bound.default(0.2).describe("ε: below 1 − ε bad tokens stop costing"),
  clipRangeHigh: bound
    .optional()
    .describe("above 1 + this good tokens stop paying; cispo: the cap; default: clipRange"),
  ratioCap: z.number().positive().optional().describe("δ: beyond it bad tokens stop costing too; default: none"),
  softTemperatures: z
    .strictObject({ positive: z.number().positive(), negative: z.number().positive() })
    .optional()
    .describe("sapo: of good and bad tokens; default: 1 and 1.05"),
  gammaWeights: z
    .strictObject({ positive: gammaWeight, negative: gammaWeight })
    .optional()
    .describe("vespo: k and λ of good and bad completions; default: 2 and 3, 3 and 2"),
  topEntropyShare: z
    .number()
    .positive()
    .max(1)
    .default(1)
    .describe("share of the tokens that is learnt from: the least certain"),
  maskTruncated: z.boolean().default(false).describe("completions that were cut off are not learnt from"),
  entCoef: bound.default(0).describe("weight of the entropy bonus, a mean over tokens whatever the loss"),
});

export type GrpoOptions = Given<typeof grpoOptions>;
type Options = z.output<typeof grpoOptions>;

/**
 * A learner from groups of completions. An iteration is nPrompts × groupSize completions, and what is learnt from them; `steps` are
 * completions.
 *
 * @param totalSteps the run's planned length in completions, over which schedules anneal unless `annealSteps` is given.
 * @throws AscentError "option" for unknown or ill-typed options, filters of sampling, and prompts or rewards that cannot be used.
 */
export function* makingGrpo(
  material: CompletionMaterial,
  given: GrpoOptions,
  totalSteps: number,
): Work<LanguageLearner> {
  checkCompletionMaterial("grpo", material, totalSteps);
  const options = parseOptions("grpo", grpoOptions, given);
  requireWholeDistribution("grpo", options);
  const { model, reward } = material;
  const { groupSize, beta, temperature } = options;
  const prompts = yield* preparedPrompts("grpo", model, material.rows, options.maxNewTokens);
  const perIteration = options.nPrompts * groupSize;
  const rows = Math.min(options.microBatchSize ?? perIteration, perIteration);
  const reference =
    beta === 0 ? undefined : tokenReference("grpo", model, material.reference, { ...options, temperature, rows });
  // The only step from a batch starts at the policy that sampled it: its ratio is 1, and is not computed.
  const oneStep = options.nEpochs === 1 && (options.batchSize ?? perIteration) >= perIteration;
  const picksTokens = options.topEntropyShare < 1;
  const before = oneStep && !picksTokens ? undefined : policyPass("grpo", model, temperature, rows, picksTokens);
  const lossOptions = { ...lossOptionsOf(options), completionLength: prompts.maxNewTokens };
  const graph = {
    ...{ name: "grpo", model, temperature },
    loss: (part: CompletionPart) => grpoLoss(part, lossOptions, { ...options, oneStep }),
  };
  const update = completionUpdate(graph, options);

  function* learn(batch: ScoredBatch, rate: number) {
    const advantages = new Float64Array(batch.rows);
    const { each, weights, rewards } = batch.scores;
    if (options.aggregation === "normalizeThenSum") multiRewardAdvantages(each, weights, groupSize, advantages);
    else groupAdvantages(rewards, groupSize, advantages, { scale: options.scaleRewards });
    const now = before === undefined ? undefined : yield* before(batch);
    const learnt = options.maskTruncated ? learntTokens(batch) : batch.mask;
    const weight = new Float32Array(learnt.length);
    if (now?.["entropy"] !== undefined) uncertainTokenWeights(now["entropy"], learnt, options.topEntropyShare, weight);
    const tokens = {
      ...(now !== undefined && { old: now["logProb"] }),
      ...(reference !== undefined && { reference: yield* reference.logProbs(batch) }),
      weight,
    };
    const figures = yield* update.learn(batch, { tokens, rows: { advantage: advantages } }, rate, learnt);
    return {
      ...figures,
      ...(now !== undefined && samplingFigures(batch, now["logProb"])),
      frac_reward_zero_std: equalRewardShare(rewards, groupSize),
    };
  }

  return completionLearner({
    ...{ algorithm: "grpo", model, prompts, reward, options, groupSize, update, learn },
    annealSteps: options.annealSteps ?? totalSteps,
    arrays: () => reference?.arrays() ?? {},
    iterated: (iterations) => reference?.iterated(iterations),
  });
}

function lossOptionsOf(options: Options): GroupLossOptions {
  const { loss, ratio, clipRange, clipRangeHigh, ratioCap, beta, klCorrection } = options;
  const { softTemperatures, gammaWeights } = options;
  return {
    ...{ loss: loss as GroupLossOptions["loss"], ratio, clipRange, clipRangeHigh, ratioCap, klCorrection },
    ...{ klCoefficient: beta, softTemperatures, gammaWeights },
  };
}

/** Losses that divide by the tokens of the whole update: their parts add up by themselves. */
const OVER_ALL_TOKENS: readonly string[] = ["dapo", "cispo", "vespo"];

function grpoLoss(
  part: CompletionPart,
  options: GroupLossOptions,
  { oneStep, beta, entCoef, topEntropyShare }: Options & { oneStep: boolean },
) {
  const { mask, logProb, entropy } = part;
  const batch: GroupBatch = {
    ...{ logProb, mask, advantage: part.row("advantage") },
    ...(!oneStep && { oldLogProb: part.token("old") }),
    ...(beta !== 0 && { referenceLogProb: part.token("reference") }),
    ...(topEntropyShare < 1 && { gainWeight: part.token("weight") }),
    ...(OVER_ALL_TOKENS.includes(options.loss ?? "") && { totalTokens: max(part.scalar("totalTokens"), 1) }),
  };
  const own = groupLoss(batch, options);
  const share = () => part.scalar("share");
  const policyLoss = batch.totalTokens === undefined ? mul(own, share()) : own;
  const figures = groupFigures(batch, options);
  if (entCoef === 0) return { loss: policyLoss, figures };
  const bonus = div(sum(masked(entropy, mask)), max(sum(mask), 1));
  return { loss: sub(policyLoss, mul(mul(bonus, share()), entCoef)), figures };
}
