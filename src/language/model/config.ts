/**
 * Transformers' config.json to and from a description. What would compute something else than this library does is named in
 * an error; fields that only training, generation or display read are passed over.
 */

import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { didYouMean } from "../../nearest.ts";
import { checkDescription, type LanguageModelDescription, type LanguageModelFamily } from "./description.ts";

export type Config = Readonly<Record<string, unknown>>;

/** The dtypes that weights can have in files, by their names in config.json. */
export const fileDtypes = { float32: "F32", float16: "F16", bfloat16: "BF16" } as const;

export type FileDtype = keyof typeof fileDtypes;

const ARCHITECTURES: Readonly<Record<string, { family: LanguageModelFamily; head: LanguageModelDescription["head"] }>> =
  {
    GPT2LMHeadModel: { family: "gpt2", head: "language" },
    GPT2ForSequenceClassification: { family: "gpt2", head: "score" },
    LlamaForCausalLM: { family: "llama", head: "language" },
    LlamaForSequenceClassification: { family: "llama", head: "score" },
    Qwen2ForCausalLM: { family: "qwen2", head: "language" },
    Qwen2ForSequenceClassification: { family: "qwen2", head: "score" },
    Qwen3ForCausalLM: { family: "qwen3", head: "language" },
    Qwen3ForSequenceClassification: { family: "qwen3", head: "score" },
  };

const ACTIVATIONS: Readonly<Record<string, LanguageModelDescription["activation"]>> = {
  gelu: "gelu",
  gelu_new: "geluTanh",
  gelu_fast: "geluTanh",
  gelu_pytorch_tanh: "geluTanh",
  silu: "silu",
  swish: "silu",
};

/**
 * @param config what JSON.parse gives of config.json.
 * @throws AscentError "file" that names what is not supported or missing.
 */
export function descriptionFromConfig(config: unknown): LanguageModelDescription {
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw unsupported("it is not an object", describeValue(config), "what Transformers writes");
  }
  const fields = config as Config;
  const { family, head } = architectureOf(fields);
  checkDtype(fields);
  refuseUnless(fields, "quantization_config", [undefined, null], "weights that are not quantised");
  if (head === "score") checkLabels(fields);
  const description = family === "gpt2" ? gpt2Description(fields) : llamaDescription(fields, family);
  const specialTokens = specialTokensOf(fields);
  const all = { ...description, head, ...(specialTokens === undefined ? {} : { specialTokens }) };
  checkDescription("config.json", all);
  return all;
}

type Rest = Omit<LanguageModelDescription, "head">;

function gpt2Description(config: Config): Rest {
  refuseUnless(config, "add_cross_attention", [undefined, false], "false");
  refuseUnless(config, "scale_attn_weights", [undefined, true], "true");
  refuseUnless(config, "scale_attn_by_inverse_layer_idx", [undefined, false], "false");
  const width = whole(config, "n_embd");
  const heads = whole(config, "n_head");
  return {
    family: "gpt2",
    vocabularySize: whole(config, "vocab_size"),
    contextLength: whole(config, "n_positions", 1024),
    width,
    layers: whole(config, "n_layer"),
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    hiddenSize: whole(config, "n_inner", 4 * width),
    norm: "layer",
    normEpsilon: numberIn(config, "layer_norm_epsilon", 1e-5),
    positions: "learned",
    activation: activationOf(config, "activation_function", "gelu_new"),
    gated: false,
    tiedHead: flag(config, "tie_word_embeddings", true),
    attentionBias: "all",
    feedForwardBias: true,
    queryKeyNorm: false,
  };
}

function llamaDescription(config: Config, family: "llama" | "qwen2" | "qwen3"): Rest {
  const width = whole(config, "hidden_size");
  const heads = whole(config, "num_attention_heads");
  if (config.use_sliding_window === true) {
    throw unsupported("use_sliding_window: attention over a window", "true", "false: attention over all tokens");
  }
  const layerTypes = Array.isArray(config.layer_types) ? config.layer_types : [];
  const other = layerTypes.find((type) => type !== "full_attention");
  if (other !== undefined) throw unsupported("layer_types", describeValue(other), '"full_attention" in every layer');
  refuseUnless(config, "partial_rotary_factor", [undefined, null, 1], "1");
  const biases = flag(config, "attention_bias", false) ? "all" : "none";
  return {
    family,
    vocabularySize: whole(config, "vocab_size"),
    contextLength: whole(config, "max_position_embeddings", family === "llama" ? 2048 : 32768),
    width,
    layers: whole(config, "num_hidden_layers"),
    heads,
    keyValueHeads: whole(config, "num_key_value_heads", family === "llama" ? heads : 32),
    headSize: whole(config, "head_dim", family === "qwen3" ? 128 : width / heads),
    hiddenSize: whole(config, "intermediate_size"),
    norm: "rms",
    normEpsilon: numberIn(config, "rms_norm_eps", 1e-6),
    positions: { rotaryBase: rotaryBase(config) },
    activation: activationOf(config, "hidden_act", "silu"),
    gated: true,
    tiedHead: flag(config, "tie_word_embeddings", false),
    attentionBias: family === "qwen2" ? "queryKeyValue" : biases,
    feedForwardBias: family === "llama" && flag(config, "mlp_bias", false),
    queryKeyNorm: family === "qwen3",
  };
}

function architectureOf(config: Config): (typeof ARCHITECTURES)[string] {
  const { architectures, model_type: type } = config;
  const name: unknown = Array.isArray(architectures) ? architectures[0] : undefined;
  const known = Object.keys(ARCHITECTURES);
  const found = typeof name === "string" && Object.hasOwn(ARCHITECTURES, name) ? ARCHITECTURES[name] : undefined;
  if (found === undefined) {
    const got = `architectures ${describeValue(architectures)}, model_type ${describeValue(type)}`;
    const near = typeof name === "string" ? didYouMean(name, known) : "";
    throw unsupported("the architecture", got, known.join(", "), `${near}Load a model of one of these kinds.`);
  }
  if (type !== undefined && type !== found.family) {
    throw unsupported("model_type", describeValue(type), `"${found.family}", which goes with ${name}`);
  }
  return found;
}

/** @returns the dtype that the weights should have, where it is said. */
export function checkDtype({ dtype, torch_dtype: old }: Config): FileDtype | undefined {
  const named = dtype ?? old;
  if (named === undefined || named === null) return undefined;
  const known = Object.keys(fileDtypes);
  if (typeof named === "string" && known.includes(named)) return named as FileDtype;
  throw unsupported("dtype", describeValue(named), known.join(", "));
}

function checkLabels({ num_labels: count, id2label: labels }: Config): void {
  const listed = typeof labels === "object" && labels !== null ? Object.keys(labels).length : 2;
  if ((count ?? listed) === 1) return;
  throw unsupported("the number of labels", describeValue(count ?? listed), "1: a score (num_labels=1)");
}

/** Of both ways of writing it: rope_parameters, and before them rope_theta beside rope_scaling. */
function rotaryBase(config: Config): number {
  const { rope_parameters: parameters, rope_scaling: scaling } = config;
  for (const [name, given] of Object.entries({ rope_parameters: parameters, rope_scaling: scaling })) {
    if (given === undefined || given === null) continue;
    const { rope_type: type, type: oldType, partial_rotary_factor: part = 1 } = given as Config;
    const kind = type ?? oldType ?? "default";
    if (kind !== "default")
      throw unsupported(`${name}: rope scaling`, describeValue(kind), '"default", which scales nothing');
    if (part !== 1) throw unsupported(`${name}.partial_rotary_factor`, describeValue(part), "1");
  }
  const inside = (parameters as Config | null | undefined)?.rope_theta;
  return numberIn({ rope_theta: inside ?? config.rope_theta }, "rope_theta", 10000);
}

function activationOf(config: Config, key: string, fallback: string): LanguageModelDescription["activation"] {
  const name = config[key] ?? fallback;
  if (typeof name === "string" && Object.hasOwn(ACTIVATIONS, name)) return ACTIVATIONS[name];
  throw unsupported(key, describeValue(name), Object.keys(ACTIVATIONS).join(", "));
}

function specialTokensOf(config: Config): LanguageModelDescription["specialTokens"] {
  const entries = (["bos", "eos", "pad"] as const).flatMap((name) => {
    const id = config[`${name}_token_id`];
    const isId = (x: unknown) => Number.isInteger(x) && Number(x) >= 0 && Number(x) < Number(config.vocab_size);
    if (isId(id) || (name === "eos" && Array.isArray(id) && id.every(isId))) return [[name, id] as const];
    return [];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function numberIn(config: Config, key: string, fallback?: number): number {
  const value = config[key] ?? fallback;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw unsupported(key, describeValue(value), "a number");
}

function whole(config: Config, key: string, fallback?: number): number {
  const value = numberIn(config, key, fallback);
  if (Number.isInteger(value) && value >= 1) return value;
  throw unsupported(key, describeValue(value), "a whole number ≥ 1");
}

function flag(config: Config, key: string, fallback: boolean): boolean {
  const value = config[key] ?? fallback;
  if (typeof value === "boolean") return value;
  throw unsupported(key, describeValue(value), "true or false");
}

function refuseUnless(config: Config, key: string, allowed: readonly unknown[], expected: string): void {
  if (!allowed.includes(config[key])) throw unsupported(key, describeValue(config[key]), expected);
}

function unsupported(what: string, got: string, expected: string, fix?: string): AscentError {
  return new AscentError("file", {
    what: `config.json describes a model that is not supported: ${what}`,
    got,
    expected,
    fix: fix ?? "Use a model without it.",
  });
}

/**
 * config.json of a description, as Transformers reads it: for both of its ways of writing rotary positions and dtypes.
 *
 * @param dtype of the weights beside it.
 */
export function configFromDescription(description: LanguageModelDescription, dtype: FileDtype = "float32"): Config {
  checkDescription("configFromDescription", description);
  const { family, head, specialTokens: { bos, eos, pad } = {} } = description;
  const [architecture] = Object.entries(ARCHITECTURES).find(([, one]) => one.family === family && one.head === head)!;
  const tokens = { bos_token_id: bos ?? null, eos_token_id: eos ?? null, pad_token_id: pad ?? null };
  const labels = head === "score" ? { id2label: { 0: "LABEL_0" }, label2id: { LABEL_0: 0 } } : {};
  return {
    architectures: [architecture],
    model_type: family,
    ...(family === "gpt2" ? gpt2Config(description) : llamaConfig(description)),
    ...labels,
    ...tokens,
    tie_word_embeddings: description.tiedHead,
    vocab_size: description.vocabularySize,
    initializer_range: 0.02,
    dtype,
    torch_dtype: dtype,
    use_cache: true,
  };
}

function gpt2Config(description: LanguageModelDescription): Config {
  const { width, hiddenSize } = description;
  return {
    n_embd: width,
    n_head: description.heads,
    n_inner: hiddenSize === 4 * width ? null : hiddenSize,
    n_layer: description.layers,
    n_positions: description.contextLength,
    activation_function: { gelu: "gelu", geluTanh: "gelu_new", silu: "silu" }[description.activation],
    layer_norm_epsilon: description.normEpsilon,
    attn_pdrop: 0,
    embd_pdrop: 0,
    resid_pdrop: 0,
    summary_first_dropout: 0,
  };
}

function llamaConfig(description: LanguageModelDescription): Config {
  const { family, positions, attentionBias } = description;
  const base = positions === "learned" ? 10000 : positions.rotaryBase;
  return {
    hidden_size: description.width,
    num_attention_heads: description.heads,
    num_key_value_heads: description.keyValueHeads,
    head_dim: description.headSize,
    intermediate_size: description.hiddenSize,
    num_hidden_layers: description.layers,
    max_position_embeddings: description.contextLength,
    hidden_act: { gelu: "gelu", geluTanh: "gelu_pytorch_tanh", silu: "silu" }[description.activation],
    rms_norm_eps: description.normEpsilon,
    rope_parameters: { rope_type: "default", rope_theta: base },
    rope_theta: base,
    attention_dropout: 0,
    ...(family === "qwen2" ? {} : { attention_bias: attentionBias === "all" }),
    ...(family === "llama" ? { mlp_bias: description.feedForwardBias } : { use_sliding_window: false }),
  };
}
