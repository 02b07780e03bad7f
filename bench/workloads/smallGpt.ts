/** The language model of the benchmarks: 818k parameters, GPT-2's form. */

import type { LanguageModelDescription } from "../../src/language/model/description.ts";

export const smallGpt: LanguageModelDescription = {
  ...{ family: "gpt2", vocabularySize: 65, contextLength: 128, width: 128, layers: 4, heads: 4, keyValueHeads: 4 },
  ...{ headSize: 32, hiddenSize: 512, norm: "layer", normEpsilon: 1e-5, positions: "learned", activation: "geluTanh" },
  ...{ gated: false, tiedHead: true, attentionBias: "all", feedForwardBias: true, queryKeyNorm: false },
  head: "language",
};
