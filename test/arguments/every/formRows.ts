/** Valid arguments of the functions of "ascent-rl/files", "/charts" and "/random". */

import * as files from "../../../src/files/index.ts";
import { also, maybe, parts, settings } from "./harness.ts";

const bytes = () => Uint8Array.of(1, 2, 3);
const tensors = () => ({ w: { dtype: "F32", shape: [1], data: new Float32Array(1) } });
const checkpoint = { version: 1, arrays: {}, state: { steps: 1 } };
const panel = {
  ...{ x: also({ label: "steps" }), y: also({ label: "reward" }) },
  series: [{ name: "a", x: [0, 1], y: [1, 2] }],
  ...{ levels: maybe([]), marks: maybe([]), notes: maybe([]) },
};
const picture = {
  title: "A picture",
  subtitle: maybe("below"),
  description: maybe("seen"),
  width: maybe(400),
  height: maybe(300),
};

export function formRows(): Record<string, () => unknown[]> {
  const events = () => files.fileVersionRecord(0);
  return {
    bfloat16ToFloat32: () => [16256],
    checkSeed: () => [0],
    compactNumber: () => [also(1234, "NaN"), maybe(3)],
    copyExact: () => [also({ a: 1 }, "null", "text", "NaN", "true", "object", "list")],
    crc32c: () => [bytes(), maybe(0), maybe(2)],
    decodeCheckpoint: () => [files.encodeCheckpoint(checkpoint), maybe(1)],
    decodeSafetensors: () => [files.encodeSafetensors({})],
    deriveSeed: () => [0, 1024, 0, 0],
    encodeCheckpoint: () => [
      parts({
        version: 1,
        arrays: also({}, "object"),
        state: also({}, "null", "text", "NaN", "true", "object", "list"),
      }),
    ],
    encodeSafetensors: () => [also(tensors(), "object"), maybe({ name: "value" }, "object")],
    fileVersionRecord: () => [0],
    float16ToFloat32: () => [15360],
    float32ToBfloat16: () => [also(1, "NaN")],
    float32ToFloat16: () => [also(1, "NaN")],
    formatCsv: () => [["a"], [["1"]]],
    formatCsvRow: () => [["a", 1]],
    lineChartSvg: () => [settings({ ...picture, ...panel })],
    maskedCrc32c: () => [bytes(), maybe(0), maybe(2)],
    onCommonGrid: () => [[{ x: [0, 1], y: [1, 2] }], 1, maybe(10)],
    parseCsv: () => ["a,b\n1,2\n"],
    parseCsvRecords: () => ["a,b\n"],
    parseExact: () => ['{"a":1}'],
    pictureSvg: () => [
      settings({
        ...picture,
        panels: [
          { kind: "lines", x: { label: "x" }, y: { label: "y" }, series: [{ name: "a", x: [0, 1], y: [1, 2] }] },
        ],
        ...{ columns: maybe(1), names: maybe("above") },
      }),
    ],
    RandomStream: () => [0, 1024, maybe(0)],
    readTensorboardScalars: () => [events()],
    scalarsRecord: () => [0, 1, also({ "a/b": 1 }, "object")],
    sessionStartRecord: () => [0, 1],
    sha256: () => [bytes()],
    stringifyExact: () => [also({ a: 1 }, "null", "text", "NaN", "true", "object", "list")],
    toHex: () => [bytes()],
  };
}
