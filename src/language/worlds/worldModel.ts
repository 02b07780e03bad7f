/** The models that worlds are trained with: small transformers of GPT-2's kind. */

import type { LanguageModelDescription } from "../model/description.ts";

export interface WorldModelSize {
  readonly vocabularySize: number;
  /** Prompt and completion together. */
  readonly contextLength: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
}

export function worldModel({
  vocabularySize,
  contextLength,
  width,
  layers,
  heads,
}: WorldModelSize): LanguageModelDescription {
  return {
    ...{ vocabularySize, contextLength, width, layers, heads },
    keyValueHeads: heads,
    headSize: width / heads,
    hiddenSize: 4 * width,
    norm: "layer",
    normEpsilon: 1e-5,
    positions: "learned",
    activation: "geluTanh",
    gated: false,
    tiedHead: true,
    attentionBias: "all",
    feedForwardBias: true,
    queryKeyNorm: false,
    head: "language",
    family: "gpt2",
  };
}
