/** What algorithms with completions of their own are made from, and checks of it. */

import { checkArguments, optional, wholeNumber } from "../../../arguments/checks.ts";
import type { Rows } from "../../../language/data/rows.ts";
import { type LanguageModel, languageModelCheck } from "../../../language/model/languageModel.ts";
import type { RewardSource } from "../../../language/rewards/rewardSource.ts";

export interface CompletionMaterial {
  /** Trained in place: all of it, or with LoRA its adapter. */
  readonly model: LanguageModel;
  /** Prompts, as tokens. */
  readonly rows: Rows<readonly number[]>;
  readonly reward: RewardSource;
  /** What the policy is held to; default: a copy of it as it starts, with LoRA itself with the adapter off. */
  readonly reference?: LanguageModel;
}

const rowsCheck = {
  expected: "a list of prompts, each a list of token ids",
  fits: (x: unknown) => typeof x === "object" && x !== null && "length" in x && "at" in x,
};

export function checkCompletionMaterial(
  algorithm: string,
  { model, rows, reference }: CompletionMaterial,
  totalSteps: number,
): void {
  const checks = {
    model: languageModelCheck,
    rows: rowsCheck,
    reference: optional(languageModelCheck),
    totalSteps: wholeNumber(1),
  };
  checkArguments(algorithm, checks, { model, rows, reference, totalSteps });
}
