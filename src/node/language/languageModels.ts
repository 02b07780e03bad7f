/** Language models from and to folders, as Transformers and PEFT write them. */

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  checkArgument,
  checkArguments,
  checkOptions,
  engine as engineCheck,
  having,
  type OptionChecks,
  optional,
  text,
} from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, adapterFiles } from "../../language/model/adapterFiles.ts";
import { type LanguageModel, languageModelCheck } from "../../language/model/languageModel.ts";
import {
  checkedLanguageModel,
  type EncodeLanguageModelOptions,
  encodeLanguageModel,
  encodeOptionChecks,
} from "../../language/model/modelFiles.ts";
import { isWeightFile, type ReadFile, readJson } from "../../language/model/weightFiles.ts";
import { type EngineOptions, engineFor } from "../../tensor/engine.ts";
import { removeFile, writeFileAtomic } from "../atomic.ts";
import { fileError, namingFile } from "../fileError.ts";
import { readFileIn } from "./readFileIn.ts";

export interface LoadLanguageModelOptions extends EngineOptions {
  /** Before each parameter's name, such as "reference": two models of one engine in one program need different ones. */
  name?: string;
  /** Of a folder that holds a LoRA adapter only: the base model's folder. Default: what adapter_config.json says. */
  base?: string;
}

const loadChecks: OptionChecks<LoadLanguageModelOptions> = {
  engine: optional(engineCheck),
  kernels: optional({
    ...having("a name of kernels or a module"),
    fits: (x) => typeof x === "string" || typeof x === "object",
  }),
  name: optional(text),
  base: optional(text),
};

/**
 * A model from a folder: config.json, model.safetensors or its parts and their index, the tokenizer's files where there are
 * any, and PEFT's adapter_config.json and adapter_model.safetensors where there are.
 *
 * @throws AscentError "file" for what is missing, damaged or not supported; nothing is made then.
 */
export async function loadLanguageModel(
  folder: string,
  options: LoadLanguageModelOptions = {},
): Promise<LanguageModel> {
  checkArgument("loadLanguageModel: folder", text, folder);
  checkOptions("loadLanguageModel", loadChecks, options);
  requireFolder(folder);
  const own = readFileIn(folder);
  const base = baseFolder(folder, own, options.base);
  const read: ReadFile = base === undefined ? own : (name) => own(name) ?? base(name);
  const place = namingFile(folder, () => checkedLanguageModel(read, options.name));
  return place(await engineFor(options));
}

/** Where the base of a folder with an adapter only is read. */
function baseFolder(folder: string, own: ReadFile, given: string | undefined): ReadFile | undefined {
  if (own("config.json") !== undefined || (given === undefined && own(ADAPTER_CONFIG) === undefined)) return undefined;
  const named =
    given ?? (readJson(own, ADAPTER_CONFIG) as { base_model_name_or_path?: unknown }).base_model_name_or_path;
  // As Transformers means it, from here; or from the adapter's own folder.
  const places = typeof named === "string" ? [named, join(folder, named)] : [];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return readFileIn(found);
  throw new AscentError("file", {
    what: `${folder} holds an adapter, and its base model is not here`,
    got: named === undefined || named === null ? "no base_model_name_or_path" : JSON.stringify(named),
    expected: "the folder of the base model",
    fix: "Give that folder as the option base.",
  });
}

/**
 * Writes a model into a folder, which is made where it is missing: config.json, weights, the tokenizer's files, and PEFT's two
 * files of a model with LoRA. Each file takes its name when it is whole, weights first; files of another model's weights and
 * adapter that lie there go last.
 *
 * @throws AscentError "file" when one cannot be written; what was there before it is then untouched.
 */
export function saveLanguageModel(
  model: LanguageModel,
  folder: string,
  options: Omit<EncodeLanguageModelOptions, "base"> = {},
): void {
  checkArguments("saveLanguageModel", { model: languageModelCheck, folder: text }, { model, folder });
  const { base: _, ...checks } = encodeOptionChecks;
  checkOptions("saveLanguageModel", checks, options);
  const files = Object.entries(encodeLanguageModel(model, { ...options, base: folder }));
  write(folder, [
    ...files.filter(([name]) => name !== "config.json"),
    ...files.filter(([name]) => name === "config.json"),
  ]);
  const isOld = (name: string) => isWeightFile(name) || name === ADAPTER_CONFIG || name === ADAPTER_WEIGHTS;
  for (const name of readdirSync(folder)) {
    if (isOld(name) && !files.some(([own]) => own === name)) removeFile(join(folder, name));
  }
}

/**
 * Writes a model's LoRA adapter alone, as PEFT does.
 *
 * @param options.base what is written down as the base: its folder.
 * @throws AscentError "option" for a model without LoRA, "file" when a file cannot be written.
 */
export function saveAdapter(model: LanguageModel, folder: string, options: { base: string }): void {
  checkArguments("saveAdapter", { model: languageModelCheck, folder: text }, { model, folder });
  checkOptions("saveAdapter", { base: text }, options);
  if (model.adapterBlock === undefined) {
    throw new AscentError("option", {
      what: "saveAdapter: the model has no adapter",
      got: "a description without lora",
      expected: "a model with LoRA",
      fix: "Save the model with saveLanguageModel.",
    });
  }
  write(folder, Object.entries(adapterFiles(model, options.base, "float32")));
}

function write(folder: string, files: readonly (readonly [string, Uint8Array])[]): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw fileError("make the folder", folder, error);
  }
  for (const [name, bytes] of files) {
    // A run writes its model again and again; tokenizers, of many megabytes perhaps, stay what they were.
    if (name.endsWith(".safetensors") || !holds(join(folder, name), bytes)) writeFileAtomic(join(folder, name), bytes);
  }
}

/** Whether a file has these bytes already; false where there is none. */
function holds(path: string, bytes: Uint8Array): boolean {
  try {
    return statSync(path).size === bytes.length && readFileSync(path).equals(bytes);
  } catch {
    return false;
  }
}

function requireFolder(folder: string): void {
  let isFolder: boolean;
  try {
    isFolder = statSync(folder).isDirectory();
  } catch (error) {
    throw fileError("read the model", folder, error);
  }
  if (isFolder) return;
  throw new AscentError("file", {
    what: `Could not read the model ${folder}`,
    got: "a file",
    expected: "a folder with config.json and model.safetensors",
    fix: "Give the folder that the file is in.",
  });
}
