/** Small language models of every family and kind of part, for tests. */

import type { LanguageModelDescription } from "../../../src/language/model/description.ts";

const gpt2: LanguageModelDescription = {
  ...{ family: "gpt2", vocabularySize: 11, contextLength: 8, width: 8, layers: 2, heads: 2, keyValueHeads: 2 },
  ...{ headSize: 4, hiddenSize: 12, norm: "layer", normEpsilon: 1e-5, positions: "learned", activation: "geluTanh" },
  ...{
    gated: false,
    tiedHead: true,
    attentionBias: "all",
    feedForwardBias: true,
    queryKeyNorm: false,
    head: "language",
  },
};

const llama: LanguageModelDescription = {
  ...gpt2,
  ...{
    family: "llama",
    keyValueHeads: 1,
    norm: "rms",
    positions: { rotaryBase: 100 },
    activation: "silu",
    gated: true,
  },
  ...{ tiedHead: false, attentionBias: "none", feedForwardBias: false },
};

/** One small description of every kind of part. */
export const smallDescriptions: Readonly<Record<string, LanguageModelDescription>> = {
  gpt2,
  "gpt2, untied, erf": { ...gpt2, tiedHead: false, activation: "gelu" },
  "gpt2, score": { ...gpt2, head: "score" },
  llama,
  "llama, all biases": { ...llama, attentionBias: "all", feedForwardBias: true, tiedHead: true },
  "gpt2, LoRA": { ...gpt2, lora: { rank: 2, alpha: 3, targets: ["c_attn", "mlp.c_proj"] } },
  "gpt2, score, LoRA": { ...gpt2, head: "score", lora: { rank: 2, alpha: 3, targets: ["c_attn"] } },
  "llama, LoRA": { ...llama, lora: { rank: 2, alpha: 3, targets: ["q_proj", "v_proj", "down_proj"] } },
  qwen2: { ...llama, family: "qwen2", attentionBias: "queryKeyValue" },
  qwen3: { ...llama, family: "qwen3", queryKeyNorm: true },
};
