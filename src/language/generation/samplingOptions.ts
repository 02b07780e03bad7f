/**
 * How a token is chosen from a row of logits, as plain data: what the options are, which of them leave tokens out, and the
 * refusal of those where log-probabilities are compared.
 */

import {
  type Check,
  checkOptions,
  type OptionChecks,
  optional,
  positiveNumber,
  trueOrFalse,
  wholeNumber,
} from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";

export interface SamplingOptions {
  /** Logits are divided by it. Default 1; towards 0 it is `greedy`. */
  temperature?: number;
  /** Only the so many most probable tokens can be drawn. Of equals the one with the lower number goes first. Default 0: all. */
  topK?: number;
  /**
   * Of those, in falling order, only the first whose probabilities add up to this much, the one that gets there included
   * (Holtzman et al. 2020). Default 1: all.
   */
  topP?: number;
  /** Always the most probable token, of equals the one with the lowest number; the other options then mean nothing. */
  greedy?: boolean;
}

const shareAboveZero: Check = {
  expected: "a number above 0 and at most 1",
  fits: (x) => Number.isFinite(x) && Number(x) > 0 && Number(x) <= 1,
  fix: "Give the share of the probability to keep, such as 0.95; 1 keeps all.",
};

export const samplingOptions: OptionChecks<SamplingOptions> = {
  temperature: optional({
    ...positiveNumber,
    fix: "Give a number above 0; for the most probable token write greedy: true.",
  }),
  topK: optional(wholeNumber()),
  topP: optional(shareAboveZero),
  greedy: optional(trueOrFalse),
};

/** Whether some tokens cannot be drawn that the model gives a probability. */
export function leavesOut({ topK = 0, topP = 1, greedy = false }: SamplingOptions): boolean {
  return greedy || topK > 0 || topP < 1;
}

/**
 * For algorithms that compare log-probabilities of sampled tokens under several models (ratios of policies, KL divergences to a
 * reference). Under a filter each model has a set of tokens of its own: the ratio of two renormalised distributions is infinite
 * or 0 where the sets differ, and that of one filtered and one whole is wrong by the mass left out. Temperature is no filter:
 * `tokenLogProbs` of the network takes it too.
 *
 * @param caller who refuses, for the error.
 * @throws AscentError "option" for top-k, top-p and greedy decoding.
 */
export function requireUnfiltered(caller: string, options: SamplingOptions): void {
  checkOptions("requireUnfiltered", samplingOptions, options);
  if (!leavesOut(options)) return;
  const { topK = 0, topP = 1, greedy = false } = options;
  const got = greedy ? "greedy: true" : topK > 0 ? `topK: ${topK}` : `topP: ${describeValue(topP)}`;
  throw new AscentError("option", {
    what: `${caller} compares log-probabilities of what was sampled, and a filter gives each model a distribution of other tokens`,
    got,
    expected: "topK 0, topP 1 and no greedy decoding",
    fix: "Sample in training with temperature alone; filters are for generating after it.",
  });
}
