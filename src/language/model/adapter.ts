/** LoRA put beside a model, and merged into it: from a model with the one description to a model with the other. */

import { checkArguments, checkOptions, named, optional, seed, text } from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import type { LoraDescription } from "./description.ts";
import { besideAdapter, familyNames } from "./families.ts";
import { initialiseAdapter } from "./initialisation.ts";
import { emptyLanguageModel, type LanguageModel, languageModelCheck } from "./languageModel.ts";
import { languageNetwork } from "./network.ts";
import { fileNames } from "./weights.ts";

/**
 * The model with LoRA beside it, as a copy. It starts as nothing: the outputs are the base's until it is trained.
 *
 * @param options.seed of the adapter's starting values.
 * @param options.name before each parameter's name; default: the model's own.
 * @throws AscentError "option" for a target that no linear layer has.
 */
export function addAdapter(
  model: LanguageModel,
  lora: LoraDescription,
  options: { seed: number; name?: string },
): LanguageModel {
  checkArguments("addAdapter", { model: languageModelCheck, lora: named("{ rank, alpha, targets }") }, { model, lora });
  checkOptions("addAdapter", { seed, name: optional(text) }, options);
  const { description, prefix } = model.network;
  const network = languageNetwork({ ...description, lora }, options.name ?? prefix.slice(0, -1));
  const made = emptyLanguageModel(model.engine, network);
  made.block.flat().set(model.block.flat());
  if (made.adapterBlock !== undefined) initialiseAdapter(network, made.adapterBlock, made.block, options.seed);
  if (model.tokenizer !== undefined) made.tokenizer = model.tokenizer;
  return made;
}

/**
 * A model without LoRA whose base has it inside: W + (alpha / rank) · B A. Its outputs differ from the model's by rounding.
 *
 * @param options.name before each parameter's name; default: the model's own.
 * @throws AscentError "option" for a model without LoRA.
 */
export function mergeAdapter(model: LanguageModel, options: { name?: string } = {}): LanguageModel {
  checkArguments("mergeAdapter", { model: languageModelCheck }, { model });
  checkOptions("mergeAdapter", { name: optional(text) }, options);
  const { network, adapterBlock } = model;
  const { lora, ...description } = network.description;
  if (lora === undefined || adapterBlock === undefined) {
    throw new AscentError("option", {
      what: "mergeAdapter: the model has no adapter",
      got: "a description without lora",
      expected: "a model with LoRA",
      fix: "Use the model as it is.",
    });
  }
  const merged = emptyLanguageModel(
    model.engine,
    languageNetwork(description, options.name ?? network.prefix.slice(0, -1)),
  );
  merged.block.flat().set(model.block.flat());
  if (model.tokenizer !== undefined) merged.tokenizer = model.tokenizer;
  const { inputsFirst, score } = familyNames[description.family];
  if (description.head === "score") {
    const own = adapterBlock.values(`${network.prefix}${besideAdapter(score)}.weight`);
    merged.block.values(`${merged.network.prefix}${score}.weight`).set(own);
  }
  for (const name of fileNames(network, network.adapter)) {
    if (!name.endsWith(DOWN)) continue;
    const path = name.slice(0, -DOWN.length);
    addProduct(merged.block.values(`${merged.network.prefix}${path}.weight`), {
      down: adapterBlock.values(`${network.prefix}${name}`),
      up: adapterBlock.values(`${network.prefix}${path}.lora_B.weight`),
      rank: lora.rank,
      scale: lora.alpha / lora.rank,
      inputsFirst,
    });
  }
  return merged;
}

const DOWN = ".lora_A.weight";

interface Product {
  /** [rank, inputs] and [outputs, rank]. */
  down: Float32Array;
  up: Float32Array;
  rank: number;
  scale: number;
  inputsFirst: boolean;
}

/** weight += scale · up · down, in the weight's layout; sums in float64. */
function addProduct(weight: Float32Array, { down, up, rank, scale, inputsFirst }: Product): void {
  const inputs = down.length / rank;
  const outputs = up.length / rank;
  const row = new Float64Array(inputs);
  for (let o = 0; o < outputs; o++) {
    row.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = scale * up[o * rank + r];
      for (let i = 0; i < inputs; i++) row[i] += factor * down[r * inputs + i];
    }
    for (let i = 0; i < inputs; i++) weight[inputsFirst ? i * outputs + o : o * inputs + i] += row[i];
  }
}
