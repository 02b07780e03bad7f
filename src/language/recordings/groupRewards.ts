/**
 * Recordings of groups of completions: advantages from rewards, and RLOO, whose advantages hold the KL divergence (groups/advantages.json
 * and groups/rloo.json, written with TRL).
 */

import { z } from "zod";
import {
  combineRewards,
  equalRewardShare,
  groupAdvantages,
  leaveOneOutAdvantages,
  multiRewardAdvantages,
  tokenRewards,
} from "../../estimators/index.ts";
import { rlooFigures, rlooLoss } from "../../objectives/index.ts";
import { createEngine, type Engine } from "../../tensor/engine.ts";
import { rewardFigures } from "../rewards/rewardFigures.ts";
import { type GroupInputs, groupInputsForm, meanOverCompletions } from "./groupInputs.ts";
import { compareFigures, compareLoss, evaluateLoss } from "./lossReplay.ts";
import {
  casesHave,
  figures,
  matrix,
  recordedNumber,
  recordingBeside,
  recordingOf,
  scaleOf,
  vector,
} from "./recordedNumbers.ts";
import type { RecordingKind } from "./recordingKind.ts";
import { type RecordingReport, Tally } from "./tally.ts";

export const groupAdvantagesForm = z.object({
  cases: z.record(
    z.string(),
    z.object({
      config: z.object({
        scale_rewards: z.enum(["group", "batch", "none"]).optional(),
        multi_objective_aggregation: z.string().optional(),
        reward_weights: vector.optional(),
      }),
      rewards_per_function: matrix,
      advantages: vector,
      metrics: figures,
    }),
  ),
});

export const groupAdvantageRecordings: RecordingKind = {
  name: "advantages of groups",
  files: "groups/advantages.json, with inputs.json beside it",
  matches: (content) => casesHave(content, "rewards_per_function", "advantages"),
  replay: (content, place, tolerance) =>
    replayGroupAdvantages(
      recordingOf(groupAdvantagesForm, content, place.file),
      recordingBeside(groupInputsForm, place, "inputs.json"),
      tolerance,
    ),
};

/** Advantages and figures of recorded rewards. */
export function replayGroupAdvantages(
  recording: z.infer<typeof groupAdvantagesForm>,
  { group_size: groupSize }: GroupInputs,
  tolerance: number,
): RecordingReport {
  const tally = new Tally(tolerance);
  for (const [name, { config, rewards_per_function: rows, advantages, metrics }] of Object.entries(recording.cases)) {
    const weights = config.reward_weights ?? rows[0].map(() => 1);
    const each = rows.flat();
    const rewards = new Float64Array(rows.length);
    combineRewards(each, weights, rewards);
    const out = new Float64Array(rows.length);
    const sumsLast = config.multi_objective_aggregation === "normalize_then_sum";
    if (sumsLast) multiRewardAdvantages(each, weights, groupSize, out);
    else groupAdvantages(rewards, groupSize, out, { scale: config.scale_rewards });
    tally.compare(`${name}: advantages`, out, advantages, scaleOf(advantages));
    // The recording calls functions by what Python does: the order of its figures is that of the functions.
    const names = [...new Set(Object.keys(metrics).flatMap((key) => /^rewards\/(.*)\/mean$/.exec(key)?.[1] ?? []))];
    const found: Record<string, number> = rewardFigures({ names, each, rewards });
    // Over a batch the deviation is one for all groups; and groups of fewer than two scores are not counted there.
    if (!sumsLast && config.scale_rewards !== "batch") {
      found["frac_reward_zero_std"] = equalRewardShare(rewards, groupSize) - smallGroupShare(rewards, groupSize);
    }
    compareFigures(tally, name, found, metrics);
  }
  return tally.report();
}

export const rlooForm = z.object({
  cases: z.record(
    z.string(),
    z.object({
      config: z.object({
        beta: z.number(),
        epsilon_low: z.number(),
        epsilon_high: z.number(),
        normalize_advantages: z.boolean().optional(),
        reward_clip_range: z.tuple([z.number(), z.number()]).optional(),
      }),
      rewards: vector,
      old_sequence_logps: vector,
      advantages: vector,
      metrics_generation: figures,
      loss: recordedNumber,
      metrics_loss: figures,
      gradient_wrt_policy_logps: matrix,
    }),
  ),
});

export const rlooRecordings: RecordingKind = {
  name: "RLOO",
  files: "groups/rloo.json, with inputs.json beside it",
  matches: (content) => casesHave(content, "old_sequence_logps", "metrics_generation"),
  replay: async (content, place, tolerance) =>
    replayRloo(
      await createEngine(),
      recordingOf(rlooForm, content, place.file),
      recordingBeside(groupInputsForm, place, "inputs.json"),
      tolerance,
    ),
};

/** RLOO: rewards are clipped, then pay for the KL divergence, then centred; the loss on whole completions. */
export function replayRloo(
  engine: Engine,
  recording: z.infer<typeof rlooForm>,
  inputs: GroupInputs,
  tolerance: number,
): RecordingReport {
  const tally = new Tally(tolerance);
  const groupSize = inputs.group_size;
  const mask = inputs.completion_mask;
  for (const [name, one] of Object.entries(recording.cases)) {
    const { beta, normalize_advantages: normalise, reward_clip_range: range } = one.config;
    const kl = divergences(inputs);
    const penalised = Float64Array.from(one.rewards, (reward, i) => {
      const clipped = range === undefined ? reward : Math.min(Math.max(reward, range[0]), range[1]);
      return clipped - beta * kl[i];
    });
    const advantages = new Float64Array(one.rewards.length);
    leaveOneOutAdvantages(penalised, groupSize, advantages, { normalise });
    tally.compare(`${name}: advantages`, advantages, one.advantages, scaleOf(one.advantages));
    const [scoredName = "reward"] = Object.keys(one.metrics_generation).flatMap((key) => {
      return /^rewards\/(.*)\/mean$/.exec(key)?.[1] ?? [];
    });
    const generation: Record<string, number> = {
      ...rewardFigures({ names: [scoredName], each: one.rewards, rewards: one.rewards }),
      frac_reward_zero_std: equalRewardShare(penalised, groupSize) - smallGroupShare(penalised, groupSize),
      kl: kl.reduce((a, b) => a + b, 0) / mask.flat().reduce((a, b) => a + b, 0),
    };
    compareFigures(tally, name, generation, one.metrics_generation);
    const old = mask.map((row, i) => row.reduce((sum, on, t) => sum + (on !== 0 ? inputs.old_logps[i][t] : 0), 0));
    tally.compare(`${name}: old log-probabilities`, old, one.old_sequence_logps);
    const numbers = {
      policy: inputs.policy_logps.flat(),
      old: inputs.old_logps.flat(),
      mask: mask.flat(),
      advantage: one.advantages,
    };
    const found = evaluateLoss(engine, numbers, (tensor) => {
      const batch = {
        logProb: tensor("policy"),
        oldLogProb: tensor("old"),
        advantage: tensor("advantage"),
        mask: tensor("mask"),
      };
      const clip = one.config.epsilon_low;
      return { loss: rlooLoss(batch, clip), figures: rlooFigures(batch, clip) };
    });
    found.figures["entropy"] = meanOverCompletions(inputs.entropies.flat(), inputs);
    compareLoss(tally, name, found, { ...one, metrics: one.metrics_loss });
  }
  return tally.report();
}

/** Σ (log π_old − log π_ref) over the tokens of each completion. */
function divergences(inputs: GroupInputs): Float64Array {
  const lengths = inputs.completion_mask.map((row) => row.reduce((a, b) => a + b, 0));
  const [logProb, referenceLogProb] = [inputs.old_logps.flat(), inputs.reference_logps.flat()];
  const scores = lengths.map(() => 0);
  return tokenRewards(
    { logProb, referenceLogProb, lengths, scores, klCoefficient: 1 },
    new Float64Array(logProb.length),
  );
}

/** Of groups with fewer than two scores. */
function smallGroupShare(rewards: ArrayLike<number>, groupSize: number): number {
  let small = 0;
  for (let start = 0; start < rewards.length; start += groupSize) {
    let scored = 0;
    for (let i = start; i < start + groupSize; i++) if (!Number.isNaN(rewards[i])) scored++;
    if (scored < 2) small++;
  }
  return small / (rewards.length / groupSize);
}
