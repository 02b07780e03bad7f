/**
 * The safetensors weight format (github.com/huggingface/safetensors): an 8-byte little-endian header length, a JSON
 * header with each tensor's dtype, shape and byte range, then the bytes. Encoding is deterministic: tensors are laid out
 * by element size (largest first, so all are aligned) and then by name, whatever the order they come in. Decoding trusts
 * nothing: every range must lie inside the file, follow the one before without gap or overlap, and fit its shape.
 */
import { bytes as bytesCheck, checkArgument, having, named } from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from "./halfFloat.ts";

export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** The array class of each dtype, as raw elements (F16 and BF16: their bits). */
const ELEMENTS = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U64: BigUint64Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const;

export type SafetensorsDtype = keyof typeof ELEMENTS;

export interface TensorToStore {
  dtype: SafetensorsDtype;
  shape: readonly number[];
  /** The dtype's own array; F16 and BF16 take a Float32Array (rounded to nearest even) or a Uint16Array of raw bits. */
  data: TypedArray;
}

export interface StoredTensor {
  dtype: SafetensorsDtype;
  shape: number[];
  /** A fresh array of the dtype's own class; F16 and BF16 come as Float32Array. */
  data: TypedArray;
  /** F16 and BF16 only: the raw bits. */
  bits?: Uint16Array;
}

export interface SafetensorsFile {
  tensors: Record<string, StoredTensor>;
  metadata: Record<string, string>;
}

/** The reference implementation's limit on the header. */
const MAX_HEADER_BYTES = 100_000_000;
const METADATA_KEY = "__metadata__";

const tensorCheck = /* @__PURE__ */ having("a tensor", "dtype", "shape", "data");
const tensorsCheck = /* @__PURE__ */ named("an object of { dtype, shape, data } by name", (x) => tensorCheck.fits(x));
const metadataCheck = /* @__PURE__ */ named("an object of texts by name", (value) => typeof value === "string");

/**
 * The bytes of a safetensors file. The same tensors and metadata always give the same bytes.
 * @throws AscentError "shape" when data and shape disagree, "file" for a wrong dtype or name.
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, TensorToStore>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  checkArgument("encodeSafetensors: tensors", tensorsCheck, tensors);
  checkArgument("encodeSafetensors: metadata", metadataCheck, metadata);
  requireLittleEndian();
  const names = Object.keys(tensors).sort((a, b) => {
    const bySize = elementBytes(tensors[b].dtype, b) - elementBytes(tensors[a].dtype, a);
    return bySize !== 0 ? bySize : a < b ? -1 : 1;
  });
  const header: [string, unknown][] = [];
  const metadataKeys = Object.keys(metadata).sort();
  if (metadataKeys.length > 0) {
    header.push([METADATA_KEY, Object.fromEntries(metadataKeys.map((key) => [key, metadata[key]]))]);
  }
  const payloads: Uint8Array[] = [];
  let offset = 0;
  for (const name of names) {
    const { dtype, shape } = tensors[name];
    const payload = rawBytes(name, tensors[name]);
    header.push([name, { dtype, shape: [...shape], data_offsets: [offset, offset + payload.length] }]);
    payloads.push(payload);
    offset += payload.length;
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(8 + headerLength + offset);
  new DataView(file.buffer).setUint32(0, headerLength, true);
  file.fill(0x20, 8, 8 + headerLength);
  file.set(text, 8);
  let at = 8 + headerLength;
  for (const payload of payloads) {
    file.set(payload, at);
    at += payload.length;
  }
  return file;
}

/**
 * Tensors and metadata of a safetensors file; the arrays are copies.
 * @throws AscentError "file" when anything about the file is not as the format demands.
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  checkArgument("decodeSafetensors: bytes", bytesCheck, bytes);
  requireLittleEndian();
  const { entries, metadata, dataStart } = readHeader(bytes);
  const tensors: [string, StoredTensor][] = [];
  // Ranges are checked in file order, so that gaps and overlaps show whatever the header's order.
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let expected = 0;
  for (const { name, dtype, shape, begin, end } of entries) {
    if (begin !== expected) {
      throw corrupt(`tensor "${name}" starts at byte ${begin}`, `${expected}, without overlap or gap`);
    }
    const needed = elementCount(shape) * elementBytes(dtype, name);
    if (end - begin !== needed) {
      throw corrupt(`tensor "${name}" has ${end - begin} bytes`, `${needed} for ${dtype} [${shape.join(", ")}]`);
    }
    if (dataStart + end > bytes.length) {
      throw corrupt(
        `the file is ${bytes.length} bytes long`,
        `at least ${dataStart + end} for tensor "${name}": it was cut short`,
      );
    }
    // A copy of its own, aligned; not bytes.slice, which for a Node Buffer is a view of the whole file.
    const raw = new Uint8Array(bytes.subarray(dataStart + begin, dataStart + end));
    tensors.push([name, readTensor(dtype, shape, raw)]);
    expected = end;
  }
  if (dataStart + expected !== bytes.length) {
    throw corrupt(`the file is ${bytes.length} bytes long`, `${dataStart + expected} from its header`);
  }
  return { tensors: Object.fromEntries(tensors), metadata };
}

interface HeaderEntry {
  name: string;
  dtype: SafetensorsDtype;
  shape: number[];
  begin: number;
  end: number;
}

function readHeader(bytes: Uint8Array): {
  entries: HeaderEntry[];
  metadata: Record<string, string>;
  dataStart: number;
} {
  if (bytes.length < 8) throw corrupt(`the file is ${bytes.length} bytes long`, "at least 8: it was cut short");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (length > MAX_HEADER_BYTES) {
    throw corrupt(`the header claims ${length} bytes`, `at most ${MAX_HEADER_BYTES}`);
  }
  if (8 + length > bytes.length) {
    throw corrupt(`the file is ${bytes.length} bytes long`, `${8 + length} or more for its header: it was cut short`);
  }
  const header = parseHeader(bytes.subarray(8, 8 + length));
  let metadata: Record<string, string> = {};
  const entries: HeaderEntry[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA_KEY) metadata = readMetadata(value);
    else entries.push(readEntry(name, value));
  }
  return { entries, metadata, dataStart: 8 + length };
}

function parseHeader(text: Uint8Array): object {
  if (typeof TextDecoder === "undefined" || typeof TextEncoder === "undefined") {
    throw new AscentError("file", {
      what: "Weight files need TextDecoder and TextEncoder",
      got: "a host without them",
      fix: "Load a polyfill of the two before this library.",
    });
  }
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
  } catch (cause) {
    throw corrupt("the header is not JSON in UTF-8", "a JSON object", cause);
  }
  if (text[0] !== 0x7b || !isPlainObject(header)) throw corrupt("the header is not a JSON object", "a JSON object");
  return header;
}

function readMetadata(value: unknown): Record<string, string> {
  if (!isPlainObject(value) || !Object.values(value).every((item) => typeof item === "string")) {
    throw corrupt("the metadata is not text", "an object whose members are all strings");
  }
  return value as Record<string, string>;
}

function readEntry(name: string, value: unknown): HeaderEntry {
  if (!isPlainObject(value)) throw corrupt(`tensor "${name}" has no description`, "dtype, shape and data_offsets");
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>;
  if (typeof dtype !== "string" || !Object.hasOwn(ELEMENTS, dtype)) {
    throw corrupt(`tensor "${name}" has dtype ${JSON.stringify(dtype)}`, Object.keys(ELEMENTS).join(", "));
  }
  if (!isSizes(shape) || !Number.isSafeInteger(elementCount(shape) * 8)) {
    throw corrupt(`tensor "${name}" has shape ${JSON.stringify(shape)}`, "whole numbers of 0 or more");
  }
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw corrupt(`tensor "${name}" has offsets ${JSON.stringify(offsets)}`, "[begin, end] with begin ≤ end");
  }
  return { name, dtype: dtype as SafetensorsDtype, shape, begin: offsets[0], end: offsets[1] };
}

function readTensor(dtype: SafetensorsDtype, shape: number[], raw: Uint8Array): StoredTensor {
  const data = new ELEMENTS[dtype](raw.buffer as ArrayBuffer);
  if (dtype !== "F16" && dtype !== "BF16") return { dtype, shape, data };
  const bits = data as Uint16Array;
  const widen = dtype === "F16" ? float16ToFloat32 : bfloat16ToFloat32;
  // 16 bits are whole numbers that a float32 holds; `from` would take forty times as long.
  return { dtype, shape, data: new Float32Array(bits).map(widen), bits };
}

function rawBytes(name: string, { dtype, shape, data }: TensorToStore): Uint8Array {
  if (name === METADATA_KEY) {
    throw new AscentError("file", { what: `A tensor cannot be named "${METADATA_KEY}"`, fix: "Choose another name." });
  }
  if (!isSizes(shape) || elementCount(shape) !== data.length) {
    throw new AscentError("shape", {
      what: `Tensor "${name}" cannot be stored`,
      got: `${data.length} elements`,
      expected: `${elementCount(shape)} for shape [${shape.join(", ")}]`,
      fix: "Give the shape whose product is the number of elements.",
    });
  }
  let raw = data;
  if ((dtype === "F16" || dtype === "BF16") && data instanceof Float32Array) {
    raw = new Uint16Array(data.map(dtype === "F16" ? float32ToFloat16 : float32ToBfloat16));
  }
  if (!(raw instanceof ELEMENTS[dtype])) {
    throw new AscentError("file", {
      what: `Tensor "${name}" cannot be stored as ${dtype}`,
      got: data.constructor.name,
      expected: ELEMENTS[dtype].name,
      fix: "Copy the numbers into an array of that class, or leave dtype out.",
    });
  }
  return new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength);
}

function elementBytes(dtype: SafetensorsDtype, name: string): number {
  if (!Object.hasOwn(ELEMENTS, dtype)) {
    throw new AscentError("file", {
      what: `Tensor "${name}" cannot be stored`,
      got: `dtype ${JSON.stringify(dtype)}`,
      expected: `one of ${Object.keys(ELEMENTS).join(", ")}`,
      fix: "Leave dtype out to take the array's own.",
    });
  }
  return ELEMENTS[dtype].BYTES_PER_ELEMENT;
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function isPlainObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The format is little-endian and arrays are copied as they lie in memory. */
function requireLittleEndian(): void {
  if (new Uint8Array(new Uint16Array([1]).buffer)[0] !== 1) {
    throw new AscentError("file", {
      what: "Weight files need a little-endian machine",
      got: "a big-endian one",
      fix: "Use another machine; all current processors are little-endian.",
    });
  }
}

function corrupt(got: string, expected: string, cause?: unknown): AscentError {
  const fix = "The file is damaged or not a safetensors file; use another copy.";
  return new AscentError("file", { what: "Not a valid safetensors file", got, expected, fix }, { cause });
}
