/**
 * A checkpoint as one file: a safetensors file whose tensors are the arrays, whose metadata carries the rest of the
 * state as exact JSON, and whose last 32 bytes (the tensor "sha256") are the SHA-256 of every byte before them. Any tool
 * that reads safetensors can look inside. Pure bytes in and out; writing and choosing files is node/checkpoints.ts.
 */
import {
  bytes as bytesCheck,
  type Check,
  checkArgument,
  having,
  named,
  optional,
  wholeNumber,
} from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import { type JsonValue, parseExact, stringifyExact } from "./exactJson.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsDtype,
  type TensorToStore,
  type TypedArray,
} from "./safetensors.ts";
import { sha256 } from "./sha256.ts";

export interface CheckpointArray {
  /** Sizes whose product is data.length. */
  shape: readonly number[];
  data: TypedArray;
}

export interface Checkpoint {
  /** Version of what the arrays and the state mean: a whole number of 0 or more. */
  version: number;
  arrays: Record<string, CheckpointArray>;
  /** Everything else; numbers survive exactly, NaN, infinities and -0 included. */
  state: JsonValue;
}

const checkpointCheck: Check = {
  ...having("an object with version, arrays and state", "version", "arrays", "state"),
  fix: "Write it as { version: 1, arrays: {}, state: {} }.",
};
const arraysCheck = named("an object of arrays by name");

const FORMAT = "ascent-checkpoint/1";
const DIGEST_NAME = "sha256";
const DIGEST_BYTES = 32;
/** Array names get this before them, so that they sort before the digest, which has to come last. */
const ARRAY_PREFIX = "arrays/";

/**
 * The bytes of a checkpoint file; equal checkpoints give equal bytes.
 * @throws AscentError "shape" or "file" when an array or the state cannot be stored exactly.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  checkArgument("encodeCheckpoint: checkpoint", checkpointCheck, checkpoint);
  const { version, arrays, state } = checkpoint;
  checkArgument("encodeCheckpoint: arrays", arraysCheck, arrays);
  if (!Number.isSafeInteger(version) || version < 0) {
    throw new AscentError("file", {
      what: "A checkpoint's version must be a whole number of 0 or more",
      got: describeValue(version),
      expected: "such as 1",
      fix: "Raise the number by one whenever what is stored changes.",
    });
  }
  const tensors: [string, TensorToStore][] = Object.entries(arrays).map(([name, { shape, data }]) => [
    ARRAY_PREFIX + name,
    { dtype: dtypeOf(name, data), shape, data },
  ]);
  tensors.push([DIGEST_NAME, { dtype: "U8", shape: [DIGEST_BYTES], data: new Uint8Array(DIGEST_BYTES) }]);
  const metadata = { format: FORMAT, version: String(version), state: stringifyExact(state) };
  const bytes = encodeSafetensors(Object.fromEntries(tensors), metadata);
  const content = bytes.subarray(0, bytes.length - DIGEST_BYTES);
  bytes.set(sha256(content), content.length);
  return bytes;
}

/**
 * What `encodeCheckpoint` was given.
 * @param expectedVersion when given, any other version is refused.
 * @throws AscentError "file" when the file is cut short, torn, altered in any bit, of another kind or another version.
 */
export function decodeCheckpoint(bytes: Uint8Array, expectedVersion?: number): Checkpoint {
  checkArgument("decodeCheckpoint: bytes", bytesCheck, bytes);
  checkArgument("decodeCheckpoint: expectedVersion", optional(wholeNumber()), expectedVersion);
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata.format !== FORMAT) {
    throw new AscentError("file", {
      what: "Not a checkpoint this version can read",
      got: metadata.format === undefined ? "a file without a format mark" : `format "${metadata.format}"`,
      expected: `"${FORMAT}"`,
      fix: "Load a file that this version of the library saved as a checkpoint.",
    });
  }
  const content = bytes.subarray(0, bytes.length - DIGEST_BYTES);
  const digest = sha256(content);
  if (!digest.every((byte, i) => byte === bytes[content.length + i])) {
    throw new AscentError("file", {
      what: "The checkpoint's SHA-256 does not match its content",
      got: "a file torn while being written, or altered since",
      fix: "Use an earlier checkpoint or another copy.",
    });
  }
  const version = Number(metadata.version);
  if (expectedVersion !== undefined && version !== expectedVersion) {
    throw new AscentError("file", {
      what: "The checkpoint has another version",
      got: `version ${metadata.version}`,
      expected: `version ${expectedVersion}`,
      fix: "Continue it with the release that saved it, or start a new run.",
    });
  }
  const arrays = Object.entries(tensors)
    .filter(([name]) => name.startsWith(ARRAY_PREFIX))
    .map(([name, { shape, data }]) => [name.slice(ARRAY_PREFIX.length), { shape, data }] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { version, arrays: Object.fromEntries(arrays), state: parseExact(metadata.state) };
}

function dtypeOf(name: string, data: TypedArray): SafetensorsDtype {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Float64Array) return "F64";
  if (data instanceof Int32Array) return "I32";
  if (data instanceof Uint32Array) return "U32";
  if (data instanceof Uint8Array) return "U8";
  if (data instanceof Int8Array) return "I8";
  if (data instanceof Int16Array) return "I16";
  if (data instanceof Uint16Array) return "U16";
  if (data instanceof BigInt64Array) return "I64";
  if (data instanceof BigUint64Array) return "U64";
  throw new AscentError("file", {
    what: `Array "${name}" cannot be stored in a checkpoint`,
    got: Object.prototype.toString.call(data),
    expected: "a typed array of a class safetensors knows",
    fix: "Copy it into a Float32Array, or keep it in the checkpoint's state.",
  });
}
