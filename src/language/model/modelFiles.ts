/**
 * A model's folder as bytes, without a disk: what Transformers' save_pretrained writes, in and out, and PEFT's adapter beside
 * it. `ascent-rl/node` has the same over folders.
 */

import {
  bytes as bytesCheck,
  checkArguments,
  checkOptions,
  engine as engineCheck,
  named,
  oneOf,
  optional,
  text,
  wholeNumber,
} from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import type { TensorToStore } from "../../files/safetensors.ts";
import type { Engine } from "../../tensor/engine.ts";
import { type TextTokenizer, textTokenizer } from "../tokenizer/textTokenizer.ts";
import { ADAPTER_CONFIG, adapterFiles, loraFromConfig, readAdapterWeights } from "./adapterFiles.ts";
import { configFromDescription, descriptionFromConfig, type FileDtype, fileDtypes } from "./config.ts";
import { familyNames } from "./families.ts";
import { emptyLanguageModel, type LanguageModel, languageModelCheck } from "./languageModel.ts";
import { languageNetwork } from "./network.ts";
import { type Files, jsonBytes, type ReadFile, readJson, readWeightFiles, weightFiles } from "./weightFiles.ts";
import { fileNames, fillBlock, orderedWeights } from "./weights.ts";

const CONFIG = "config.json";

export interface DecodeLanguageModelOptions {
  /** Before each parameter's name: see `languageNetwork`. */
  name?: string;
}

export interface EncodeLanguageModelOptions {
  /** Of the weights in the files. Default float32; the others round to nearest. */
  dtype?: FileDtype;
  /** More bytes of weights than this go into several files with an index. Default 5e9. */
  maxShardBytes?: number;
  /** What an adapter's config names as its base: the folder that the files will be in, for Transformers to find it. */
  base?: string;
}

export const encodeOptionChecks = {
  dtype: optional(oneOf(Object.keys(fileDtypes))),
  maxShardBytes: optional(wholeNumber(1)),
  base: optional(text),
};

/**
 * The model in files of a folder: config.json and model.safetensors, or its parts with model.safetensors.index.json; the
 * tokenizer and PEFT's adapter where they are there.
 *
 * @param files bytes by file name; others than the model's are welcome.
 * @throws AscentError "file" for what is missing, damaged or not supported; nothing is made then.
 */
export function decodeLanguageModel(
  engine: Engine,
  files: Readonly<Record<string, Uint8Array>>,
  options: DecodeLanguageModelOptions = {},
): LanguageModel {
  const bytesByName = named("an object of Uint8Arrays by file name", (file) => bytesCheck.fits(file));
  checkArguments("decodeLanguageModel", { engine: engineCheck, files: bytesByName }, { engine, files });
  checkOptions("decodeLanguageModel", { name: optional(text) }, options);
  return readLanguageModel(engine, (name) => (Object.hasOwn(files, name) ? files[name] : undefined), options.name);
}

/** As `decodeLanguageModel`, from wherever `read` reads. */
export function readLanguageModel(engine: Engine, read: ReadFile, name?: string): LanguageModel {
  return checkedLanguageModel(read, name)(engine);
}

/** Reads and checks all of a model's files. @returns makes the model: until then nothing of an engine is used. */
export function checkedLanguageModel(read: ReadFile, name?: string): (engine: Engine) => LanguageModel {
  const base = descriptionFromConfig(readJson(read, CONFIG));
  const hasAdapter = read(ADAPTER_CONFIG) !== undefined;
  const description = hasAdapter ? { ...base, lora: loraFromConfig(readJson(read, ADAPTER_CONFIG)) } : base;
  const network = languageNetwork(description, name);
  const tokenizer = readTokenizer(read, description.vocabularySize);
  const weights = orderedWeights(network, readWeightFiles(read));
  const adapter = hasAdapter ? readAdapterWeights(network, read) : undefined;
  return (engine) => {
    const model = emptyLanguageModel(engine, network);
    fillBlock(model.block, weights);
    if (adapter !== undefined && model.adapterBlock !== undefined) {
      // What the file lacks is a score head: the base's then.
      const score = () => model.block.values(`${network.prefix}${familyNames[description.family].score}.weight`);
      fillBlock(
        model.adapterBlock,
        adapter.map((values) => values ?? score()),
      );
    }
    return tokenizer === undefined ? model : { ...model, tokenizer };
  };
}

/** The folder's tokenizer, if it has one. @throws AscentError "file" for one with tokens that the model does not have. */
function readTokenizer(read: ReadFile, vocabularySize: number): TextTokenizer | undefined {
  if (read("tokenizer.json") === undefined) return undefined;
  const config = read("tokenizer_config.json") === undefined ? {} : readJson(read, "tokenizer_config.json");
  const template = read("chat_template.jinja");
  const text = template === undefined ? undefined : new TextDecoder().decode(template);
  const tokenizer = textTokenizer(readJson(read, "tokenizer.json"), config, text);
  if (tokenizer.vocabularySize <= vocabularySize) return tokenizer;
  throw new AscentError("file", {
    what: "The tokenizer is not this model's: it has more tokens",
    got: `${tokenizer.vocabularySize} tokens in tokenizer.json, ${vocabularySize} in ${CONFIG}`,
    expected: "no token id that the model has no embedding for",
    fix: "Put the tokenizer that the model was trained with into its folder.",
  });
}

/**
 * The files of a model, by name: config.json and model.safetensors, or several parts and their index; the tokenizer's
 * files and PEFT's adapter where the model has them.
 *
 * @throws AscentError "option" for what is no model.
 */
export function encodeLanguageModel(model: LanguageModel, options: EncodeLanguageModelOptions = {}): Files {
  checkArguments("encodeLanguageModel", { model: languageModelCheck }, { model });
  checkOptions("encodeLanguageModel", encodeOptionChecks, options);
  const { dtype = "float32", maxShardBytes = 5e9, base } = options;
  const config = configFromDescription(model.network.description, dtype);
  const texts = Object.entries(model.tokenizer?.files() ?? {});
  return {
    [CONFIG]: jsonBytes(config),
    ...weightFiles(tensorsOf(model, dtype), maxShardBytes),
    ...adapterFiles(model, base ?? null, dtype),
    ...Object.fromEntries(texts.map(([file, text]) => [file, new TextEncoder().encode(text)])),
  };
}

/** The base's tensors by Transformers' names. */
function tensorsOf({ network, block }: LanguageModel, dtype: FileDtype): [string, TensorToStore][] {
  return fileNames(network, network.parameters).map((name, i) => [
    name,
    { dtype: fileDtypes[dtype], shape: network.parameters[i].shape, data: block.values(network.prefix + name) },
  ]);
}
