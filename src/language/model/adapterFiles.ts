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
import { familyNames } from "./families.ts";
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
  return { rank, alpha: scaled, targets: [...(targets as string[])].sort(), ...kept };
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

const isWhole = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 1;
const isPositive = (value: unknown): value is number => Number.isFinite(value) && Number(value) > 0;

/**
 * The adapter's numbers in the order of its parameters, and the head that was trained beside it, if the file has one.
 *
 * @throws AscentError "file" for tensors that are missing, too many or of another shape.
 */
export function readAdapterWeights(
  network: LanguageNetwork,
  read: ReadFile,
): { weights: Float32Array[]; head?: Float32Array } {
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
  const names = fileNames(network, network.adapter);
  const weights = names.map((name, i) => {
    const tensor = tensors.get(name);
    const { shape } = network.adapter[i];
    if (tensor === undefined) throw wrongTensor(`tensor "${name}"`, "nothing", `one of shape ${formatShape(shape)}`);
    return checkedFloats(name, tensor, shape);
  });
  const headName = scoreName(network.description);
  const extra = [...tensors.keys()].filter((name) => !names.includes(name) && name !== headName);
  if (extra.length > 0) throw wrongTensor("tensors that no target has", extra.slice(0, 5).join(", "), "none");
  const stored = headName === undefined ? undefined : tensors.get(headName);
  if (stored === undefined || headName === undefined) return { weights };
  return { weights, head: checkedFloats(headName, stored, [1, network.description.width]) };
}

/** Where PEFT keeps a score head that was trained with the adapter. */
export function scoreName({ head, family }: LanguageModelDescription): string | undefined {
  return head === "score" ? `${familyNames[family].score}.weight` : undefined;
}

/**
 * The adapter's two files. A score head goes with them, as PEFT does it.
 *
 * @param base what is written down as the base: a folder or a name.
 */
export function adapterFiles(model: LanguageModel, base: string | null, dtype: FileDtype): Files {
  const { network, block, adapterBlock } = model;
  const { lora } = network.description;
  if (lora === undefined || adapterBlock === undefined) return {};
  const dtypeOf = fileDtypes[dtype];
  const tensors = fileNames(network, network.adapter).map((name, i): readonly [string, TensorToStore] => [
    `${PREFIX}${name}`,
    { dtype: dtypeOf, shape: network.adapter[i].shape, data: adapterBlock.values(network.prefix + name) },
  ]);
  const head = scoreName(network.description);
  const beside: (readonly [string, TensorToStore])[] =
    head === undefined
      ? []
      : [
          [
            PREFIX + head,
            { dtype: dtypeOf, shape: [1, network.description.width], data: block.values(network.prefix + head) },
          ],
        ];
  const config = configFromLora(lora, network.description, base);
  return { [ADAPTER_CONFIG]: jsonBytes(config), [ADAPTER_WEIGHTS]: encodeTensors([...tensors, ...beside]) };
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
