/**
 * The objective of the whole DPO family: pairs of completions under `preferenceLoss`, with or without a reference. What DPO, CPO,
 * SimPO and ORPO differ in is the settings of that loss, what they call a reward, and whether the likelihood is of the prompt too.
 */

import { lengthDesensitisedWeights } from "../../estimators/preferences/lengthDesensitised.ts";
import type { PreferenceRow } from "../../language/data/rows.ts";
import type { LanguageModelDescription } from "../../language/model/description.ts";
import type { TokenBatch } from "../../language/model/network.ts";
import { preferenceLoss } from "../../objectives/preferences/preferenceLoss.ts";
import { scoreOf } from "../../objectives/preferences/scores.ts";
import { masked, sequenceLogProb, tokenCount } from "../../objectives/preferences/sequences.ts";
import { constant, type Tensor } from "../../tensor/graph.ts";
import { div, exp, mul, neg, stopGradient, sub } from "../../tensor/ops/elementwise.ts";
import { concat, sliceAxis } from "../../tensor/ops/layout.ts";
import { mean, sum } from "../../tensor/ops/reduce.ts";
import { logSumExp } from "../../tensor/ops/softmax.ts";
import type { PartGraph, PartLoss, TextBatch, TextObjective } from "./objective.ts";
import { pairFigures } from "./pairFigures.ts";
import type { PairSettings } from "./pairSettings.ts";
import { type EncodedSequence, encodeSequence, predictedTokens } from "./sequences.ts";
import { tokenFigures } from "./tokenFigures.ts";

/**
 * Both completions behind the prompt; undefined where one of them loses all it has to the longest length, or both are the same
 * within it: that is no preference, and Adam would make steps of its rounding.
 *
 * @param tailShare what a token counts that the longer completion has more than the shorter (LD-DPO, Liu et al. 2024). Default 1.
 */
export function encodePair(
  { prompt, chosen, rejected }: PreferenceRow,
  what: string,
  description: LanguageModelDescription,
  maxLength: number,
  tailShare = 1,
): EncodedSequence[] | undefined {
  const longest = Math.min(maxLength, description.contextLength);
  const pair = [
    encodeSequence(`${what}, chosen`, { prompt, completion: chosen }, description, longest),
    encodeSequence(`${what}, rejected`, { prompt, completion: rejected }, description, longest),
  ];
  if (!pair.every((sequence) => predictedTokens(sequence) > 0) || areSame(pair)) return undefined;
  if (tailShare === 1) return pair;
  const masks = pair.map(({ tokens, from }) => new Float32Array(tokens.length - from).fill(1));
  return pair.map((sequence, i) => {
    const weights = new Float32Array(masks[i].length);
    lengthDesensitisedWeights(masks[i], masks[1 - i], 1, tailShare, weights);
    return { ...sequence, weights };
  });
}

function areSame([one, other]: readonly EncodedSequence[]): boolean {
  return one.tokens.length === other.tokens.length && one.tokens.every((token, i) => token === other.tokens[i]);
}

/** @throws AscentError "option" for settings of the loss that do not go together. */
export function pairObjective(settings: PairSettings): TextObjective<PreferenceRow> {
  const { reference, promptLikelihood = false } = settings;
  tryOut(settings);
  return {
    kinds: 2,
    values({ rows, sequences }) {
      const chosen = sequences.slice(0, rows.length);
      const counts = chosen.map((one) => (promptLikelihood ? one.tokens.length - 1 : predictedTokens(one)));
      return { likelihoodTokens: counts.reduce((a, b) => a + b, 0) };
    },
    ...(reference && {
      *computed({ numbers }: TextBatch<PreferenceRow>) {
        return { reference: yield* reference.ofData(numbers) };
      },
    }),
    graph: (part) => pairGraph(part, settings),
    figures: (batch, vectors) => pairFigures(batch, vectors, settings),
  };
}

/** The loss of a pair that is made up: what is wrong with it is said before anything is trained. */
function tryOut({ loss, reference }: PairSettings): void {
  const one = constant([-1], [1]);
  const side = { logProb: one, length: one, ...(reference && { referenceLogProb: one }) };
  preferenceLoss({ chosen: side, rejected: side }, loss);
}

function pairGraph(part: PartGraph, settings: PairSettings): PartLoss {
  const { network, tokens, length, kind } = part;
  const { loss, reference, weighted, promptLikelihood, reward, logitsOver, shows = [] } = settings;
  const hidden = network.hidden(logitsOver === undefined ? { tokens } : maskedBatch(part));
  const states = sliceAxis(hidden, 1, 0, length - 1);
  const targets = sliceAxis(tokens, 1, 1, length - 1);
  const tokenLogProb = network.targetLogProbs(states, targets);
  const mask = part.mask();
  const logProb = sequenceLogProb(tokenLogProb, part.weights());
  const referenceLogProb = reference === undefined ? undefined : part.sequence("reference");
  const count = tokenCount(mask);
  const side = (which: number) => ({
    logProb: kind(logProb, which),
    ...(referenceLogProb && { referenceLogProb: kind(referenceLogProb, which) }),
    length: kind(count, which),
  });
  const likelihood = kind(sum(masked(tokenLogProb, promptLikelihood ? part.real() : mask), 1), 0);
  const share = part.scalar("share");
  const logits = network.logits(states);
  const pairs = {
    chosen: side(0),
    rejected: side(1),
    // Of this part, so that its share of the batch's pairs times this is its share of the batch's likelihood.
    ...(shows.includes("likelihood") && {
      negativeLogLikelihood: neg(div(sum(likelihood), mul(part.scalar("likelihoodTokens"), share))),
    }),
    ...(weighted && { weight: pairWeight(logits, tokenLogProb, mask, kind) }),
  };
  const whole = referenceLogProb === undefined ? logProb : sub(logProb, referenceLogProb);
  const logRatio = loss.average ? div(whole, count) : whole;
  const score = scoreOf(logRatio, loss.score ?? "reverse_kl");
  const figures = tokenFigures(logits, targets, mask);
  return {
    loss: mul(preferenceLoss(pairs, loss), share),
    vectors: {
      ...figures,
      ...(logitsOver === "predictions" && { logits: sum(mean(logits, 2), 1) }),
      ...(logitsOver === "positions" && { logits: sum(mean(network.logits(hidden), 2), 1) }),
      logProb: loss.average ? div(logProb, count) : logProb,
      reward: mul(reward.of === "score" ? score : logRatio, reward.beta),
      score,
      likelihood,
    },
  };
}

/** With padding that nothing attends to, so that what is computed at padding itself is as where it was recorded. */
function maskedBatch({ tokens, real, sequences, length }: PartGraph): TokenBatch {
  const first = constant(new Float32Array(sequences).fill(1), [sequences, 1]);
  const places = Int32Array.from({ length: sequences * length }, (_, i) => i % length);
  return { tokens, mask: concat([first, real()], 1), positions: constant(places, [sequences, length], "i32") };
}

/**
 * Π over both completions of exp of the mean over its tokens of log π − log Σ_v π(v)²: 1 where the policy is as sure of the
 * tokens as it is in the mean (Zhou et al. 2024, WPO, eq. 2 with its alignment).
 */
function pairWeight(
  logits: Tensor,
  tokenLogProb: Tensor,
  mask: Tensor,
  kind: (x: Tensor, kind: number) => Tensor,
): Tensor {
  const level = sub(logSumExp(mul(logits, 2)), mul(logSumExp(logits), 2));
  const weight = stopGradient(exp(div(sum(masked(sub(tokenLogProb, level), mask), 1), tokenCount(mask))));
  return mul(kind(weight, 0), kind(weight, 1));
}
