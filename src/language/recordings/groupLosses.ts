/** Recorded losses of GRPO and its relatives on recorded log-probabilities (groups/grpo.json, written with TRL). */

import { z } from "zod";
import { driftWeights, uncertainTokenWeights } from "../../estimators/index.ts";
import { type GroupBatch, type GroupLossOptions, groupFigures, groupLoss } from "../../objectives/index.ts";
import { createEngine, type Engine } from "../../tensor/engine.ts";
import { type GroupInputs, groupInputsForm, meanOverCompletions } from "./groupInputs.ts";
import { compareLoss, evaluateLoss } from "./lossReplay.ts";
import { casesHave, figures, matrix, recordedNumber, recordingBeside, recordingOf, vector } from "./recordedNumbers.ts";
import type { RecordingKind } from "./recordingKind.ts";
import { type RecordingReport, Tally } from "./tally.ts";

export const groupLossForm = z.object({
  inputs: z.object({ advantages: vector }),
  cases: z.record(
    z.string(),
    z.object({
      config: z.object({
        loss_type: z.enum(["grpo", "dapo", "bnpo", "dr_grpo", "luspo", "cispo", "sapo", "vespo"]),
        beta: z.number(),
        epsilon: z.number(),
        epsilon_high: z.number(),
        delta: z.number().nullable(),
        importance_sampling_level: z.enum(["token", "sequence"]),
        use_bias_correction_kl: z.boolean(),
        off_policy_mask_threshold: z.number().nullable(),
        top_entropy_quantile: z.number(),
        old: z.literal("recorded").nullable(),
        max_completion_length: z.number(),
        sapo_temperature_pos: z.number(),
        sapo_temperature_neg: z.number(),
        vespo_k_pos: z.number().optional(),
        vespo_lambda_pos: z.number().optional(),
        vespo_k_neg: z.number().optional(),
        vespo_lambda_neg: z.number().optional(),
      }),
      loss: recordedNumber,
      metrics: figures,
      gradient_wrt_policy_logps: matrix,
    }),
  ),
});

type GroupLossCase = z.infer<typeof groupLossForm>["cases"][string];

export const groupLossRecordings: RecordingKind = {
  name: "losses of groups",
  files: "groups/grpo.json, with inputs.json beside it",
  matches: (content) => casesHave(content, "loss", "config", "gradient_wrt_policy_logps", "metrics"),
  replay: async (content, place, tolerance) =>
    replayGroupLosses(
      await createEngine(),
      recordingOf(groupLossForm, content, place.file),
      recordingBeside(groupInputsForm, place, "inputs.json"),
      tolerance,
    ),
};

/** Losses, their gradients by every log-probability, and figures. */
export function replayGroupLosses(
  engine: Engine,
  recording: z.infer<typeof groupLossForm>,
  inputs: GroupInputs,
  tolerance: number,
): RecordingReport {
  const tally = new Tally(tolerance);
  for (const [name, one] of Object.entries(recording.cases)) {
    const numbers = {
      policy: inputs.policy_logps.flat(),
      old: inputs.old_logps.flat(),
      reference: inputs.reference_logps.flat(),
      mask: inputs.completion_mask.flat(),
      advantage: recording.inputs.advantages,
      weight: gainWeightsOf(one.config, inputs, recording.inputs.advantages),
    };
    const found = evaluateLoss(engine, numbers, (tensor) => {
      const batch: GroupBatch = {
        logProb: tensor("policy"),
        oldLogProb: one.config.old === null ? undefined : tensor("old"),
        referenceLogProb: one.config.beta === 0 ? undefined : tensor("reference"),
        advantage: tensor("advantage"),
        mask: tensor("mask"),
        gainWeight: tensor("weight"),
      };
      const options = groupLossOptions(one.config);
      return { loss: groupLoss(batch, options), figures: groupFigures(batch, options) };
    });
    found.figures["entropy"] = meanOverCompletions(inputs.entropies.flat(), inputs);
    compareLoss(tally, name, found, one);
  }
  return tally.report();
}

/** A configuration of TRL's as options of ours. */
function groupLossOptions(config: GroupLossCase["config"]): GroupLossOptions {
  const { vespo_k_pos: k, vespo_lambda_pos: lambda, vespo_k_neg: badK, vespo_lambda_neg: badLambda } = config;
  const hasGamma = k !== undefined && lambda !== undefined && badK !== undefined && badLambda !== undefined;
  return {
    loss: config.loss_type,
    ratio: config.importance_sampling_level,
    clipRange: config.epsilon,
    clipRangeHigh: config.epsilon_high,
    ratioCap: config.delta ?? undefined,
    klCoefficient: config.beta,
    klCorrection: config.use_bias_correction_kl,
    completionLength: config.max_completion_length,
    softTemperatures: { positive: config.sapo_temperature_pos, negative: config.sapo_temperature_neg },
    ...(hasGamma && { gammaWeights: { positive: { k, lambda }, negative: { k: badK, lambda: badLambda } } }),
  };
}

function gainWeightsOf(
  { off_policy_mask_threshold: threshold, top_entropy_quantile: share }: GroupLossCase["config"],
  inputs: GroupInputs,
  advantages: readonly number[],
): Float64Array {
  const mask = inputs.completion_mask.flat();
  const out = new Float64Array(mask.length).fill(1);
  if (threshold !== null) {
    const [logProb, oldLogProb] = [inputs.policy_logps.flat(), inputs.old_logps.flat()];
    driftWeights({ logProb, oldLogProb, mask, advantages, threshold }, out);
  } else if (share < 1) uncertainTokenWeights(inputs.entropies.flat(), mask, share, out);
  return out;
}
