/** The policy's own forward pass over completions before it learns from them: what ratios are held against. */

import type { LanguageModel } from "../../../language/model/languageModel.ts";
import { tokenEntropy } from "../../../language/model/tokenEntropy.ts";
import { mul } from "../../../tensor/ops/elementwise.ts";
import { type TokenPass, tokenPass } from "./tokenPass.ts";

/** @param entropies gives `entropy` beside `logProb`. */
export function policyPass(
  algorithm: string,
  model: LanguageModel,
  temperature: number,
  rows: number,
  entropies: boolean,
): TokenPass {
  const { network } = model;
  return tokenPass({
    name: `${algorithm}: policy`,
    model,
    rows,
    outputs: (states, targets) => ({
      logProb: network.targetLogProbs(states, targets, temperature),
      ...(entropies && { entropy: tokenEntropy(mul(network.logits(states), 1 / temperature)) }),
    }),
  });
}
