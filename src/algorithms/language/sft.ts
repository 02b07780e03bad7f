/**
 * Supervised fine-tuning: maximum likelihood of completions given their prompts, or of all tokens (docs/theory.md, 25; Ouyang et
 * al. 2022, section 3). It is behaviour cloning with tokens as actions: the policy gradient with every weight 1.
 */

import { z } from "zod";
import type { PromptCompletion, Rows } from "../../language/data/rows.ts";
import type { LanguageModel } from "../../language/model/languageModel.ts";
import type { LanguageLearner } from "../../learners/languageLearner.ts";
import { masked } from "../../objectives/preferences/sequences.ts";
import type { Given } from "../../options/given.ts";
import { parseOptions } from "../../options/parse.ts";
import type { Work } from "../../pauses.ts";
import { div, exp, mul, neg, stopGradient } from "../../tensor/ops/elementwise.ts";
import { sliceAxis } from "../../tensor/ops/layout.ts";
import { sum } from "../../tensor/ops/reduce.ts";
import { fallingRate, updateOptions } from "./commonOptions.ts";
import { checkMaterial, type Encode, encodeRows } from "./encodedRows.ts";
import type { TextObjective } from "./objective.ts";
import { encodeSequence, predictedTokens } from "./sequences.ts";
import { supervisedLearner } from "./supervisedLearner.ts";
import { perToken, tokenFigures } from "./tokenFigures.ts";

export const sftOptions = z.strictObject({
  ...updateOptions,
  learningRate: fallingRate(2e-5),
  learnFrom: z
    .enum(["completion", "all"])
    .default("completion")
    .describe("tokens that count: the completion's, or the prompt's too"),
  loss: z
    .enum(["nll", "dft"])
    .default("nll")
    .describe("nll: −log π; dft: times π, held fixed, so that unlikely tokens count less (Wu et al. 2025)"),
});

export type SftOptions = Given<typeof sftOptions>;

/**
 * A learner on prompts with completions; an iteration is one update, and its `steps` are rows seen. Text without a prompt is a
 * completion of an empty one.
 *
 * @param material the model, which is trained in place, and rows of tokens.
 * @param totalSteps the run's planned length in rows, over which schedules anneal unless `annealSteps` is given.
 * @throws AscentError "option" for unknown or ill-typed options, and for rows that cannot be learnt from, naming the row.
 */
export function* makingSft(
  { model, rows }: { model: LanguageModel; rows: Rows<PromptCompletion> },
  given: SftOptions,
  totalSteps: number,
): Work<LanguageLearner> {
  checkMaterial("sft", { model, rows, totalSteps });
  const options = parseOptions("sft", sftOptions, given);
  return supervisedLearner({
    algorithm: "sft",
    model,
    data: yield* encodeRows("sft", rows, sftEncoding(model, options), options),
    objective: sftObjective(options.loss),
    options,
    annealSteps: options.annealSteps ?? totalSteps,
  });
}

/** @returns how rows become sequences; what is learnt from begins at the completion, or at the prompt. */
export function sftEncoding(
  { network: { description } }: LanguageModel,
  { learnFrom, maxLength }: Pick<z.output<typeof sftOptions>, "learnFrom" | "maxLength">,
): Encode<PromptCompletion> {
  const longest = Math.min(maxLength, description.contextLength);
  return (row, what) => {
    const encoded = encodeSequence(what, row, description, longest);
    const sequence = learnFrom === "all" ? { ...encoded, from: 0 } : encoded;
    return predictedTokens(sequence) > 0 ? [sequence] : undefined;
  };
}

export function sftObjective(loss: "nll" | "dft"): TextObjective<PromptCompletion> {
  return {
    kinds: 1,
    values({ sequences }) {
      return { predicted: sequences.reduce((count, sequence) => count + predictedTokens(sequence), 0) };
    },
    graph({ network, tokens, length, mask, scalar }) {
      const states = sliceAxis(network.hidden({ tokens }), 1, 0, length - 1);
      const targets = sliceAxis(tokens, 1, 1, length - 1);
      const logProb = network.targetLogProbs(states, targets);
      const gain = loss === "dft" ? mul(stopGradient(exp(logProb)), logProb) : logProb;
      const rows = sum(masked(gain, mask()), 1);
      return {
        loss: div(neg(sum(rows)), scalar("predicted")),
        vectors: tokenFigures(network.logits(states), targets, mask()),
      };
    },
    figures({ sequences }, { entropy, hits }) {
      const counts = sequences.map(predictedTokens);
      return { entropy: perToken(entropy, counts), mean_token_accuracy: perToken(hits, counts) };
    },
  };
}
