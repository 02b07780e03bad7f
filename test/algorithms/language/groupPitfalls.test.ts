/**
 * What has gone wrong in other implementations of learning from completions; numbers are of huggingface/trl unless named. The fixed
 * points of GRPO with either KL term (#4637, #4967) are in test/long/sentences.test.ts and test/mdp/sequenceMethods.test.ts.
 */

import { describe, expect, test } from "vitest";
import { groupLossNames } from "../../../src/objectives/index.ts";
import { createEngine } from "../../../src/tensor/index.ts";
import { END, makeLearner, tinyModel, worldReward } from "./completionSupport.ts";

const engine = await createEngine();
/** Prompts of different lengths: rows are padded. */
const UNEVEN = [[1], [1, 3], [1, 4, 5], [1]];

describe.each([0.5, 1, 2])("temperature %d", (temperature) => {
  test("goes to what is sampled, to the policy and to the reference alike (#4159, unsloth-zoo #832)", () => {
    const options = { temperature, maxNewTokens: 2, nEpochs: 2, batchSize: 8, learningRate: 0 };
    const figures = makeLearner("rlhf", { model: tinyModel(engine), rows: UNEVEN }, options).iterate();
    // The policy has not moved: all ratios are 1, and it is its own reference.
    expect(figures["val/ratio"]).toBe(1);
    expect(figures["policy/approxkl_avg"]).toBe(0);
    expect(figures["objective/kl"]).toBe(0);
    expect(figures["sampling/sampling_logp_difference/max"]).toBeLessThan(1e-5);
  });

  test("and to the ratios of GRPO and RLOO", () => {
    const options = { temperature, nEpochs: 3, learningRate: 0, clipRange: 0, beta: 0.1 };
    for (const algorithm of ["grpo", "rloo"] as const) {
      const figures = makeLearner(algorithm, { model: tinyModel(engine) }, options).iterate();
      expect(figures["clip_ratio/region_mean"], algorithm).toBe(0);
      expect(figures["kl"], algorithm).toBeCloseTo(0, 6);
    }
  });
});

describe("groups", () => {
  const moved = (options: Readonly<Record<string, unknown>>, reward = worldReward) => {
    const model = tinyModel(engine);
    const before = model.block.flat().slice();
    const figures = makeLearner("grpo", { model, rows: UNEVEN, reward }, { maxNewTokens: 2, ...options }).iterate();
    return { figures, step: model.block.flat().map((x, i) => x - before[i]) };
  };
  const distance = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((x, i) => x - b[i]));

  test("on-policy the loss is about 0 and the ratio 1, the gradient is not 0 (#2608, #2769, #3452)", () => {
    const { figures } = moved({ loss: "grpo" });
    expect(Math.abs(figures["loss"])).toBeLessThan(1e-6);
    expect(figures["clip_ratio/region_mean"]).toBe(0);
    expect(figures["gradientNorm"]).toBeGreaterThan(0.1);
  });

  test.each(groupLossNames)(
    "%s: parts of an update add up to the whole, but bnpo's (#5619, #6024, transformers #35203)",
    (loss) => {
      const options = { loss, optimiser: "sgd", learningRate: 0.1, maxGradNorm: "none", nEpochs: 2, batchSize: 8 };
      const [whole, parts] = [undefined, 3].map((microBatchSize) =>
        moved({ ...options, ...(microBatchSize !== undefined && { microBatchSize }) }),
      );
      const relative = distance(whole.step, parts.step) / Math.hypot(...whole.step);
      if (loss === "bnpo") expect(relative).toBeGreaterThan(1e-3);
      else expect(relative).toBeLessThan(1e-4);
    },
  );

  test("a completion that does not count is in no divisor either (#6369)", () => {
    // Without a score a completion that was cut off has an advantage of 0: nothing but dapo's divisor can tell that it is there.
    const reward = (prompts: readonly (readonly number[])[], completions: readonly (readonly number[])[]) =>
      worldReward(prompts, completions).map((r, i) => (completions[i].at(-1) === END ? r : null)) as number[];
    const options = { loss: "dapo", scaleRewards: "none", optimiser: "sgd", learningRate: 0.1, maxGradNorm: "none" };
    const [counted, left] = [false, true].map((maskTruncated) =>
      moved({ ...options, maskTruncated, nPrompts: 16 }, reward),
    );
    const { figures } = left;
    const share = (1 - figures["completions/clipped_ratio"]) * figures["completions/mean_terminated_length"];
    const factor = figures["completions/mean_length"] / share;
    expect(factor).toBeGreaterThan(1.5);
    left.step.forEach((x, i) => {
      expect(Math.abs(x - factor * counted.step[i])).toBeLessThan(1e-5);
    });
  });

  test("completions of one prompt differ, and those of the next iteration differ again (#1648, verl #6857)", () => {
    const learner = makeLearner("grpo", { model: tinyModel(engine), rows: [[1]] }, { groupSize: 8, nPrompts: 1 });
    const [first, second] = [0, 1].map(() => {
      learner.iterate();
      return learner.samples!().map(({ completion }) => completion.join());
    });
    expect(new Set(first).size).toBeGreaterThan(4);
    expect(second).not.toEqual(first);
  });

  test("prompts and completions come to the reward in the same order (#3098)", () => {
    const seen: string[] = [];
    const reward = (prompts: readonly (readonly number[])[], completions: readonly (readonly number[])[]) => {
      seen.push(...prompts.map((prompt, i) => `${prompt} ${completions[i]}`));
      return worldReward(prompts, completions);
    };
    const learner = makeLearner("grpo", { model: tinyModel(engine), rows: UNEVEN, reward }, { maxNewTokens: 2 });
    learner.iterate();
    expect(learner.samples!().map(({ prompt, completion }) => `${prompt} ${completion}`)).toEqual(
      seen.filter((_, i) => i % 2 === 0),
    );
  });
});

describe("RLOO", () => {
  test("the KL divergence goes off the reward before the baseline: equal rewards still teach (#2575, #2581)", () => {
    const reward = (prompts: readonly (readonly number[])[]) => prompts.map(() => 1);
    const reference = tinyModel(engine, 7, "held");
    const model = tinyModel(engine);
    const figures = makeLearner("rloo", { model, reference, reward }, { beta: 0.5 }).iterate();
    expect(figures["reward_std"]).toBe(0);
    expect(figures["frac_reward_zero_std"]).toBe(0);
    expect(figures["gradientNorm"]).toBeGreaterThan(1e-4);
  });

  test("a reward is bounded before the KL divergence is taken off it", () => {
    const reward = (prompts: readonly (readonly number[])[]) => prompts.map((_, i) => (i % 2 === 0 ? 100 : 1));
    const options = { beta: 0, clipRewards: [0, 1] };
    const figures = makeLearner("rloo", { model: tinyModel(engine), reward }, options).iterate();
    expect(figures["frac_reward_zero_std"]).toBe(1);
    expect(figures["reward"]).toBe(50.5);
  });
});

describe("ends", () => {
  test("a stop token of one's own ends a completion and spares it the penalty (PR #7039, missing_eos_penalty)", () => {
    const reward = (prompts: readonly (readonly number[])[]) => prompts.map(() => 1);
    const earned = (stopTokens: readonly number[]) => {
      const options = { stopTokens, beta: 0, missingEndPenalty: 0.5, nPrompts: 16 };
      return makeLearner("rlhf", { model: tinyModel(engine), reward }, options).iterate();
    };
    const any = earned([END, 3, 4, 5]);
    expect(any["completions/clipped_ratio"]).toBeLessThan(earned([END])["completions/clipped_ratio"]);
    expect(any["objective/rlhf_reward"]).toBeCloseTo(1 - 0.5 * any["completions/clipped_ratio"], 10);
    expect(earned([])["objective/rlhf_reward"]).toBe(0.5);
  });

  test("a pad token that is the end token too is learnt from where it ends, and only there (PR #6357)", () => {
    // Nothing looks for padding by its token: the end is the completion's own last one.
    const learner = makeLearner("grpo", { model: tinyModel(engine) }, { stopTokens: [0] });
    const figures = learner.iterate();
    const ended = learner.samples!().filter(({ completion }) => completion.at(-1) === 0);
    for (const { completion } of ended) expect(completion.slice(0, -1)).not.toContain(0);
    expect(figures["loss"]).toSatisfy(Number.isFinite);
  });
});
