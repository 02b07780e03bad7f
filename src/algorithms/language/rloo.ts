/**
 * REINFORCE leave-one-out (Kool et al. 2019; Ahmadian et al. 2024; docs/theory.md, 8 and 26): a completion's advantage is its reward
 * less the mean of the others of the same prompt, which is unbiased. The KL divergence, k1 summed over the completion, is taken
 * off the reward before the baseline is, so that its expected gradient is that of E[r] − β KL(π ‖ π_ref).
 */

import { z } from "zod";
import { equalRewardShare, leaveOneOutAdvantages } from "../../estimators/preferences/groupAdvantages.ts";
import { tokenRewards } from "../../estimators/preferences/tokenRewards.ts";
import type { LanguageLearner } from "../../learners/languageLearner.ts";
import { rlooFigures, rlooLoss } from "../../objectives/preferences/rlooLoss.ts";
import type { Given } from "../../options/given.ts";
import { parseOptions } from "../../options/parse.ts";
import type { Work } from "../../pauses.ts";
import { mul } from "../../tensor/ops/elementwise.ts";
import { atCompletions, type ScoredBatch, samplingFigures, tokenTotal } from "./completions/completionBatch.ts";
import { completionLearner } from "./completions/completionLearner.ts";
import type { CompletionPart } from "./completions/completionProgram.ts";
import { completionUpdate } from "./completions/completionUpdate.ts";
import { learntTokens } from "./completions/learntTokens.ts";
import { type CompletionMaterial, checkCompletionMaterial } from "./completions/material.ts";
import { completionOptions, groupOptions, referenceOptions, requireWholeDistribution } from "./completions/options.ts";
import { policyPass } from "./completions/policyPass.ts";
import { preparedPrompts } from "./completions/preparedPrompts.ts";
import { tokenReference } from "./completions/tokenReference.ts";

export const rlooOptions = z.strictObject({
  ...completionOptions,
  ...groupOptions(2),
  ...referenceOptions,
  beta: z.number().min(0).default(0.05).describe("β of the KL divergence to the reference, in the reward; 0: none"),
  clipRange: z.number().min(0).default(0.2).describe("ε of PPO's clip on whole completions"),
  clipRewards: z
    .tuple([z.number(), z.number()])
    .optional()
    .describe("least and largest reward, before the KL divergence; default: as they are"),
  normalizeAdvantage: z.boolean().default(false).describe("standardise advantages over the batch"),
  maskTruncated: z.boolean().default(false).describe("completions that were cut off are not learnt from"),
});

export type RlooOptions = Given<typeof rlooOptions>;

/**
 * A learner from groups of completions. An iteration is nPrompts × groupSize completions, and what is learnt from them; `steps` are
 * completions.
 *
 * @param totalSteps the run's planned length in completions, over which schedules anneal unless `annealSteps` is given.
 * @throws AscentError "option" for unknown or ill-typed options, filters of sampling, and prompts or rewards that cannot be used.
 */
export function* makingRloo(
  material: CompletionMaterial,
  given: RlooOptions,
  totalSteps: number,
): Work<LanguageLearner> {
  checkCompletionMaterial("rloo", material, totalSteps);
  const options = parseOptions("rloo", rlooOptions, given);
  requireWholeDistribution("rloo", options);
  const { model, reward } = material;
  const { groupSize, beta, temperature, clipRange } = options;
  const prompts = yield* preparedPrompts("rloo", model, material.rows, options.maxNewTokens);
  const perIteration = options.nPrompts * groupSize;
  const rows = Math.min(options.microBatchSize ?? perIteration, perIteration);
  const reference =
    beta === 0 ? undefined : tokenReference("rloo", model, material.reference, { ...options, temperature, rows });
  const oneStep = options.nEpochs === 1 && (options.batchSize ?? perIteration) >= perIteration;
  const before = oneStep ? undefined : policyPass("rloo", model, temperature, rows, false);
  const loss = (part: CompletionPart) => {
    const { logProb, mask } = part;
    const batch = {
      ...{ logProb, mask, advantage: part.row("advantage") },
      ...(!oneStep && { oldLogProb: part.token("old") }),
    };
    return { loss: mul(rlooLoss(batch, clipRange), part.scalar("share")), figures: rlooFigures(batch, clipRange) };
  };
  const update = completionUpdate({ name: "rloo", model, temperature, loss }, options);

  function* learn(batch: ScoredBatch, rate: number) {
    const { clipRewards: range } = options;
    const now = before === undefined ? undefined : yield* before(batch);
    const held = reference === undefined ? undefined : yield* reference.logProbs(batch);
    const kl = held === undefined ? undefined : divergences(batch, now?.["logProb"] ?? batch.sampledLogProb, held);
    const penalised = batch.scores.rewards.map((score, row) => {
      const bounded = range === undefined ? score : Math.min(Math.max(score, range[0]), range[1]);
      return bounded - beta * (kl?.[row] ?? 0);
    });
    const advantages = new Float64Array(batch.rows);
    leaveOneOutAdvantages(penalised, groupSize, advantages, { normalise: options.normalizeAdvantage });
    const tokens: Record<string, Float32Array> = now === undefined ? {} : { old: now["logProb"] };
    const learnt = options.maskTruncated ? learntTokens(batch) : batch.mask;
    const figures = yield* update.learn(batch, { tokens, rows: { advantage: advantages } }, rate, learnt);
    return {
      ...figures,
      ...(now !== undefined && samplingFigures(batch, now["logProb"])),
      ...(kl !== undefined && { kl: kl.reduce((a, b) => a + b, 0) / tokenTotal(batch) }),
      frac_reward_zero_std: equalRewardShare(penalised, groupSize),
    };
  }

  return completionLearner({
    ...{ algorithm: "rloo", model, prompts, reward, options, groupSize, update, learn },
    annealSteps: options.annealSteps ?? totalSteps,
    arrays: () => reference?.arrays() ?? {},
    iterated: (iterations) => reference?.iterated(iterations),
  });
}

/** Σ_t log(π/π_ref) of each completion [rows]. */
function divergences(batch: ScoredBatch, logProb: Float32Array, reference: Float32Array): Float64Array {
  const inputs = {
    logProb: atCompletions(batch, logProb),
    referenceLogProb: atCompletions(batch, reference),
    lengths: batch.lengths,
    scores: new Float64Array(batch.rows),
    klCoefficient: 1,
  };
  return tokenRewards(inputs, new Float64Array(inputs.logProb.length));
}
