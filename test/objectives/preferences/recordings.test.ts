/**
 * Every recorded configuration whose loss follows from recorded log-probabilities of the first batch. Not here, since they need
 * the model itself: traces over several updates, norms of gradients by the parameters, means of logits, and the weighting of WPO.
 */

import { describe, expect, test } from "vitest";
import { lengthDesensitisedWeights, mismatchedRows } from "../../../src/estimators/index.ts";
import {
  alphaPo,
  bradleyTerryLoss,
  cpo,
  implicitRewards,
  ktoLoss,
  ktoReferencePoint,
  orpo,
  type PairLossName,
  type PreferenceLossOptions,
  preferenceLoss,
  type Score,
  sequenceLogProb,
  simpo,
  tokenCount,
} from "../../../src/objectives/index.ts";
import { constant } from "../../../src/tensor/graph.ts";
import { expectAllRecorded, expectRecorded, Inputs, recording } from "./support.ts";

interface LogProbs {
  policy_chosen: number[];
  policy_rejected: number[];
  reference_chosen: number[];
  reference_rejected: number[];
  policy_per_token: number[][];
  reference_per_token: number[][];
}

interface Data {
  batches: { completion_mask: number[][] }[];
  initial_logprobs: LogProbs[];
}

interface Recorded {
  config: Record<string, unknown>;
  first_batch: { loss: number; metrics: Record<string, number> };
}

const data = recording<Data>("losses/data.json");

/** The pairs of a batch, of sums over tokens under a mask that may weigh them. */
function batch(index: number, reference = true, tailShare = 1) {
  const inputs = new Inputs();
  const { policy_per_token, reference_per_token } = data.initial_logprobs[index];
  // Entry t of a row is token t + 1: the mask of the tokens is one column longer.
  const masks = data.batches[index].completion_mask.map((row) => row.slice(1));
  const half = masks.length / 2;
  const weights = [0, 1].map((side) => {
    const [own, other] = [
      masks.slice(side * half, (side + 1) * half),
      masks.slice((1 - side) * half, (2 - side) * half),
    ];
    const out = new Float64Array(own.flat().length);
    lengthDesensitisedWeights(own.flat(), other.flat(), half, tailShare, out);
    return own.map((row, i) => Array.from(out.subarray(i * row.length, (i + 1) * row.length)));
  });
  const side = (name: string, k: number) => {
    const rows = (values: number[][]) => values.slice(k * half, (k + 1) * half);
    const mask = inputs.matrix(`${name} weights`, weights[k]);
    const sums = (of: string, values: number[][]) =>
      sequenceLogProb(inputs.matrix(`${name} ${of}`, rows(values)), mask);
    return {
      logProb: sums("policy", policy_per_token),
      referenceLogProb: reference ? sums("reference", reference_per_token) : undefined,
      length: tokenCount(inputs.matrix(`${name} mask`, rows(masks))),
    };
  };
  return { inputs, pairs: { chosen: side("chosen", 0), rejected: side("rejected", 1) } };
}

describe("log-probabilities of completions", () => {
  test.each([0, 1, 2, 3, 4])("batch %i: sums of tokens under the mask are the recorded ones", (index) => {
    const { inputs, pairs } = batch(index);
    const recorded = data.initial_logprobs[index];
    expectAllRecorded(inputs.all(pairs.chosen.logProb), recorded.policy_chosen, "chosen");
    expectAllRecorded(inputs.all(pairs.rejected.logProb), recorded.policy_rejected, "rejected");
    expectAllRecorded(inputs.all(pairs.chosen.referenceLogProb!), recorded.reference_chosen, "reference, chosen");
    expectAllRecorded(inputs.all(pairs.rejected.referenceLogProb!), recorded.reference_rejected, "reference, rejected");
  });
});

describe("DPO family", () => {
  const { configs } = recording<{ configs: Record<string, Recorded> }>("losses/dpo.json");
  const fromLogProbs = Object.entries(configs).filter(([, { config }]) => config["use_weighting"] !== true);

  function optionsOf(config: Record<string, unknown>): PreferenceLossOptions {
    const names = config["loss_type"] as PairLossName[];
    const weights = (config["loss_weights"] as number[] | undefined) ?? names.map(() => 1);
    const kind = config["f_divergence_type"] as string | undefined;
    const alpha = config["f_alpha_divergence_coef"] as number;
    return {
      loss: names.map((loss, i) => ({ loss, weight: weights[i] })),
      beta: config["beta"] as number,
      // TRL's sigmoid loss ignores label smoothing; this one does not, so the recording is without it.
      labelSmoothing: names[0] === "sigmoid" ? undefined : (config["label_smoothing"] as number | undefined),
      score: kind === "alpha_divergence" ? { alpha } : (kind as Score | undefined),
      discopopTau: config["discopop_tau"] as number | undefined,
    };
  }

  test("all 41 recorded configurations but the one that needs logits are here", () => {
    expect(Object.keys(configs).length).toBe(41);
    expect(fromLogProbs.length).toBe(40);
  });

  // TRL's ipo and sigmoid_norm divide by the completion mask before its shift by one; a completion never starts at token 0, so both agree.
  test.each(fromLogProbs)("%s", (name, { config, first_batch: { loss, metrics } }) => {
    const { inputs, pairs } = batch(0, true, (config["ld_alpha"] as number | undefined) ?? 1);
    const options = optionsOf(config);
    expectRecorded(inputs.value(preferenceLoss(pairs, options)), loss, name);
    const rewards = implicitRewards(pairs, options);
    const [chosen, rejected] = [inputs.all(rewards.chosen), inputs.all(rewards.rejected)];
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expectRecorded(mean(chosen), metrics["rewards/chosen"], "rewards/chosen");
    expectRecorded(mean(rejected), metrics["rewards/rejected"], "rewards/rejected");
    expectRecorded(mean(chosen.map((r, i) => r - rejected[i])), metrics["rewards/margins"], "rewards/margins");
    expectRecorded(mean(chosen.map((r, i) => (r > rejected[i] ? 1 : 0))), metrics["rewards/accuracies"], "accuracies");
    expectRecorded(mean(inputs.all(pairs.chosen.logProb)), metrics["logps/chosen"], "logps/chosen");
    expectRecorded(mean(inputs.all(pairs.rejected.logProb)), metrics["logps/rejected"], "logps/rejected");
  });

  test("label smoothing, which the reference's sigmoid loss ignores, works in this one", () => {
    const { inputs, pairs } = batch(0);
    const plain = configs["sigmoid"].first_batch.loss;
    expect(configs["sigmoid_label_smoothing_0.2"].first_batch.loss).toBe(plain);
    const margins = inputs
      .all(implicitRewards(pairs).chosen)
      .map((r, i) => r - inputs.all(implicitRewards(pairs).rejected)[i]);
    const expected = margins.map((m) => 0.8 * Math.log1p(Math.exp(-m)) + 0.2 * Math.log1p(Math.exp(m)));
    const smoothed = inputs.value(preferenceLoss(pairs, { labelSmoothing: 0.2 }));
    expect(smoothed).toBeCloseTo(expected.reduce((a, b) => a + b, 0) / 4, 6);
    expect(Math.abs(smoothed - plain)).toBeGreaterThan(1e-3);
  });
});

describe("without a reference", () => {
  const { configs } = recording<{ configs: Record<string, Recorded> }>("losses/cpo_orpo.json");

  function settings(name: string, config: Record<string, number>): PreferenceLossOptions {
    const { beta, cpo_alpha, simpo_gamma, label_smoothing, alpha } = config;
    if (name.startsWith("orpo")) return orpo(beta);
    if (name === "alphapo") return alphaPo(alpha, beta, simpo_gamma);
    const loss = (config as unknown as { loss_type: PairLossName | "simpo" }).loss_type;
    const plain = loss === "simpo" ? simpo(beta, simpo_gamma, cpo_alpha) : cpo(beta, cpo_alpha, loss);
    return { ...plain, labelSmoothing: label_smoothing };
  }

  test.each(Object.entries(configs))("%s", (name, { config, first_batch: { loss, metrics } }) => {
    const { inputs, pairs } = batch(0, false);
    const options = settings(name, config as Record<string, number>);
    // ORPO's likelihood there is of prompt and completion, which the recorded log-probabilities leave out.
    const negativeLogLikelihood = name.startsWith("orpo") ? constant(metrics["nll_loss"]) : undefined;
    expectRecorded(inputs.value(preferenceLoss({ ...pairs, negativeLogLikelihood }, options)), loss, name);
  });
});

describe("KTO", () => {
  interface KtoRecorded extends Recorded {
    dataset: string;
    first_batch_logprobs: Record<"policy" | "reference" | "policy_KL" | "reference_KL", number[]>;
  }
  const file = recording<{ batches: Record<string, { label: boolean[] }[]>; configs: Record<string, KtoRecorded> }>(
    "losses/kto.json",
  );

  test.each(Object.entries(file.configs))("%s", (name, one) => {
    const { config, dataset, first_batch, first_batch_logprobs: logProbs } = one;
    const inputs = new Inputs();
    const desirable = file.batches[dataset][0].label.map(Number);
    const kto = config["loss_type"] === "kto";
    const referencePoint = kto
      ? ktoReferencePoint(
          inputs.vector("policy KL", logProbs.policy_KL),
          inputs.vector("reference KL", logProbs.reference_KL),
        )
      : undefined;
    if (referencePoint !== undefined) expectRecorded(inputs.value(referencePoint), first_batch.metrics["kl"], "kl");
    const loss = ktoLoss(
      {
        logProb: inputs.vector("policy", logProbs.policy),
        referenceLogProb: inputs.vector("reference", logProbs.reference),
        desirable: inputs.vector("desirable", desirable),
        referencePoint,
      },
      {
        beta: config["beta"] as number,
        desirableWeight: config["desirable_weight"] as number | undefined,
        undesirableWeight: config["undesirable_weight"] as number | undefined,
      },
    );
    expectRecorded(inputs.value(loss), first_batch.loss, name);
  });

  test("completions are paired with the prompt behind them, as recorded, and no row with itself for odd counts", () => {
    expect([...mismatchedRows(4)]).toEqual([3, 0, 1, 2]);
    for (const rows of [2, 3, 5]) expect([...mismatchedRows(rows)].some((other, row) => other === row)).toBe(false);
    expect(() => mismatchedRows(1)).toThrow("no other");
  });
});

describe("reward model", () => {
  interface RewardRecorded extends Recorded {
    uses_margin: boolean;
    first_batch_rewards: { chosen: number[]; rejected: number[] };
  }
  const file = recording<{ examples: { margin: number }[]; configs: Record<string, RewardRecorded> }>(
    "losses/reward.json",
  );

  test.each(Object.entries(file.configs))("%s", (name, { config, uses_margin, first_batch, first_batch_rewards }) => {
    const inputs = new Inputs();
    const margin = uses_margin
      ? inputs.vector(
          "margin",
          file.examples.slice(0, 4).map((one) => one.margin),
        )
      : undefined;
    const pairs = {
      chosen: inputs.vector("chosen", first_batch_rewards.chosen),
      rejected: inputs.vector("rejected", first_batch_rewards.rejected),
      margin,
    };
    const loss = bradleyTerryLoss(pairs, (config["center_rewards_coefficient"] as number | undefined) ?? 0);
    expectRecorded(inputs.value(loss), first_batch.loss, name);
  });

  test("at the recorded maximum of the likelihood the gradient is 0, and the loss is the recorded likelihood", () => {
    const fit = recording<{ comparisons: [number, number][]; scores: number[]; log_likelihood: number }>(
      "rlhf/bradley_terry.json",
    );
    const inputs = new Inputs();
    const won = inputs.vector(
      "won",
      fit.comparisons.map(([winner]) => fit.scores[winner]),
    );
    const lost = inputs.vector(
      "lost",
      fit.comparisons.map(([, loser]) => fit.scores[loser]),
    );
    const loss = bradleyTerryLoss({ chosen: won, rejected: lost });
    expectRecorded(-inputs.value(loss) * fit.comparisons.length, fit.log_likelihood, "log-likelihood");
    const slopes = fit.scores.map(() => 0);
    const byWinner = inputs.gradient(loss, won);
    fit.comparisons.forEach(([winner, loser], k) => {
      slopes[winner] += byWinner[k];
      slopes[loser] -= byWinner[k];
    });
    for (const slope of slopes) expect(Math.abs(slope)).toBeLessThan(1e-8);
  });
});
