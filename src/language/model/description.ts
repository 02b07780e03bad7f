/**
 * A language model as a plain object: sizes, kinds of its parts, and whose files it has. Everything else (network, starting
 * values, config.json) follows from it. What a family fixes is checked here, once, before anything is made.
 */

import {
  checkArgument,
  checkOptions,
  finiteNumber,
  listOf,
  named,
  type OptionChecks,
  oneOf,
  optional,
  positiveNumber,
  share,
  text,
  trueOrFalse,
  wholeNumber,
} from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";

export type LanguageModelFamily = "gpt2" | "llama" | "qwen2" | "qwen3";

/** Low-rank adaptation (Hu et al. 2021): W + (alpha / rank) · B A beside the weights of some linear layers. */
export interface LoraDescription {
  rank: number;
  alpha: number;
  /** Modules by the end of their path, such as "c_attn", "q_proj" or "mlp.c_proj"; every layer's. */
  targets: readonly string[];
  /** Kept for the files of others; nothing is dropped here. */
  dropout?: number;
}

export interface LanguageModelDescription {
  /** Whose names and layout the files have. */
  family: LanguageModelFamily;
  vocabularySize: number;
  /** The longest sequence, in tokens. */
  contextLength: number;
  width: number;
  layers: number;
  heads: number;
  /** Fewer than `heads`: each serves heads / keyValueHeads of them (grouped-query attention). */
  keyValueHeads: number;
  headSize: number;
  /** Of the feed-forward part. */
  hiddenSize: number;
  norm: "layer" | "rms";
  normEpsilon: number;
  positions: "learned" | { rotaryBase: number };
  /** gelu: with the error function; geluTanh: GPT-2's approximation. */
  activation: "gelu" | "geluTanh" | "silu";
  /** Whether the feed-forward part multiplies by a gate (SwiGLU). */
  gated: boolean;
  /** Whether the head's weights are the embedding's. */
  tiedHead: boolean;
  attentionBias: "none" | "queryKeyValue" | "all";
  feedForwardBias: boolean;
  /** RMS norms on each head's queries and keys. */
  queryKeyNorm: boolean;
  /** language: logits of the next token; score: one number a position (sequence classification with one label). */
  head: "language" | "score";
  lora?: LoraDescription;
  /** Ids that files of the family name. */
  specialTokens?: { bos?: number; eos?: number | readonly number[]; pad?: number };
}

const loraChecks: OptionChecks<LoraDescription> = {
  rank: wholeNumber(1),
  alpha: positiveNumber,
  targets: listOf(text, "a list of module names"),
  dropout: optional(share),
};

const positionsCheck = {
  expected: '"learned" or { rotaryBase: a number above 1 }',
  fits: (x: unknown) => x === "learned" || Number((x as { rotaryBase?: unknown } | null)?.rotaryBase) > 1,
};

const descriptionChecks: OptionChecks<LanguageModelDescription> = {
  family: oneOf(["gpt2", "llama", "qwen2", "qwen3"]),
  vocabularySize: wholeNumber(2),
  contextLength: wholeNumber(1),
  width: wholeNumber(1),
  layers: wholeNumber(1),
  heads: wholeNumber(1),
  keyValueHeads: wholeNumber(1),
  headSize: wholeNumber(1),
  hiddenSize: wholeNumber(1),
  norm: oneOf(["layer", "rms"]),
  normEpsilon: positiveNumber,
  positions: positionsCheck,
  activation: oneOf(["gelu", "geluTanh", "silu"]),
  gated: trueOrFalse,
  tiedHead: trueOrFalse,
  attentionBias: oneOf(["none", "queryKeyValue", "all"]),
  feedForwardBias: trueOrFalse,
  queryKeyNorm: trueOrFalse,
  head: oneOf(["language", "score"]),
  lora: optional(named("an object { rank, alpha, targets }")),
  specialTokens: optional(named("an object of token ids { bos, eos, pad }")),
};

type Fixed = { readonly [Field in keyof LanguageModelDescription]?: readonly unknown[] };

const rotary: Fixed = { norm: ["rms"], positions: ["rotary"], gated: [true] };

/** What the layout of a family's files leaves open. "rotary" stands for any base. */
const FIXED: Readonly<Record<LanguageModelFamily, Fixed>> = {
  gpt2: {
    norm: ["layer"],
    positions: ["learned"],
    gated: [false],
    attentionBias: ["all"],
    feedForwardBias: [true],
    queryKeyNorm: [false],
  },
  llama: { ...rotary, attentionBias: ["none", "all"], queryKeyNorm: [false] },
  qwen2: { ...rotary, attentionBias: ["queryKeyValue"], feedForwardBias: [false], queryKeyNorm: [false] },
  qwen3: { ...rotary, attentionBias: ["none", "all"], feedForwardBias: [false], queryKeyNorm: [true] },
};

/**
 * @throws AscentError "option" that names the field and what may stand there, unless the object describes a model that can be
 *   made here.
 */
export function checkDescription(caller: string, description: LanguageModelDescription): void {
  checkOptions(`${caller}: description`, descriptionChecks, description);
  const { family, heads, keyValueHeads, headSize, width, positions, lora, specialTokens } = description;
  for (const [field, allowed] of Object.entries(FIXED[family])) {
    const value = description[field as keyof LanguageModelDescription];
    const plain = field === "positions" && value !== "learned" ? "rotary" : value;
    if (allowed.includes(plain)) continue;
    refuse(caller, `${field} of the family "${family}"`, describeValue(value), allowed.map(String).join(" or "));
  }
  if (heads % keyValueHeads !== 0) {
    refuse(caller, "keyValueHeads", `${keyValueHeads} for ${heads} heads`, "a divisor of heads");
  }
  if (family === "gpt2" && (heads * headSize !== width || keyValueHeads !== heads)) {
    const got = `heads ${heads}, keyValueHeads ${keyValueHeads}, headSize ${headSize}, width ${width}`;
    refuse(caller, 'the heads of the family "gpt2"', got, "heads · headSize = width, and keyValueHeads = heads");
  }
  if (positions !== "learned" && headSize % 2 !== 0) {
    refuse(caller, "headSize with rotary positions", String(headSize), "an even number");
  }
  if (lora !== undefined) checkOptions(`${caller}: description.lora`, loraChecks, lora);
  const ids = Object.values(specialTokens ?? {}).flat();
  for (const id of ids) {
    const check = wholeNumber(0, description.vocabularySize - 1);
    if (id !== undefined) checkArgument(`${caller}: description.specialTokens`, check, id);
  }
  checkArgument(`${caller}: description.normEpsilon`, finiteNumber, description.normEpsilon);
}

function refuse(caller: string, what: string, got: string, expected: string): never {
  throw new AscentError("option", {
    what: `${caller}: description: ${what}`,
    got,
    expected,
    fix: "Change that field, or choose the family whose layout allows it.",
  });
}
