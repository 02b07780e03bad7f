/**
 * PEFT's files of a LoRA adapter: adapter_config.json and adapter_model.safetensors, to and from the description's field and
 * the adapter's numbers. Kinds of LoRA that compute something else are named in an error.
 */

import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import type { StoredTensor, TensorToStore } from "../../files/safetensors.ts";
import { formatShape } from "../../tensor/shape.ts";
import { type Config, type FileDtype, fileDtypes } from "./config.ts";
import type { LanguageModelDescription, LoraDescription } from "./description.ts";
import { besideAdapter, familyNames } from "./families.ts";
import type { LanguageModel } from "./languageModel.ts";
import type { LanguageNetwork } from "./network.ts";
import { decodeTensors, encodeTensors, type Files, jsonBytes, type ReadFile } from "./weightFiles.ts";
import { checkedFloats, fileNames } from "./weights.ts";

export const ADAPTER_CONFIG = "adapter_config.json";
export const ADAPTER_WEIGHTS = "adapter_model.safetensors";
const PREFIX = "base_model.model.";

/** Fields that change what is computed, and what each must be: empty, or one of these. */
const FIXED: Readonly<Record<string, readonly unknown[]>> = {
  peft_type: ["LORA"],
  bias: ["none"],
  use_dora: [false],
  use_qalora: [false],
  lora_bias: [false],
  init_lora_weights: [true, false, "gaussian", "orthogonal", "eva"],
  rank_pattern: [],
  alpha_pattern: [],
  layers_to_transform: [],
  layer_replication: [],
  exclude_modules: [],
  target_parameters: [],
  trainable_token_indices: [],
  alora_invocation_tokens: [],
  arrow_config: [],
  kasa_config: [],
  monteclora_config: [],
  use_bdlora: [],
};

/**
 * The field of a description that an adapter_config.json stands for.
 *
 * @throws AscentError "file" that names what is not supported.
 */
export function loraFromConfig(config: unknown): LoraDescription {
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw unsupported("it is not an object", describeValue(config), "what PEFT writes");
  }
  const fields = config as Config;
  for (const [key, allowed] of Object.entries(FIXED)) {
    const value = fields[key];
    if (isEmpty(value) || allowed.includes(value)) continue;
    throw unsupported(key, describeValue(value), allowed.length === 0 ? "none" : allowed.map(String).join(", "));
  }
  const { r: rank, lora_alpha: alpha, target_modules: targets, lora_dropout: dropout = 0 } = fields;
  if (!isWhole(rank)) throw unsupported("r", describeValue(rank), "a whole number ≥ 1");
  if (!isPositive(alpha)) throw unsupported("lora_alpha", describeValue(alpha), "a number above 0");
  if (!Array.isArray(targets) || !targets.every((one) => typeof one === "string")) {
    throw unsupported("target_modules", describeValue(targets), "a list of module names");
  }
  // Rank-stabilised LoRA divides by √rank in place of rank.
  const scaled = fields.use_rslora === true ? alpha * Math.sqrt(rank) : alpha;
  const kept = typeof dropout === "number" && dropout > 0 ? { dropout } : {};
  return { rank, alpha: scaled, targets: [...(targets as string[])], ...kept };
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

const isWhole = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 1;
const isPositive = (value: unknown): value is number => Number.isFinite(value) && Number(value) > 0;

/**
 * The adapter's numbers in the order of its parameters; undefined for a score head that was not trained with it.
 *
 * @throws AscentError "file" for tensors that are missing, too many or of another shape.
 */
export function readAdapterWeights(network: LanguageNetwork, read: ReadFile): (Float32Array | undefined)[] {
  const bytes = read(ADAPTER_WEIGHTS);
  if (bytes === undefined) {
    throw new AscentError("file", {
      what: `The adapter's folder has no ${ADAPTER_WEIGHTS}`,
      got: "no such file",
      expected: `${ADAPTER_CONFIG} and ${ADAPTER_WEIGHTS}`,
      fix: "Give the whole folder that PEFT's save_pretrained wrote.",
    });
  }
  const tensors = new Map<string, StoredTensor>();
  for (const [name, tensor] of decodeTensors(ADAPTER_WEIGHTS, bytes)) {
    tensors.set(name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name, tensor);
  }
  const names = adapterNames(network);
  const weights = names.map((name, i) => {
    const tensor = tensors.get(name);
    const { shape } = network.adapter[i];
    if (tensor !== undefined) return checkedFloats(name, tensor, shape);
    if (name === `${familyNames[network.description.family].score}.weight`) return undefined;
    throw wrongTensor(`tensor "${name}"`, "nothing", `one of shape ${formatShape(shape)}`);
  });
  const extra = [...tensors.keys()].filter((name) => !names.includes(name));
  if (extra.length > 0) throw wrongTensor("tensors that no target has", extra.slice(0, 5).join(", "), "none");
  return weights;
}

/** The adapter's names in files: a score head stands there under its own. */
function adapterNames(network: LanguageNetwork): string[] {
  const { score } = familyNames[network.description.family];
  const [own, stored] = [`${besideAdapter(score)}.weight`, `${score}.weight`];
  return fileNames(network, network.adapter).map((name) => (name === own ? stored : name));
}

/**
 * The adapter's two files. A score head goes with them, as PEFT does it.
 *
 * @param base what is written down as the base: a folder or a name.
 */
export function adapterFiles({ network, adapterBlock }: LanguageModel, base: string | null, dtype: FileDtype): Files {
  const { lora } = network.description;
  if (lora === undefined || adapterBlock === undefined) return {};
  const tensors = adapterNames(network).map((name, i): readonly [string, TensorToStore] => {
    const { attributes, shape } = network.adapter[i];
    return [`${PREFIX}${name}`, { dtype: fileDtypes[dtype], shape, data: adapterBlock.values(attributes.name ?? "") }];
  });
  const config = configFromLora(lora, network.description, base);
  return { [ADAPTER_CONFIG]: jsonBytes(config), [ADAPTER_WEIGHTS]: encodeTensors(tensors) };
}

function configFromLora(
  lora: LoraDescription,
  { head, family }: LanguageModelDescription,
  base: string | null,
): Config {
  return {
    peft_type: "LORA",
    task_type: head === "score" ? "SEQ_CLS" : "CAUSAL_LM",
    base_model_name_or_path: base,
    r: lora.rank,
    lora_alpha: lora.alpha,
    lora_dropout: lora.dropout ?? 0,
    target_modules: lora.targets,
    fan_in_fan_out: familyNames[family].inputsFirst,
    bias: "none",
    modules_to_save: head === "score" ? [familyNames[family].score] : null,
    init_lora_weights: true,
    inference_mode: true,
    use_rslora: false,
    use_dora: false,
  };
}

function unsupported(what: string, got: string, expected: string): AscentError {
  return new AscentError("file", {
    what: `${ADAPTER_CONFIG} describes an adapter that is not supported: ${what}`,
    got,
    expected,
    fix: "Merge the adapter with PEFT (merge_and_unload) and load the merged model.",
  });
}

function wrongTensor(what: string, got: string, expected: string): AscentError {
  return new AscentError("file", {
    what: `The adapter does not fit its config and the model: ${what}`,
    got,
    expected,
    fix: "Use the base model and the files that the adapter was trained with.",
  });
}
