/**
 * Best-of-n: of n completions of a prompt the one of the highest reward (docs/theory.md, 26). Without training that is
 * `bestOfNGenerator`. The learner distils it: maximum likelihood of the best ones, of completions of the model as it was at the start
 * (towards the best-of-n distribution, whose KL divergence is at most log n − (n − 1)/n) or of the policy itself (expert
 * iteration, RAFT; Dong et al. 2023). No gradient of a reward is estimated, and nothing holds the policy but n.
 */

import { z } from "zod";
import { checkOptions, wholeNumber } from "../../arguments/checks.ts";
import type { GeneratorOptions } from "../../language/generation/generationOptions.ts";
import { type Completion, type GenerationRandom, makeGenerator } from "../../language/generation/generator.ts";
import { copyLanguageModel, type LanguageModel } from "../../language/model/languageModel.ts";
import { namedRewards, type RewardSource } from "../../language/rewards/rewardSource.ts";
import { rewardScorer } from "../../language/rewards/scoring.ts";
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

/** The row of the highest reward in each group, of equals the first; groups without a score have none. */
function bestRows(rewards: ArrayLike<number>, groupSize: number): Int32Array {
  const best: number[] = [];
  for (let start = 0; start < rewards.length; start += groupSize) {
    let row = -1;
    for (let i = start; i < start + groupSize; i++) {
      if (!Number.isNaN(rewards[i]) && (row < 0 || rewards[i] > rewards[row])) row = i;
    }
    if (row >= 0) best.push(row);
  }
  return Int32Array.from(best);
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

export interface BestCompletion extends Completion {
  /** NaN where nothing scored any of them; the completion is then the first. */
  readonly reward: number;
}

export interface BestOfNGenerator {
  /** The best of n completions of each prompt: those numbered first, … in the random stream, n for each. */
  generating(prompts: readonly (readonly number[])[], random: GenerationRandom): Work<BestCompletion[]>;
}

/**
 * Best-of-n sampling from a model that nothing trains.
 *
 * @param options as of `makeGenerator`, with `n` completions of each prompt.
 * @throws AscentError "option" as `makeGenerator`, and for an n below 1 or what is no reward.
 */
export function bestOfNGenerator(
  model: LanguageModel,
  reward: RewardSource,
  { n, ...options }: GeneratorOptions & { n: number },
): BestOfNGenerator {
  checkOptions("bestOfNGenerator", { n: wholeNumber(1) }, { n });
  const generator = makeGenerator(model, options);
  const scorer = rewardScorer(namedRewards("bestOfNGenerator", reward));
  return {
    *generating(prompts, random) {
      const all = prompts.flatMap((prompt) => Array.from({ length: n }, () => prompt));
      const drawn = yield* generator.generating(all, random);
      const { rewards } = yield* scorer.scoring(
        all,
        drawn.map(({ tokens }) => Array.from(tokens)),
      );
      return prompts.map((_, i) => {
        const [best = 0] = bestRows(rewards.subarray(i * n, (i + 1) * n), n);
        return { ...drawn[i * n + best], reward: rewards[i * n + best] };
      });
    },
  };
}
