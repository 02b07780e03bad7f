/**
 * Tensors and JSON in a model's folder: one safetensors file or several with an index, in and out. What the tensors mean is
 * weights.ts and adapterFiles.ts.
 */

import { AscentError } from "../../errors.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type StoredTensor,
  type TensorToStore,
} from "../../files/safetensors.ts";

const WEIGHTS = "model.safetensors";
const INDEX = "model.safetensors.index.json";

/** Bytes of a file of the folder, undefined where there is none. */
export type ReadFile = (name: string) => Uint8Array | undefined;

export type Files = Record<string, Uint8Array<ArrayBuffer>>;

/** Whether a file of this name holds weights of a base model or says where they are. */
export function isWeightFile(name: string): boolean {
  return name === WEIGHTS || name === INDEX || /^model-\d{5}-of-\d{5}\.safetensors$/.test(name);
}

/**
 * All tensors of a model, from model.safetensors or the parts that its index names.
 *
 * @throws AscentError "file" for a part that is missing or damaged, or lacks a tensor that the index puts there.
 */
export function readWeightFiles(read: ReadFile): Map<string, StoredTensor> {
  const whole = read(WEIGHTS);
  if (whole !== undefined) return decodeTensors(WEIGHTS, whole);
  const placeOf = readIndex(read);
  const tensors = new Map<string, StoredTensor>();
  for (const file of new Set(placeOf.values())) {
    const bytes = /[/\\]/.test(file) ? undefined : read(file);
    if (bytes === undefined) {
      throw folderError(`A part of the weights is missing: ${file}`, "no such file", `all parts that ${INDEX} names`);
    }
    for (const [name, tensor] of decodeTensors(file, bytes)) if (placeOf.get(name) === file) tensors.set(name, tensor);
  }
  for (const [name, file] of placeOf) {
    if (!tensors.has(name)) throw folderError(`Tensor "${name}" is not in ${file}`, "nothing", `what ${INDEX} says`);
  }
  return tensors;
}

/** The file of each tensor. */
function readIndex(read: ReadFile): Map<string, string> {
  const index = readJson(read, INDEX, `${WEIGHTS}, or ${INDEX} and the files it names`);
  const places = (index as { weight_map?: unknown } | null)?.weight_map;
  if (typeof places === "object" && places !== null && Object.values(places).every((x) => typeof x === "string")) {
    return new Map(Object.entries(places as Record<string, string>));
  }
  throw folderError(`${INDEX}: weight_map`, "none", "an object: file names by tensor name");
}

/** @throws AscentError "file" that names the file. */
export function decodeTensors(file: string, bytes: Uint8Array): Map<string, StoredTensor> {
  try {
    return new Map(Object.entries(decodeSafetensors(bytes).tensors));
  } catch (error) {
    if (!(error instanceof AscentError)) throw error;
    throw new AscentError(error.code, { ...error.problem, what: `${file}: ${error.problem.what}` }, { cause: error });
  }
}

/** Tensors as a safetensors file, marked as Transformers asks for. */
export function encodeTensors(tensors: readonly (readonly [string, TensorToStore])[]): Uint8Array<ArrayBuffer> {
  return encodeSafetensors(Object.fromEntries(tensors), { format: "pt" });
}

/** One file, or so many that none holds more than `most` bytes of numbers (one tensor is never cut), and their index. */
export function weightFiles(tensors: readonly (readonly [string, TensorToStore])[], most: number): Files {
  const bytesOf = ({ dtype, data }: TensorToStore) => data.length * (dtype === "F32" ? 4 : 2);
  const parts: (readonly [string, TensorToStore])[][] = [];
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
  if (parts.length === 1) return { [WEIGHTS]: encodeTensors(parts[0]) };
  const number = (n: number) => String(n).padStart(5, "0");
  const fileOf = (i: number) => `model-${number(i + 1)}-of-${number(parts.length)}.safetensors`;
  const places = parts.flatMap((part, i) => part.map(([name]) => [name, fileOf(i)] as const));
  const total = tensors.reduce((sum, [, tensor]) => sum + bytesOf(tensor), 0);
  return {
    ...Object.fromEntries(parts.map((part, i) => [fileOf(i), encodeTensors(part)])),
    [INDEX]: jsonBytes({ metadata: { total_size: total }, weight_map: Object.fromEntries(places) }),
  };
}

/** @throws AscentError "file" when the folder has no such file or it is not JSON. */
export function readJson(read: ReadFile, file: string, expected: string = file): unknown {
  const bytes = read(file);
  if (bytes === undefined) throw folderError(`The model's folder has no ${file}`, "no such file", expected);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw folderError(`${file} is not JSON`, "other text", "a JSON object in UTF-8", cause);
  }
}

export function jsonBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(value, undefined, 2)}\n`);
}

function folderError(what: string, got: string, expected: string, cause?: unknown): AscentError {
  const fix = "Give the whole folder that Transformers' save_pretrained wrote, weights as safetensors.";
  return new AscentError("file", { what, got, expected, fix }, { cause });
}
