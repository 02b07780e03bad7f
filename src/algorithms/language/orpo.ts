/**
 * Odds-ratio preference optimisation (Hong et al. 2024): maximum likelihood of the chosen texts and, weighed by β, the log odds of the
 * chosen against the rejected completion; no reference. Settings of the DPO family's objective, and nothing else.
 */

import { z } from "zod";
import type { PreferenceRow, Rows } from "../../language/data/rows.ts";
import type { LanguageModel } from "../../language/model/languageModel.ts";
import type { LanguageLearner } from "../../learners/languageLearner.ts";
import { orpo as orpoLoss } from "../../objectives/preferences/referenceFree.ts";
import type { Given } from "../../options/given.ts";
import { parseOptions } from "../../options/parse.ts";
import type { Work } from "../../pauses.ts";
import { fallingRate, updateOptions } from "./commonOptions.ts";
import { pairLearner } from "./cpo.ts";
import type { PairSettings } from "./pairSettings.ts";

export const orpoOptions = z.strictObject({
  ...updateOptions,
  learningRate: fallingRate(1e-6),
  beta: z.number().positive().default(0.1).describe("weight of the odds ratio (λ in the paper)"),
  likelihoodOf: z
    .enum(["all", "completion"])
    .default("all")
    .describe("tokens of the likelihood: the prompt's too, as in TRL, or the completion's"),
});

export type OrpoOptions = Given<typeof orpoOptions>;

/**
 * A learner on pairs; an iteration is one update, and its `steps` are pairs seen.
 *
 * @param material the model, which is trained in place, and rows of tokens.
 * @param totalSteps the run's planned length in pairs, over which schedules anneal unless `annealSteps` is given.
 * @throws AscentError "option" for unknown or ill-typed options, and rows that cannot be learnt from, naming the row.
 */
export function* makingOrpo(
  material: { model: LanguageModel; rows: Rows<PreferenceRow> },
  given: OrpoOptions,
  totalSteps: number,
): Work<LanguageLearner> {
  const options = parseOptions("orpo", orpoOptions, given);
  return yield* pairLearner("orpo", material, options, orpoSettings(options), totalSteps);
}

export function orpoSettings({ beta, likelihoodOf }: z.output<typeof orpoOptions>): PairSettings {
  return {
    loss: orpoLoss(beta),
    reward: { beta, of: "logRatio" },
    promptLikelihood: likelihoodOf === "all",
    shows: ["likelihood", "odds"],
  };
}
