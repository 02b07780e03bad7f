/** The models that worlds are trained with: small transformers of GPT-2's kind. */

import type { LanguageModelDescription } from "../model/description.ts";
import type { TextTokenizer } from "../tokenizer/textTokenizer.ts";

export interface WorldModelSize {
  readonly vocabularySize: number;
  /** Whose special tokens the model's files name; its end token ends completions where nothing else is said. */
  readonly tokenizer?: TextTokenizer;
  /** Prompt and completion together. */
  readonly contextLength: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
}

export function worldModel(size: WorldModelSize): LanguageModelDescription {
  const { vocabularySize, tokenizer, contextLength, width, layers, heads } = size;
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
    ...(tokenizer !== undefined && {
      specialTokens: { bos: tokenizer.bosId, eos: tokenizer.eosId, pad: tokenizer.padId },
    }),
  };
}
