/** Options that algorithms share which learn from completions of their own. */

import { z } from "zod";
import { AscentError } from "../../../errors.ts";
import { requireUnfiltered } from "../../../language/generation/samplingOptions.ts";
import type { LanguageModel } from "../../../language/model/languageModel.ts";
import { fallingRate, type OptimiserChoice, updateOptions } from "../commonOptions.ts";

const count = z.int().min(1);
const { batchSize: _, maxLength: __, annealSteps: ___, ...stepOptions } = updateOptions;

export const completionOptions = {
  ...stepOptions,
  annealSteps: count
    .optional()
    .describe("completions over which schedules run; default: the run's length at its start"),
  learningRate: fallingRate(1e-6),
  nPrompts: count.default(8).describe("prompts of an iteration"),
  nEpochs: count.default(1).describe("passes over the completions of an iteration"),
  batchSize: count.optional().describe("completions of an update; default: all of an iteration"),
  microBatchSize: count
    .optional()
    .describe("completions that are computed at once; the update is the same; default: as `batchSize`"),
  maxNewTokens: count
    .optional()
    .describe(
      "tokens of the longest completion; default: what the context leaves beside the longest prompt, at most 512",
    ),
  temperature: z
    .number()
    .positive()
    .default(1)
    .describe("logits are divided by it, of policy, old policy and reference alike"),
  topK: z.int().min(0).default(0).describe("refused in training: log-probabilities would be of other distributions"),
  topP: z.number().positive().max(1).default(1).describe("refused in training, as topK"),
  stopTokens: z
    .array(z.int().min(0))
    .optional()
    .describe("tokens that end a completion; default: the model's end of sequence"),
};

export interface CompletionChoice extends OptimiserChoice {
  nPrompts: number;
  nEpochs: number;
  batchSize?: number;
  maxNewTokens?: number;
  temperature: number;
  topK: number;
  topP: number;
  stopTokens?: readonly number[];
}

/** Of those that hold a group of completions of each prompt against each other. */
export const groupOptions = (size: number) => ({
  groupSize: z
    .int()
    .min(2)
    .default(size)
    .describe("completions of each prompt, at least 2: one has none to be compared with"),
});

export const referenceOptions = {
  movingReference: z.boolean().default(false).describe("the reference follows the policy"),
  referenceMixing: z
    .number()
    .min(0)
    .max(1)
    .default(0.6)
    .describe("movingReference: the share of the policy in the new one"),
  referenceEvery: count.default(512).describe("movingReference: iterations between its moves"),
};

export interface ReferenceChoice {
  movingReference: boolean;
  referenceMixing: number;
  referenceEvery: number;
}

/** @throws AscentError "option" for filters. */
export function requireWholeDistribution(algorithm: string, { topK, topP, temperature }: CompletionChoice): void {
  requireUnfiltered(algorithm, { topK, topP, temperature });
}

/**
 * The tokens that end a completion.
 *
 * @throws AscentError "option" where neither the options nor the model say.
 */
export function stopTokensOf(algorithm: string, model: LanguageModel, given: readonly number[] | undefined): number[] {
  if (given !== undefined) return [...given];
  const { eos } = model.network.description.specialTokens ?? {};
  if (eos !== undefined) return typeof eos === "number" ? [eos] : [...eos];
  const own = model.tokenizer?.eosId;
  if (own !== undefined) return [own];
  throw new AscentError("option", {
    what: `${algorithm}: nothing says what ends a completion`,
    got: "a model without an end-of-sequence token",
    expected: "stopTokens",
    fix: "Give stopTokens: [tokenizer.eosId]; [] where completions always have maxNewTokens.",
  });
}
