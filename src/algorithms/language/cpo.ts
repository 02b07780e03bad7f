/**
 * Contrastive preference optimisation (Xu et al. 2024) and SimPO (Meng et al. 2024), of which AlphaPO (Gupta et al. 2025) is a
 * setting: the DPO family without a reference. Settings of its objective, and nothing else.
 */

import { z } from "zod";
import type { PreferenceRow, Rows } from "../../language/data/rows.ts";
import type { LanguageModel } from "../../language/model/languageModel.ts";
import type { LanguageLearner } from "../../learners/languageLearner.ts";
import type { PreferenceLossOptions } from "../../objectives/preferences/preferenceLoss.ts";
import { alphaPo, cpo as cpoLoss, simpo as simpoLoss } from "../../objectives/preferences/referenceFree.ts";
import type { Given } from "../../options/given.ts";
import { parseOptions } from "../../options/parse.ts";
import type { Work } from "../../pauses.ts";
import { fallingRate, type UpdateChoice } from "./commonOptions.ts";
import { hasLikelihood, pairOptions } from "./dpo.ts";
import { checkMaterial, encodeRows } from "./encodedRows.ts";
import { encodePair, pairObjective } from "./pairObjective.ts";
import type { PairSettings } from "./pairSettings.ts";
import { supervisedLearner } from "./supervisedLearner.ts";

export const cpoOptions = z.strictObject({
  ...pairOptions,
  learningRate: fallingRate(1e-6),
  loss: z
    .enum(["sigmoid", "hinge", "ipo", "simpo"])
    .default("sigmoid")
    .describe("simpo: of log-probabilities for each token, with a margin"),
  likelihood: z.number().min(0).default(1).describe("weight of the chosen completions' likelihood; SimPO's own: 0"),
  targetMargin: z.number().default(0.5).describe("simpo: γ, by how much rewards should differ"),
  alpha: z.number().default(0).describe("simpo: AlphaPO's α, rewards (1 − p^−α)/α; 0: log p"),
});

export type CpoOptions = Given<typeof cpoOptions>;

/**
 * A learner on pairs; an iteration is one update, and its `steps` are pairs seen.
 *
 * @param material the model, which is trained in place, and rows of tokens.
 * @param totalSteps the run's planned length in pairs, over which schedules anneal unless `annealSteps` is given.
 * @throws AscentError "option" for unknown or ill-typed options, and rows that cannot be learnt from, naming the row.
 */
export function* makingCpo(
  material: { model: LanguageModel; rows: Rows<PreferenceRow> },
  given: CpoOptions,
  totalSteps: number,
): Work<LanguageLearner> {
  const options = parseOptions("cpo", cpoOptions, given);
  return yield* pairLearner("cpo", material, options, cpoSettings(options), totalSteps);
}

export function cpoSettings(options: z.output<typeof cpoOptions>): PairSettings {
  const { loss: name, beta, labelSmoothing, likelihood, targetMargin, alpha } = options;
  const isAlpha = name === "simpo" && alpha !== 0;
  const plain: PreferenceLossOptions =
    name === "simpo" ? simpoLoss(beta, targetMargin, likelihood) : cpoLoss(beta, likelihood, name);
  const loss: PreferenceLossOptions = {
    ...plain,
    ...(isAlpha && { score: alphaPo(alpha, beta, targetMargin).score }),
    ...(labelSmoothing !== undefined && { labelSmoothing }),
  };
  return {
    loss,
    reward: { beta, of: isAlpha ? "score" : "logRatio" },
    shows: hasLikelihood(loss.loss) ? ["likelihood"] : [],
  };
}

/** A learner of the family without a reference. */
export function* pairLearner(
  algorithm: string,
  { model, rows }: { model: LanguageModel; rows: Rows<PreferenceRow> },
  options: UpdateChoice,
  settings: PairSettings,
  totalSteps: number,
): Work<LanguageLearner> {
  checkMaterial(algorithm, { model, rows, totalSteps });
  const { description } = model.network;
  const encode = (row: PreferenceRow, what: string) => encodePair(row, what, description, options.maxLength);
  return supervisedLearner({
    algorithm,
    model,
    data: yield* encodeRows(algorithm, rows, encode, options),
    objective: pairObjective(settings),
    options,
    annealSteps: options.annealSteps ?? totalSteps,
  });
}
