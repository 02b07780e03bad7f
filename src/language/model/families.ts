/** The names that Transformers gives to the modules of each family, as data. */

import type { LanguageModelFamily } from "./description.ts";

export interface FamilyNames {
  /** Before everything but the head. */
  readonly prefix: string;
  readonly embedding: string;
  /** Of learned positions. */
  readonly positions?: string;
  readonly layers: string;
  readonly attentionNorm: string;
  /** One module for all three, or one for each. */
  readonly queryKeyValue: readonly [fused: string] | readonly [query: string, key: string, value: string];
  readonly queryNorm: string;
  readonly keyNorm: string;
  readonly attentionOutput: string;
  readonly feedForwardNorm: string;
  readonly gate: string;
  readonly up: string;
  readonly down: string;
  readonly finalNorm: string;
  readonly head: string;
  readonly score: string;
  /** Whether linear weights are stored [in, out] (GPT-2's Conv1D) or [out, in]. */
  readonly inputsFirst: boolean;
}

const heads = { head: "lm_head", score: "score" };

const gpt2: FamilyNames = {
  ...heads,
  prefix: "transformer.",
  embedding: "transformer.wte",
  positions: "transformer.wpe",
  layers: "transformer.h",
  attentionNorm: "ln_1",
  queryKeyValue: ["attn.c_attn"],
  queryNorm: "",
  keyNorm: "",
  attentionOutput: "attn.c_proj",
  feedForwardNorm: "ln_2",
  gate: "",
  up: "mlp.c_fc",
  down: "mlp.c_proj",
  finalNorm: "transformer.ln_f",
  inputsFirst: true,
};

const llama: FamilyNames = {
  ...heads,
  prefix: "model.",
  embedding: "model.embed_tokens",
  layers: "model.layers",
  attentionNorm: "input_layernorm",
  queryKeyValue: ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
  queryNorm: "self_attn.q_norm",
  keyNorm: "self_attn.k_norm",
  attentionOutput: "self_attn.o_proj",
  feedForwardNorm: "post_attention_layernorm",
  gate: "mlp.gate_proj",
  up: "mlp.up_proj",
  down: "mlp.down_proj",
  finalNorm: "model.norm",
  inputsFirst: false,
};

/** What PEFT calls the copy of a whole module that is trained with an adapter. */
export function besideAdapter(module: string): string {
  return `${module}.modules_to_save`;
}

export const familyNames: Readonly<Record<LanguageModelFamily, FamilyNames>> = {
  gpt2,
  llama,
  qwen2: llama,
  qwen3: llama,
};
