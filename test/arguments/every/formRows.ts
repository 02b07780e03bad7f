/** Valid arguments of the functions of "ascent-rl/files", "/charts", "/scenes" and "/random". */

import * as files from "../../../src/files/index.ts";
import { also, anyKind, maybe, options, parts, settings } from "./harness.ts";

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

const scene = () => ({
  ...{ left: 0, bottom: 0, right: 2, top: 1, words: "A line." },
  shapes: [
    {
      kind: "polyline",
      points: [
        [0, 0],
        [2, 1],
      ],
      stroke: "ink",
    },
  ],
});

export function formRows(): Record<string, () => unknown[]> {
  const events = () => files.fileVersionRecord(0);
  return {
    arrowHead: () => [
      also(
        [
          [0, 0],
          [2, 1],
        ],
        "list",
      ),
      0.1,
    ],
    bfloat16ToFloat32: () => [16256],
    checkSeed: () => [0],
    compactNumber: () => [also(1234, "NaN"), maybe(3)],
    completionScene: () => [settings({ completion: "b", prompt: maybe("a"), reward: maybe(1), note: maybe("c") })],
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
    sceneFramesToSvg: () => [
      [scene()],
      options({ columns: 1, width: 300, title: "An episode", captions: also(["start"], "list") }),
    ],
    sceneToSvg: () => [parts(scene()), options({ width: 300, title: "A line" })],
    sessionStartRecord: () => [0, 1],
    sha256: () => [bytes()],
    stringifyExact: () => [also({ a: 1 }, "null", "text", "NaN", "true", "object", "list")],
    usualStrokeWidth: () => [parts({ left: 0, right: 1 })],
    whyNotScene: () => [also(scene(), ...anyKind)],
    toHex: () => [bytes()],
  };
}
