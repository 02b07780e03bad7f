/** What a language model's run is made of, from the words of a request: model, LoRA, data, reference. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import type { TextData } from "../../language/data/textData.ts";
import type { LanguageModelFamily } from "../../language/model/description.ts";
import { type LanguageModel, makeLanguageModel } from "../../language/model/languageModel.ts";
import type { Engine } from "../../tensor/engine.ts";
import { languageAlgorithmNamed } from "../../training/language/languageAlgorithmNamed.ts";
import { kindsOf } from "../../training/language/material.ts";
import { runFiles } from "../runs/folder.ts";
import { loadLanguageModel } from "./languageModels.ts";
import type { LanguageRunRequest, LoraRequest } from "./runRequest.ts";
import { loadTextData } from "./textFiles.ts";
import { worldNamed, worldNames } from "./worldNamed.ts";

export type ModelSource = { world: string } | { folder: string };

/** Where the model comes from. @throws AscentError "option" for a model that is neither a folder nor a world, or for none at all. */
export function modelSource({ model, world, algorithm }: LanguageRunRequest): ModelSource {
  const named = model ?? world;
  if (named === undefined) {
    throw new AscentError("option", {
      what: `${algorithm} needs a model`,
      fix: "Give a folder with --model, or a world with --world, whose preset starts from nothing.",
    });
  }
  if (model !== undefined && existsSync(model)) return { folder: modelFolder(model) };
  if (worldNames.includes(named)) return { world: named };
  throw new AscentError("option", {
    what: model === undefined ? "There is no world of text of that name" : "There is no such model",
    got: describeValue(named),
    expected: `${model === undefined ? "" : "a folder as Transformers writes it, or "}one of ${worldNames.join(", ")}`,
    fix: "Check the path, or name one of these worlds.",
  });
}

/** A model's folder, or a run's, which has its model in a folder of its own. */
export function modelFolder(path: string): string {
  const inside = join(path, runFiles.model);
  return existsSync(join(inside, "config.json")) ? inside : path;
}

/** The model itself: loaded, or a world's preset with new weights. */
export async function modelFrom(source: ModelSource, engine: Engine, seed: number): Promise<LanguageModel> {
  if ("folder" in source) return loadLanguageModel(source.folder, { engine });
  const world = worldNamed(source.world);
  const model = makeLanguageModel(engine, world.model, { seed });
  model.tokenizer = world.tokenizer;
  return model;
}

/** The model to be held to; its parameters have names of their own. */
export function referenceFrom(folder: string, engine: Engine): Promise<LanguageModel> {
  return loadLanguageModel(folder, { engine, name: "reference" });
}

/** PEFT's default targets of each family. */
const LORA_TARGETS: Readonly<Record<LanguageModelFamily, readonly string[]>> = {
  gpt2: ["c_attn"],
  llama: ["q_proj", "v_proj"],
  qwen2: ["q_proj", "v_proj"],
  qwen3: ["q_proj", "v_proj"],
};

/** With defaults filled in. */
export function completeLora({ rank, alpha = 2 * rank, targets }: LoraRequest, { network }: LanguageModel) {
  return { rank, alpha, targets: [...(targets ?? LORA_TARGETS[network.description.family])] };
}

/** The rows of a data file in the kinds that the algorithm learns from. */
export async function dataFrom(path: string, algorithmName: string, model: LanguageModel): Promise<TextData> {
  const { tokenizer } = model;
  if (tokenizer === undefined) {
    throw new AscentError("file", {
      what: "The model's folder has no tokenizer, and data files are texts",
      got: "no tokenizer.json",
      expected: "tokenizer.json and tokenizer_config.json beside config.json",
      fix: "Save the tokenizer into the model's folder.",
    });
  }
  const kinds = kindsOf(languageAlgorithmNamed(algorithmName));
  return loadTextData(path, tokenizer, { kinds, maxLength: model.network.description.contextLength });
}
