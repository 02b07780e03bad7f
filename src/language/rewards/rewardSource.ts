/**
 * What completions are scored by: functions of tokens, reward models, or several of both with weights. A function of texts is made
 * one of tokens by `textReward`.
 */

import { checkArguments, finiteNumber, optional, text } from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import type { LanguageModel } from "../model/languageModel.ts";
import { languageModelCheck } from "../model/languageModel.ts";
import type { TextTokenizer } from "../tokenizer/textTokenizer.ts";

/**
 * A finite number for each completion, in their order; null for one that it has no opinion on, which then counts in no mean. Prompts
 * and completions are token ids; a completion that ended by itself ends with the end token.
 */
export type RewardFunction = (
  prompts: readonly (readonly number[])[],
  completions: readonly (readonly number[])[],
) => ArrayLike<number | null> | Promise<ArrayLike<number | null>>;

/** One of several. */
export interface WeightedReward {
  /** In figures: rewards/NAME/mean. Default: the function's own name, or "model". */
  readonly name?: string;
  /** Default 1. */
  readonly weight?: number;
  /** A function, or a model with the head "score", which scores what stands at a completion's last token. */
  readonly reward: RewardFunction | LanguageModel;
}

export type RewardSource = RewardFunction | LanguageModel | readonly WeightedReward[];

export interface NamedReward {
  readonly name: string;
  readonly weight: number;
  readonly reward: RewardFunction | LanguageModel;
}

/** @throws AscentError "option" for what is no source of rewards, naming which. */
export function namedRewards(caller: string, source: RewardSource): readonly NamedReward[] {
  const list: readonly WeightedReward[] = Array.isArray(source)
    ? (source as readonly WeightedReward[])
    : [{ reward: source as RewardFunction | LanguageModel }];
  if (list.length === 0) throw refuse(caller, "rewards", "an empty list");
  const used = new Set<string>();
  return list.map((one, i) => {
    const where = list.length === 1 && one.reward === source ? "reward" : `reward ${i}`;
    if (typeof one !== "object" || one === null) throw refuse(caller, where, describeValue(one));
    const { name, weight = 1, reward } = one;
    checkArguments(`${caller}: ${where}`, { name: optional(text), weight: finiteNumber }, { name, weight });
    if (typeof reward !== "function" && !isScorer(reward)) throw refuse(caller, where, whatIs(reward));
    const base = name ?? (typeof reward === "function" ? reward.name || "reward" : "model");
    let own = base;
    for (let k = 2; used.has(own); k++) own = `${base}_${k}`;
    used.add(own);
    return { name: own, weight, reward };
  });
}

function isScorer(reward: unknown): reward is LanguageModel {
  return languageModelCheck.fits(reward) && (reward as LanguageModel).network.description.head === "score";
}

function whatIs(reward: unknown): string {
  return languageModelCheck.fits(reward) ? 'a model with the head "language"' : describeValue(reward);
}

function refuse(caller: string, where: string, got: string): AscentError {
  return new AscentError("option", {
    what: `${caller}: ${where} is nothing that scores completions`,
    got,
    expected:
      'a function of (prompts, completions), a model with the head "score", or a list of { reward, weight, name }',
    fix: "Give such a function: (prompts, completions) => completions.map((tokens) => -tokens.length).",
  });
}

/**
 * A function of texts as one of tokens.
 *
 * @param score a number, or null, for each completion; special tokens are left out of the texts.
 * @throws AscentError "option" for arguments of another kind.
 */
export function textReward(
  tokenizer: TextTokenizer,
  score: (
    prompts: readonly string[],
    completions: readonly string[],
  ) => ArrayLike<number | null> | Promise<ArrayLike<number | null>>,
): RewardFunction {
  checkArguments("textReward", { tokenizer: tokenizerCheck, score: functionCheck }, { tokenizer, score });
  const textsOf = (rows: readonly (readonly number[])[]) =>
    rows.map((ids) => tokenizer.decode(ids, { skipSpecial: true }));
  const reward: RewardFunction = (prompts, completions) => score(textsOf(prompts), textsOf(completions));
  return Object.defineProperty(reward, "name", { value: score.name });
}

const tokenizerCheck = {
  expected: "a tokenizer",
  fits: (x: unknown) => typeof x === "object" && x !== null && "decode" in x && "encode" in x,
  fix: "Give a model's tokenizer, or what textTokenizer gives.",
};
const functionCheck = {
  expected: "a function of (prompts, completions)",
  fits: (x: unknown) => typeof x === "function",
};
