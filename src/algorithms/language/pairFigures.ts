/** The figures of a batch of pairs, by TRL's names: from log-probabilities, rewards and sums over tokens of each sequence. */

import type { PreferenceRow } from "../../language/data/rows.ts";
import type { Figures } from "../../learners/learner.ts";
import { exp, log1p } from "../../math/deterministic.ts";
import type { TextBatch } from "./objective.ts";
import type { PairSettings } from "./pairSettings.ts";
import { predictedTokens } from "./sequences.ts";
import { perToken } from "./tokenFigures.ts";

export function pairFigures(
  { rows, sequences }: TextBatch<PreferenceRow>,
  vectors: Readonly<Record<string, Float32Array>>,
  { shows = [], promptLikelihood = false, logitsOver }: PairSettings,
): Figures {
  const { logProb, reward, score, entropy, hits, logits, likelihood } = vectors;
  const pairs = rows.length;
  const counts = sequences.map(predictedTokens);
  const longest = Math.max(...sequences.map(({ tokens }) => tokens.length));
  const over = logitsOver === undefined ? counts : counts.map(() => longest - (logitsOver === "positions" ? 0 : 1));
  const mean = (value: (pair: number) => number) => {
    let total = 0;
    for (let i = 0; i < pairs; i++) total += value(i);
    return total / pairs;
  };
  const figures: Figures = {
    "rewards/chosen": mean((i) => reward[i]),
    "rewards/rejected": mean((i) => reward[pairs + i]),
    "rewards/accuracies": mean((i) => (reward[i] > reward[pairs + i] ? 1 : 0)),
    "rewards/margins": mean((i) => reward[i] - reward[pairs + i]),
    "logps/chosen": mean((i) => logProb[i]),
    "logps/rejected": mean((i) => logProb[pairs + i]),
    "logits/chosen": perToken(logits, over, 0, pairs),
    "logits/rejected": perToken(logits, over, pairs),
    entropy: perToken(entropy, counts),
    mean_token_accuracy: perToken(hits, counts, 0, pairs),
  };
  if (shows.includes("likelihood")) {
    const tokens = sequences.slice(0, pairs).map((one, i) => (promptLikelihood ? one.tokens.length - 1 : counts[i]));
    figures["nll_loss"] = -perToken(likelihood, tokens);
  }
  if (shows.includes("odds")) {
    const odds = (i: number) => score[i] - score[pairs + i];
    figures["log_odds_ratio"] = mean((i) => logSigmoid(odds(i)));
    figures["log_odds_chosen"] = mean(odds);
  }
  return figures;
}

function logSigmoid(x: number): number {
  return Math.min(x, 0) - log1p(exp(-Math.abs(x)));
}
