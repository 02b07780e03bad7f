/**
 * Direct preference optimisation (Rafailov et al. 2023; docs/theory.md, 27): the policy is fitted to pairs as if its log-ratio to a
 * reference were the reward of a Bradley-Terry model. The whole family of losses is here as data; see
 * objectives/preferences/pairLosses.ts for their formulas and papers.
 */

import { z } from "zod";
import { AscentError } from "../../errors.ts";
import type { PreferenceRow, Rows } from "../../language/data/rows.ts";
import type { LanguageModel } from "../../language/model/languageModel.ts";
import type { LanguageLearner } from "../../learners/languageLearner.ts";
import { LOSS_NAMES, type PairLossName } from "../../objectives/preferences/pairLosses.ts";
import type { PreferenceLossOptions } from "../../objectives/preferences/preferenceLoss.ts";
import type { Given } from "../../options/given.ts";
import { parseOptions } from "../../options/parse.ts";
import type { Work } from "../../pauses.ts";
import { fallingRate, referenceOptions, updateOptions } from "./commonOptions.ts";
import { checkMaterial, type Encode, type EncodedRows, encodeRows } from "./encodedRows.ts";
import { encodePair, pairObjective } from "./pairObjective.ts";
import { makeReference } from "./reference.ts";
import { supervisedLearner } from "./supervisedLearner.ts";

const lossName = z.enum(LOSS_NAMES as readonly [PairLossName, ...PairLossName[]]);

/** "sigmoid", or several with weights: [{ loss, weight }, …], in short "sigmoid:0.8+bco_pair:0.2+sft". */
export const pairLoss = z.preprocess(
  parseShortMixture,
  z.union([lossName, z.array(z.strictObject({ loss: lossName, weight: z.number() })).min(1)], {
    error: `one of ${LOSS_NAMES.join(", ")}, a mixture such as sigmoid:0.8+sft, or a list of { loss, weight }`,
  }),
);

function parseShortMixture(value: PairLossName | readonly { loss: PairLossName; weight: number }[] | string): unknown {
  if (typeof value !== "string" || !/[:+]/.test(value)) return value;
  return value.split("+").map((term) => {
    const [loss, weight = "1", ...rest] = term.split(":");
    return { loss, weight: rest.length > 0 || weight.trim() === "" ? Number.NaN : Number(weight) };
  });
}

export const pairOptions = {
  ...updateOptions,
  beta: z.number().positive().default(0.1).describe("β: how strongly the policy is held to the reference"),
  labelSmoothing: z.number().min(0).max(1).optional().describe("share of labels thought to be wrong"),
};

export const dpoOptions = z.strictObject({
  ...pairOptions,
  learningRate: fallingRate(1e-6),
  loss: pairLoss.default("sigmoid").describe("of the family, or a mixture: sigmoid:0.8+bco_pair:0.2+sft"),
  divergence: z
    .enum(["reverse_kl", "forward_kl", "js_divergence", "alpha_divergence"])
    .default("reverse_kl")
    .describe("that holds the policy to the reference (Wang et al. 2024)"),
  divergenceAlpha: z.number().default(0.5).describe("alpha_divergence: its α"),
  discopopTau: z.number().positive().optional().describe("discopop: τ of its gate; default: 0.05"),
  tailShare: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe("what a token counts that the longer completion has more than the shorter (LD-DPO)"),
  weighted: z.boolean().default(false).describe("pairs weigh as the policy finds them probable (WPO)"),
  ...referenceOptions,
});

export type DpoOptions = Given<typeof dpoOptions>;

/** What a learner of pairs with a reference is made from. */
export interface ReferencedPairs {
  /** Trained in place: all of it, or with LoRA its adapter. */
  readonly model: LanguageModel;
  readonly rows: Rows<PreferenceRow>;
  /** What the policy is held to; default: a copy of it as it starts, with LoRA itself with the adapter off. */
  readonly reference?: LanguageModel;
}

/**
 * A learner on pairs; an iteration is one update, and its `steps` are pairs seen.
 *
 * @param totalSteps the run's planned length in pairs, over which schedules anneal unless `annealSteps` is given.
 * @throws AscentError "option" for unknown or ill-typed options, settings that no chosen loss reads, references that cannot be, and rows
 *   that cannot be learnt from, naming the row.
 */
export function* makingDpo(material: ReferencedPairs, given: DpoOptions, totalSteps: number): Work<LanguageLearner> {
  const { model, rows, reference: held } = material;
  checkMaterial("dpo", { model, rows, totalSteps });
  const options = parseOptions("dpo", dpoOptions, given);
  const data = yield* encodeRows("dpo", rows, dpoEncoding(model, options), options);
  return dpoLearner({ model, data, options, held, annealSteps: options.annealSteps ?? totalSteps });
}

export function dpoEncoding(
  { network: { description } }: LanguageModel,
  { maxLength, tailShare }: Pick<z.output<typeof dpoOptions>, "maxLength" | "tailShare">,
): Encode<PreferenceRow> {
  return (row, what) => encodePair(row, what, description, maxLength, tailShare);
}

export interface DpoParts {
  readonly model: LanguageModel;
  readonly data: EncodedRows<PreferenceRow>;
  readonly options: z.output<typeof dpoOptions>;
  readonly held: LanguageModel | undefined;
  readonly annealSteps: number;
}

export function dpoLearner({ model, data, options, held, annealSteps }: DpoParts): LanguageLearner {
  const loss = lossOf(options);
  requireWhole("dpo", loss.loss, options);
  const { batchSize, microBatchSize = batchSize, beta, weighted } = options;
  const reference = makeReference({
    algorithm: "dpo",
    model,
    ...(held && { given: held }),
    precompute: options.precomputeReference,
    ...(options.movingReference && { moving: { mixing: options.referenceMixing, every: options.referenceEvery } }),
    lengths: data.order.lengths,
    rows: 2 * Math.min(microBatchSize, batchSize),
    data,
  });
  const shows = hasLikelihood(loss.loss) ? (["likelihood"] as const) : [];
  const objective = pairObjective({ loss, reference, reward: { beta, of: "logRatio" }, weighted, shows });
  return supervisedLearner({ algorithm: "dpo", model, data, objective, options, annealSteps, reference });
}

/** The loss of the options, as `preferenceLoss` takes it. */
export function lossOf(options: z.output<typeof dpoOptions>): PreferenceLossOptions {
  const { loss, beta, labelSmoothing, divergence, divergenceAlpha, discopopTau } = options;
  return {
    loss,
    beta,
    ...(labelSmoothing !== undefined && { labelSmoothing }),
    score: divergence === "alpha_divergence" ? { alpha: divergenceAlpha } : divergence,
    ...(discopopTau !== undefined && { discopopTau }),
  };
}

/** Whether the loss has the likelihood of the chosen completions in it. */
export function hasLikelihood(loss: PreferenceLossOptions["loss"]): boolean {
  return loss === "sft" || (Array.isArray(loss) && loss.some((term) => term.loss === "sft"));
}

/** @throws AscentError "option" where a loss compares the pairs of a batch with each other and is to see it in parts. */
export function requireWhole(
  algorithm: string,
  loss: PreferenceLossOptions["loss"],
  { batchSize, microBatchSize = batchSize }: { batchSize: number; microBatchSize?: number },
): void {
  const names = Array.isArray(loss) ? loss.map((term) => term.loss) : [loss];
  const sorting = names.find((name) => name === "aot" || name === "aot_unpaired");
  if (sorting === undefined || microBatchSize >= batchSize) return;
  throw new AscentError("option", {
    what: `${algorithm}: the loss ${sorting} sorts the pairs of a batch, which parts of it cannot`,
    got: `microBatchSize ${microBatchSize} of batchSize ${batchSize}`,
    expected: "no microBatchSize",
    fix: "Leave microBatchSize out, or lower batchSize to it.",
  });
}
