/** File formats as pure functions over bytes and text: the same in Node and in browsers. */

export { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from "./checkedHalfFloat.ts";
export { type Checkpoint, type CheckpointArray, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
export { crc32c, maskedCrc32c } from "./crc32c.ts";
export {
  type CsvRecord,
  type CsvTable,
  type CsvValue,
  formatCsv,
  formatCsvRow,
  parseCsv,
  parseCsvRecords,
} from "./csv.ts";
export { copyExact, type JsonValue, parseExact, stringifyExact } from "./exactJson.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsDtype,
  type SafetensorsFile,
  type StoredTensor,
  type TensorToStore,
  type TypedArray,
} from "./safetensors.ts";
export { sha256, toHex } from "./sha256.ts";
export {
  fileVersionRecord,
  readTensorboardScalars,
  scalarsRecord,
  sessionStartRecord,
  type TensorboardFile,
  type TensorboardScalar,
} from "./tensorboardEvents.ts";
