/**
 * A model's folder as bytes, without a disk: what Transformers' save_pretrained writes, in and out. `ascent-rl/node` has the
 * same over folders.
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
import {
  decodeSafetensors,
  encodeSafetensors,
  type StoredTensor,
  type TensorToStore,
} from "../../files/safetensors.ts";
import type { Engine } from "../../tensor/engine.ts";
import { type TextTokenizer, textTokenizer } from "../tokenizer/textTokenizer.ts";
import { configFromDescription, descriptionFromConfig, type FileDtype, fileDtypes } from "./config.ts";
import { emptyLanguageModel, type LanguageModel, languageModelCheck } from "./languageModel.ts";
import { languageNetwork } from "./network.ts";
import { fileNames, fillBlock, orderedWeights } from "./weights.ts";

const CONFIG = "config.json";
const WEIGHTS = "model.safetensors";
const INDEX = "model.safetensors.index.json";

/** Bytes of a file of the folder, undefined where there is none. */
export type ReadFile = (name: string) => Uint8Array | undefined;

export interface DecodeLanguageModelOptions {
  /** Before each parameter's name: see `languageNetwork`. */
  name?: string;
}

export interface EncodeLanguageModelOptions {
  /** Of the weights in the files. Default float32; the others round to nearest. */
  dtype?: FileDtype;
  /** More bytes of weights than this go into several files with an index. Default 5e9. */
  maxShardBytes?: number;
}

export const decodeOptionChecks = { name: optional(text) };
export const encodeOptionChecks = {
  dtype: optional(oneOf(Object.keys(fileDtypes))),
  maxShardBytes: optional(wholeNumber(1)),
};

/**
 * The model in files of a folder: config.json and model.safetensors, or its parts with model.safetensors.index.json.
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
  checkOptions("decodeLanguageModel", decodeOptionChecks, options);
  return readLanguageModel(engine, (name) => (Object.hasOwn(files, name) ? files[name] : undefined), options.name);
}

/** As `decodeLanguageModel`, from wherever `read` reads. */
export function readLanguageModel(engine: Engine, read: ReadFile, name?: string): LanguageModel {
  const description = descriptionFromConfig(readJson(read, CONFIG));
  const network = languageNetwork(description, name);
  const tokenizer = readTokenizer(read, description.vocabularySize);
  const weights = orderedWeights(network, readTensors(read));
  const model = emptyLanguageModel(engine, network);
  fillBlock(model.block, weights);
  return tokenizer === undefined ? model : { ...model, tokenizer };
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

function readTensors(read: ReadFile): Map<string, StoredTensor> {
  const whole = read(WEIGHTS);
  if (whole !== undefined) return new Map(Object.entries(inFile(WEIGHTS, () => decodeSafetensors(whole).tensors)));
  const index = readJson(read, INDEX, `${WEIGHTS}, or ${INDEX} and the files it names`);
  const places = (index as { weight_map?: unknown }).weight_map;
  if (typeof places !== "object" || places === null || !Object.values(places).every((x) => typeof x === "string")) {
    throw fileError(`${INDEX}: weight_map`, "none", "an object: file names by tensor name");
  }
  const placeOf = new Map(Object.entries(places as Record<string, string>));
  const tensors = new Map<string, StoredTensor>();
  for (const file of new Set(placeOf.values())) {
    const bytes = read(file);
    if (bytes === undefined)
      throw fileError(`A part of the weights is missing: ${file}`, "no such file", `all parts that ${INDEX} names`);
    for (const [tensor, stored] of Object.entries(inFile(file, () => decodeSafetensors(bytes).tensors))) {
      if (placeOf.get(tensor) === file) tensors.set(tensor, stored);
    }
  }
  const lost = [...placeOf.keys()].find((tensor) => !tensors.has(tensor));
  if (lost !== undefined)
    throw fileError(`Tensor "${lost}" is not in ${placeOf.get(lost)}`, "nothing", `what ${INDEX} says`);
  return tensors;
}

/** Names the file in errors about its bytes. */
function inFile<Content>(file: string, decode: () => Content): Content {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof AscentError)) throw error;
    throw new AscentError(error.code, { ...error.problem, what: `${file}: ${error.problem.what}` }, { cause: error });
  }
}

export function readJson(read: ReadFile, file: string, expected: string = file): unknown {
  const bytes = read(file);
  if (bytes === undefined) throw fileError(`The model's folder has no ${file}`, "no such file", expected);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw fileError(`${file} is not JSON`, "other text", "a JSON object in UTF-8", cause);
  }
}

function fileError(what: string, got: string, expected: string, cause?: unknown): AscentError {
  const fix = "Give the whole folder that Transformers' save_pretrained wrote, weights as safetensors.";
  return new AscentError("file", { what, got, expected, fix }, { cause });
}

/**
 * The files of a model, by name: config.json and model.safetensors, or several parts and their index.
 *
 * @throws AscentError "option" for what is no model.
 */
export function encodeLanguageModel(
  model: LanguageModel,
  options: EncodeLanguageModelOptions = {},
): Record<string, Uint8Array<ArrayBuffer>> {
  checkArguments("encodeLanguageModel", { model: languageModelCheck }, { model });
  checkOptions("encodeLanguageModel", encodeOptionChecks, options);
  const { dtype = "float32", maxShardBytes = 5e9 } = options;
  const config = configFromDescription(model.network.description, dtype);
  const texts = Object.entries(model.tokenizer?.files() ?? {});
  return {
    [CONFIG]: jsonBytes(config),
    ...weightFiles(tensorsOf(model, dtype), maxShardBytes),
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

/** One file, or so many that none holds more than `most` bytes of numbers (one tensor is never cut), and their index. */
function weightFiles(
  tensors: readonly [string, TensorToStore][],
  most: number,
): Record<string, Uint8Array<ArrayBuffer>> {
  const bytesOf = ({ dtype, data }: TensorToStore) => data.length * (dtype === "F32" ? 4 : 2);
  const parts: [string, TensorToStore][][] = [];
  let room = 0;
  for (const entry of tensors) {
    const needed = bytesOf(entry[1]);
    if (parts.length === 0 || needed > room) {
      parts.push([]);
      room = most;
    }
    parts[parts.length - 1].push(entry);
    room -= needed;
  }
  // Transformers asks for this to know whose tensors they are.
  const encode = (part: [string, TensorToStore][]) => encodeSafetensors(Object.fromEntries(part), { format: "pt" });
  if (parts.length === 1) return { [WEIGHTS]: encode(parts[0]) };
  const number = (n: number) => String(n).padStart(5, "0");
  const fileOf = (i: number) => `model-${number(i + 1)}-of-${number(parts.length)}.safetensors`;
  const places = parts.flatMap((part, i) => part.map(([name]) => [name, fileOf(i)] as const));
  const total = tensors.reduce((sum, [, tensor]) => sum + bytesOf(tensor), 0);
  return {
    ...Object.fromEntries(parts.map((part, i) => [fileOf(i), encode(part)])),
    [INDEX]: jsonBytes({ metadata: { total_size: total }, weight_map: Object.fromEntries(places) }),
  };
}

function jsonBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(value, undefined, 2)}\n`);
}
