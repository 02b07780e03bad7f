/**
 * KTO (Ethayarajh et al. 2024; docs/theory.md, 27): completions that are good or bad each by itself. Their rewards are held against a
 * reference point, the policy's divergence from the reference estimated on prompts with completions of other prompts. With that point
 * at 0 it is APO-zero for single completions (D'Oosterlinck et al. 2024).
 */

import { z } from "zod";
import { AscentError } from "../../errors.ts";
import { mismatchedRows } from "../../estimators/preferences/groupAdvantages.ts";
import type { PromptCompletion, Rows } from "../../language/data/rows.ts";
import type { LanguageModel } from "../../language/model/languageModel.ts";
import type { LanguageLearner } from "../../learners/languageLearner.ts";
import { ktoLoss } from "../../objectives/preferences/kto.ts";
import { sequenceLogProb } from "../../objectives/preferences/sequences.ts";
import type { Given } from "../../options/given.ts";
import { parseOptions } from "../../options/parse.ts";
import type { Work } from "../../pauses.ts";
import { mul } from "../../tensor/ops/elementwise.ts";
import { sliceAxis } from "../../tensor/ops/layout.ts";
import { fallingRate, referenceOptions, updateOptions } from "./commonOptions.ts";
import { checkMaterial, type Encode, type EncodedRows, encodeRows } from "./encodedRows.ts";
import type { TextBatch, TextObjective } from "./objective.ts";
import { makeReference, type Reference } from "./reference.ts";
import { type SequenceScorer, sequenceScorer } from "./sequenceScorer.ts";
import { type EncodedSequence, encodeSequence, predictedTokens } from "./sequences.ts";
import { supervisedLearner } from "./supervisedLearner.ts";
import { meanWhere, perToken, tokenFigures } from "./tokenFigures.ts";

export const ktoOptions = z.strictObject({
  ...updateOptions,
  learningRate: fallingRate(1e-6),
  loss: z
    .enum(["kto", "apo_zero_unpaired"])
    .default("kto")
    .describe("apo_zero_unpaired: the reference point stays at 0"),
  beta: z.number().positive().default(0.1).describe("β: how strongly the policy is held to the reference"),
  desirableWeight: z.number().min(0).default(1).describe("of completions that are wanted"),
  undesirableWeight: z.number().min(0).default(1).describe("of completions that are not"),
  movingReference: referenceOptions.movingReference,
  referenceMixing: referenceOptions.referenceMixing,
  referenceEvery: referenceOptions.referenceEvery,
});

export type KtoOptions = Given<typeof ktoOptions>;

/** What a learner of labelled completions with a reference is made from. */
export interface ReferencedCompletions {
  /** Trained in place: all of it, or with LoRA its adapter. */
  readonly model: LanguageModel;
  /** Each with its label. */
  readonly rows: Rows<PromptCompletion>;
  /** What the policy is held to; default: a copy of it as it starts, with LoRA itself with the adapter off. */
  readonly reference?: LanguageModel;
}

/**
 * A learner on labelled completions; an iteration is one update, and its `steps` are completions seen. All of one label is
 * allowed.
 *
 * @param totalSteps the run's planned length in completions, over which schedules anneal unless `annealSteps` is given.
 * @throws AscentError "option" for unknown or ill-typed options, references that cannot be, rows without a label or that cannot be
 *   learnt from, naming the row, and a single row: its prompt has no other completion.
 */
export function* makingKto(
  { model, rows, reference: held }: ReferencedCompletions,
  given: KtoOptions,
  totalSteps: number,
): Work<LanguageLearner> {
  checkMaterial("kto", { model, rows, totalSteps });
  const options = parseOptions("kto", ktoOptions, given);
  const encode = ktoEncoding(model, options);
  const data = yield* encodeRows("kto", rows, encode, options);
  return ktoLearner({ model, data, options, held, annealSteps: options.annealSteps ?? totalSteps });
}

export interface KtoLearnerParts {
  readonly model: LanguageModel;
  readonly data: EncodedRows<PromptCompletion>;
  readonly options: z.output<typeof ktoOptions>;
  readonly held: LanguageModel | undefined;
  readonly annealSteps: number;
}

export function ktoLearner({ model, data, options, held, annealSteps }: KtoLearnerParts): LanguageLearner {
  if (data.length < 2 && options.loss === "kto") {
    throw new AscentError("option", {
      what: "kto: the reference point needs a prompt with another one's completion",
      got: "one row",
      expected: "at least two",
      fix: 'Give more rows, or set loss to "apo_zero_unpaired".',
    });
  }
  const { batchSize, microBatchSize = batchSize } = options;
  const size = Math.min(microBatchSize, batchSize);
  const longest = Math.min(options.maxLength, model.network.description.contextLength);
  const lengths = mismatchedLengths(data, longest);
  const reference = makeReference({
    algorithm: "kto",
    model,
    ...(held && { given: held }),
    ...(options.movingReference && { moving: { mixing: options.referenceMixing, every: options.referenceEvery } }),
    lengths,
    rows: size,
    data,
  });
  const scorer = sequenceScorer("kto: reference point", model, lengths, size);
  const encode = ktoEncoding(model, options);
  const others = (batch: TextBatch<PromptCompletion>) => mismatched(batch, data, encode);
  const objective = ktoObjective({ options, reference, scorer, others });
  return supervisedLearner({ algorithm: "kto", model, data, objective, options, annealSteps, reference });
}

export function ktoEncoding(
  { network: { description } }: LanguageModel,
  { maxLength }: { maxLength: number },
): Encode<PromptCompletion> {
  const longest = Math.min(maxLength, description.contextLength);
  return (row, what) => {
    if (typeof row.label !== "boolean") {
      throw new AscentError("option", {
        what: `${what}: the label is missing`,
        got: row.label === undefined ? "none" : String(row.label),
        expected: "label: true or false",
        fix: "Say of each completion whether it is wanted; pairs become such rows by unpairPreferences.",
      });
    }
    const sequence = encodeSequence(what, row, description, longest);
    return predictedTokens(sequence) > 0 ? [sequence] : undefined;
  };
}

/** Lengths of programs that hold any prompt with any completion: longer than any row, perhaps. */
function mismatchedLengths({ order: { lengths }, longest }: EncodedRows<unknown>, most: number): readonly number[] {
  const length = Math.min(longest.prompt + longest.completion, most);
  return length > (lengths.at(-1) ?? 0) ? [...lengths, length] : lengths;
}

/** Each prompt of the batch with the completion of the row before it; of a batch of one row, of the next row of the data. */
function mismatched(
  { rows, numbers }: TextBatch<PromptCompletion>,
  data: EncodedRows<PromptCompletion>,
  encode: Encode<PromptCompletion>,
): EncodedSequence[] {
  const partners =
    rows.length === 1
      ? [data.row((numbers[0] + 1) % data.length)]
      : Array.from(mismatchedRows(rows.length), (k) => rows[k]);
  return rows.flatMap((row, i) => {
    const other = encode(
      { prompt: row.prompt, completion: partners[i].completion, label: true },
      "kto: reference point",
    );
    return other ?? [];
  });
}

export interface KtoParts {
  readonly options: Pick<z.output<typeof ktoOptions>, "loss" | "beta" | "desirableWeight" | "undesirableWeight">;
  readonly reference: Reference;
  /** Of the policy, for the reference point. */
  readonly scorer: SequenceScorer;
  /** Prompts of the batch with completions of others; none where truncation leaves nothing of them. */
  others(batch: TextBatch<PromptCompletion>): readonly EncodedSequence[];
}

export function ktoObjective({ options, reference, scorer, others }: KtoParts): TextObjective<PromptCompletion> {
  const { beta, desirableWeight, undesirableWeight, loss } = options;

  /** As `ktoReferencePoint`: the mean log-ratio, from 0 on. */
  function* referencePoint(batch: TextBatch<PromptCompletion>): Work<number> {
    const sequences = loss === "kto" ? others(batch) : [];
    if (sequences.length === 0) return 0;
    const policy = yield* scorer.logProbs(sequences);
    const held = yield* reference.of(sequences);
    return Math.max(0, policy.reduce((total, logProb, i) => total + logProb - held[i], 0) / sequences.length);
  }

  return {
    kinds: 1,
    values: ({ rows }) => ({ desirable: Float32Array.from(rows, ({ label }) => (label ? 1 : 0)) }),
    *computed(batch) {
      return { referenceLogProb: yield* reference.ofData(batch.numbers), point: yield* referencePoint(batch) };
    },
    graph({ network, tokens, length, mask, row, scalar }) {
      const states = sliceAxis(network.hidden({ tokens }), 1, 0, length - 1);
      const targets = sliceAxis(tokens, 1, 1, length - 1);
      const logProb = sequenceLogProb(network.targetLogProbs(states, targets), mask());
      const value = ktoLoss(
        {
          logProb,
          referenceLogProb: row("referenceLogProb"),
          desirable: row("desirable"),
          referencePoint: scalar("point"),
        },
        { beta, desirableWeight, undesirableWeight },
      );
      return {
        loss: mul(value, scalar("share")),
        vectors: { ...tokenFigures(network.logits(states), targets, mask()), logProb },
      };
    },
    figures({ rows, sequences }, { logProb, entropy, logits }, { referenceLogProb, point }) {
      const held = referenceLogProb as Float32Array;
      const counts = sequences.map(predictedTokens);
      const wanted = (i: number) => rows[i].label === true;
      const other = (i: number) => !wanted(i);
      const reward = logProb.map((own, i) => beta * (own - held[i]));
      const of = (picks: (i: number) => boolean) => rows.map((_, i) => i).filter(picks);
      const level = (picks: (i: number) => boolean) =>
        of(picks).length === 0
          ? Number.NaN
          : perToken(
              of(picks).map((i) => logits[i]),
              of(picks).map((i) => counts[i]),
            );
      const [chosen, rejected] = [meanWhere(reward, wanted), meanWhere(reward, other)];
      return {
        kl: point as number,
        "rewards/chosen": chosen,
        "rewards/rejected": rejected,
        "rewards/margins": chosen - rejected,
        "logps/chosen": meanWhere(logProb, wanted),
        "logps/rejected": meanWhere(logProb, other),
        "logits/chosen": level(wanted),
        "logits/rejected": level(other),
        entropy: perToken(entropy, counts),
      };
    },
  };
}
