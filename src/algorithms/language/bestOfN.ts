/**
 * Best-of-n: of n completions of a prompt the one of the highest reward (docs/theory.md, 26). Without training that is
 * `bestOfNGenerator`. The learner distils it: maximum likelihood of the best ones, of completions of the model as it was at the start
 * (towards the best-of-n distribution, whose KL divergence is at most log n − (n − 1)/n) or of the policy itself (expert
 * iteration, RAFT; Dong et al. 2023). No gradient of a reward is estimated, and nothing holds the policy but n.
 */

import { z } from "zod";
import { copyLanguageModel, type LanguageModel } from "../../language/model/languageModel.ts";
import { bestRows } from "../../language/rewards/bestOfNGenerator.ts";
import type { LanguageLearner } from "../../learners/languageLearner.ts";
import { masked } from "../../objectives/preferences/sequences.ts";
import type { Given } from "../../options/given.ts";
import { parseOptions } from "../../options/parse.ts";
import type { Work } from "../../pauses.ts";
import { div, max, neg } from "../../tensor/ops/elementwise.ts";
import { sum } from "../../tensor/ops/reduce.ts";
import type { CompletionBatch, ScoredBatch } from "./completions/completionBatch.ts";
import { completionLearner } from "./completions/completionLearner.ts";
import type { CompletionPart } from "./completions/completionProgram.ts";
import { completionUpdate } from "./completions/completionUpdate.ts";
import { type CompletionMaterial, checkCompletionMaterial } from "./completions/material.ts";
import { completionOptions } from "./completions/options.ts";
import { preparedPrompts } from "./completions/preparedPrompts.ts";

export const bestOfNOptions = z.strictObject({
  ...completionOptions,
  n: z.int().min(1).default(4).describe("completions of each prompt, of which one is learnt from"),
  from: z
    .enum(["initial", "policy"])
    .default("initial")
    .describe("who writes them: the model as it was at the start, or as it is"),
  topK: z.int().min(0).default(0).describe("only the so many most probable tokens can be drawn; 0: all"),
  topP: z.number().positive().max(1).default(1).describe("only the most probable tokens up to this sum; 1: all"),
});

export type BestOfNOptions = Given<typeof bestOfNOptions>;

/**
 * A learner from the best of n completions. An iteration is nPrompts × n completions, and maximum likelihood of nPrompts of
 * them; `steps` are completions.
 *
 * @param totalSteps the run's planned length in completions, over which schedules anneal unless `annealSteps` is given.
 * @throws AscentError "option" for unknown or ill-typed options, and prompts or rewards that cannot be used.
 */
export function* makingBestOfN(
  material: CompletionMaterial,
  given: BestOfNOptions,
  totalSteps: number,
): Work<LanguageLearner> {
  checkCompletionMaterial("best-of-n", material, totalSteps);
  const options = parseOptions("best-of-n", bestOfNOptions, given);
  const { model, reward } = material;
  const { n } = options;
  const prompts = yield* preparedPrompts("best-of-n", model, material.rows, options.maxNewTokens);
  const sampler = options.from === "initial" ? copyLanguageModel(model, { name: "sampler" }) : undefined;
  const loss = ({ logProb, mask, scalar }: CompletionPart) => ({
    loss: div(neg(sum(masked(logProb, mask))), max(scalar("totalTokens"), 1)),
    figures: {},
  });
  // Likelihood is of the model's own distribution, at whatever temperature the completions were drawn.
  const update = completionUpdate({ name: "best-of-n", model, temperature: 1, loss }, options);

  function* learn(batch: ScoredBatch, rate: number) {
    const best = bestRows(batch.scores.rewards, n);
    const figures = yield* update.learn(rowsOf(batch, best), {}, rate);
    const rewards = Array.from(best, (row) => batch.scores.rewards[row]);
    return { ...figures, reward_best: rewards.reduce((a, b) => a + b, 0) / rewards.length };
  }

  return completionLearner({
    ...{ algorithm: "best-of-n", model, prompts, reward, options, groupSize: n, update, learn },
    ...(sampler !== undefined && { sampler, arrays: () => ({ sampler: samplerNumbers(sampler) }) }),
    annealSteps: options.annealSteps ?? totalSteps,
  });
}

/** What a copy of the model is learnt apart in: with LoRA the adapter. */
function samplerNumbers({ block, adapterBlock }: LanguageModel): Float32Array {
  return (adapterBlock ?? block).flat();
}

function rowsOf(batch: CompletionBatch, rows: Int32Array): CompletionBatch {
  const { length } = batch;
  const picked = Array.from(rows);
  const cut = <Numbers extends Int32Array | Float32Array>(from: Numbers, out: Numbers, width: number) => {
    picked.forEach((row, i) => {
      out.set(from.subarray(row * width, (row + 1) * width), i * width);
    });
    return out;
  };
  const places = picked.length * (length - 1);
  return {
    rows: picked.length,
    length,
    prompts: picked.map((row) => batch.prompts[row]),
    completions: picked.map((row) => batch.completions[row]),
    ended: Uint8Array.from(picked, (row) => batch.ended[row]),
    lengths: Int32Array.from(picked, (row) => batch.lengths[row]),
    tokens: cut(batch.tokens, new Int32Array(picked.length * length), length),
    mask: cut(batch.mask, new Float32Array(places), length - 1),
    sampledLogProb: cut(batch.sampledLogProb, new Float32Array(places), length - 1),
  };
}
