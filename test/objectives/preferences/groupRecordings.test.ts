/**
 * Losses of groups, and their gradients by every token's log-probability, against recordings on recorded log-probabilities. Not
 * here: vespo's weighting, which is no option of `groupLoss`, and runs that need the model.
 */

import { describe, expect, test } from "vitest";
import {
  clippedSurrogate,
  clippedValueLoss,
  type GroupLossOptions,
  groupLoss,
  sequenceLogProb,
  valueLoss,
} from "../../../src/objectives/index.ts";
import { neg } from "../../../src/tensor/ops/elementwise.ts";
import { expectAllRecorded, expectRecorded, Inputs, recording } from "./support.ts";

interface Groups {
  completion_mask: number[][];
  policy_logps: number[][];
  old_logps: number[][];
  reference_logps: number[][];
  entropies: number[][];
}

interface GrpoCase {
  config: {
    loss_type: string;
    beta: number;
    epsilon: number;
    epsilon_high: number;
    delta: number | null;
    importance_sampling_level: "token" | "sequence";
    use_bias_correction_kl: boolean;
    off_policy_mask_threshold: number | null;
    top_entropy_quantile: number;
    old: "recorded" | null;
    max_completion_length: number;
    sapo_temperature_pos: number;
    sapo_temperature_neg: number;
  };
  loss: number;
  gradient_wrt_policy_logps: number[][];
}

const recorded = recording<Groups>("groups/inputs.json");
const mask = recorded.completion_mask;

describe("GRPO and relatives", () => {
  const file = recording<{ inputs: { advantages: number[] }; cases: Record<string, GrpoCase> }>("groups/grpo.json");
  const { advantages } = file.inputs;
  const cases = Object.entries(file.cases).filter(([, { config }]) => config.loss_type !== "vespo");

  /** What TRL multiplies gains by: rows that drifted too far with bad advantages, and all but the most uncertain tokens, are 0. */
  function gainWeights({ off_policy_mask_threshold: threshold, top_entropy_quantile: quantile }: GrpoCase["config"]) {
    const counted = (row: number) => mask[row].flatMap((on, t) => (on ? [t] : []));
    if (threshold !== null) {
      return mask.map((row, i) => {
        const drift = counted(i).reduce((sum, t) => sum + recorded.old_logps[i][t] - recorded.policy_logps[i][t], 0);
        const kept = advantages[i] >= 0 || drift / counted(i).length <= threshold;
        return row.map(() => (kept ? 1 : 0));
      });
    }
    if (quantile === 1) return undefined;
    const sorted = mask.flatMap((_, i) => counted(i).map((t) => recorded.entropies[i][t])).sort((a, b) => a - b);
    const place = (1 - quantile) * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    const threshold_ = low + (place - Math.floor(place)) * (high - low);
    return mask.map((row, i) => row.map((on, t) => (on && recorded.entropies[i][t] >= threshold_ ? 1 : 0)));
  }

  test("all cases are here but vespo's", () => {
    expect(cases.length).toBe(Object.keys(file.cases).length - 5);
    expect(cases.length).toBeGreaterThan(40);
  });

  test.each(cases)("%s", (name, { config, loss, gradient_wrt_policy_logps }) => {
    const inputs = new Inputs();
    const logProb = inputs.matrix("policy", recorded.policy_logps);
    const weights = gainWeights(config);
    const options: GroupLossOptions = {
      loss: config.loss_type as GroupLossOptions["loss"],
      ratio: config.importance_sampling_level,
      clipRange: config.epsilon,
      clipRangeHigh: config.epsilon_high,
      ratioCap: config.delta ?? undefined,
      klCoefficient: config.beta,
      klCorrection: config.use_bias_correction_kl,
      completionLength: config.max_completion_length,
      softTemperatures: { positive: config.sapo_temperature_pos, negative: config.sapo_temperature_neg },
    };
    const value = groupLoss(
      {
        logProb,
        oldLogProb: config.old === null ? undefined : inputs.matrix("old", recorded.old_logps),
        referenceLogProb: inputs.matrix("reference", recorded.reference_logps),
        advantage: inputs.vector("advantage", advantages),
        mask: inputs.matrix("mask", mask),
        gainWeight: weights && inputs.matrix("weights", weights),
      },
      options,
    );
    expectRecorded(inputs.value(value), loss, name);
    expectAllRecorded(inputs.gradient(value, logProb), gradient_wrt_policy_logps.flat(), `${name}: gradient`);
  });
});

describe("RLOO", () => {
  interface RlooCase {
    config: { epsilon_low: number };
    old_sequence_logps: number[];
    advantages: number[];
    loss: number;
    gradient_wrt_policy_logps: number[][];
  }
  const { cases } = recording<{ cases: Record<string, RlooCase> }>("groups/rloo.json");

  test.each(Object.entries(cases))("%s: PPO's clip on whole sequences", (name, one) => {
    const inputs = new Inputs();
    const tokens = inputs.matrix("policy", recorded.policy_logps);
    const logProb = sequenceLogProb(tokens, inputs.matrix("mask", mask));
    const oldLogProb = inputs.vector("old", one.old_sequence_logps);
    const advantage = inputs.vector("advantage", one.advantages);
    const loss = neg(clippedSurrogate({ logProb, oldLogProb, advantage }, one.config.epsilon_low));
    expectRecorded(inputs.value(loss), one.loss, name);
    expectAllRecorded(inputs.gradient(loss, tokens), one.gradient_wrt_policy_logps.flat(), `${name}: gradient`);
  });
});

test("the critic of RLHF: PPO's value loss over the tokens that are there", () => {
  interface ValueFile {
    mask: number[][];
    old_values: number[][];
    new_values: number[][];
    returns: number[][];
    cases: Record<string, { cliprange: number | null; loss: number; gradient_wrt_new_values: number[][] }>;
  }
  const file = recording<ValueFile>("rlhf/value_loss.json");
  const there = (rows: number[][]) => rows.flat().filter((_, k) => file.mask.flat()[k] === 1);
  for (const [name, { cliprange, loss, gradient_wrt_new_values }] of Object.entries(file.cases)) {
    const inputs = new Inputs();
    const [value, old, target] = [file.new_values, file.old_values, file.returns].map((rows, i) =>
      inputs.vector(`v${i}`, there(rows)),
    );
    const whole = cliprange === null ? valueLoss(value, target) : clippedValueLoss(value, old, target, cliprange);
    expectRecorded(inputs.value(whole) / 2, loss, name);
    const slopes = inputs.gradient(whole, value).map((slope) => slope / 2);
    expectAllRecorded(slopes, there(gradient_wrt_new_values), `${name}: gradient`);
  }
});
