/** From columns to features: one-hot, bytes to 0…1, images cut out of Dicts; and the hidden layers behind. */

import { describe, expect, test } from "vitest";
import { networkOptions, pickNetwork } from "../../src/algorithms/commonOptions.ts";
import { box, dict, discrete, multiBinary, type Space } from "../../src/envs/spaces.ts";
import { clipToSpace } from "../../src/policies/clipToSpace.ts";
import { encodeObservation, featureSize, imageParts, numericColumns } from "../../src/policies/encode.ts";
import { type BodyOptions, observationBody } from "../../src/policies/observationBody.ts";
import { input, type Tensor } from "../../src/tensor/graph.ts";
import { evaluate } from "../tensor/reference.ts";
import { expectClose, numbers, seeded, type Values } from "../tensor/support.ts";

const bytes = (shape: number[]) => box({ low: 0, high: 255, shape });
const scene = dict({
  speed: box({ low: -9, high: 9, shape: [2] }),
  camera: bytes([1, 2, 2]),
  gear: discrete(3, 1),
  depth: box({ low: 0, high: 1, shape: [2, 1, 3] }),
  lights: multiBinary(1),
});
/** Speed, camera, gear, depth, lights. */
const row = [1, -2, 0, 255, 51, 102, 2, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1];

const encode = (space: Space, columns: number[], ...more: [object?, ...never[]]) => {
  const x = input("x", [1, columns.length]);
  return evaluate([encodeObservation(space, x, ...more)], new Map([[x, columns]]))[0];
};

test("columns keep their order; bytes of images go to 0…1 unless scalePixels is off", () => {
  const bits = [0, 1, 0];
  const rest = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1];
  expectClose(encode(scene, row), [1, -2, 0, 1, 0.2, 0.4, ...bits, ...rest], "scaled", { absolute: 1e-7 });
  expect(encode(scene, row, { scalePixels: false })).toEqual([1, -2, 0, 255, 51, 102, ...bits, ...rest]);
  expect(featureSize(scene)).toBe(16);
});

test("indices and bytes of images are not normalised; other images are", () => {
  const expected = [true, true, ...new Array(4).fill(false), false, ...new Array(6).fill(true), true];
  expect(numericColumns(scene)).toEqual(expected);
  expect(numericColumns(bytes([3]))).toEqual([true, true, true]);
});

test("images are Boxes of rank 3, wherever they lie", () => {
  expect(imageParts(dict({ outer: scene, last: bytes([1, 1, 1]) })).map(({ name, start }) => [name, start])).toEqual([
    ["outer.camera", 2],
    ["outer.depth", 7],
    ["last", 14],
  ]);
  expect(imageParts(bytes([2, 2]))).toEqual([]);
});

describe("the hidden layers", () => {
  const apply = (space: Space, columns: number[], options: BodyOptions = {}, hidden: number[] = []) => {
    const body = observationBody("b", space, hidden, options);
    const x = input("x", [1, columns.length]);
    const random = seeded(1);
    const values: Values = new Map([[x, columns]]);
    const fill = (tensor: Tensor) =>
      numbers(
        random,
        tensor.shape.reduce((a, b) => a * b, 1),
      );
    for (const tensor of body.parameters) values.set(tensor, fill(tensor));
    const [features] = evaluate([body.apply(x)], values);
    return { body, features, values };
  };

  test("image features come first, then all other columns", () => {
    const { body, features } = apply(scene, row, { cnn: [{ filters: 2, kernel: 1 }] });
    expect(body.parameters.map(({ label }) => label)).toEqual([
      "b.cnn.camera.0.weight",
      "b.cnn.camera.0.bias",
      "b.cnn.depth.0.weight",
      "b.cnn.depth.0.bias",
    ]);
    expect(body.outputs).toBe(8 + 6 + 6);
    expect(features.slice(14)).toEqual([1, -2, 0, 1, 0, 1]);
  });

  test("pixels are scaled before the convolutions", () => {
    const layers = [{ filters: 1, kernel: 1, activation: "linear" as const }];
    const { features, values } = apply(bytes([1, 1, 2]), [255, 0], { cnn: layers });
    const [weight, bias] = [...values.entries()]
      .filter(([{ op }]) => op === "parameter")
      .map(([, content]) => content[0]);
    expectClose(features, [weight + bias, bias], "features", { absolute: 1e-6 });
  });

  test("a single image has no field's name; 'none' takes pixels as columns; parameters without images are as ever", () => {
    const names = (space: Space, options: BodyOptions) =>
      observationBody("policy.body", space, [4], options).parameters.map(({ label }) => label);
    expect(names(bytes([1, 5, 5]), {})).toEqual([
      "policy.body.cnn.0.weight",
      "policy.body.cnn.0.bias",
      "policy.body.cnn.1.weight",
      "policy.body.cnn.1.bias",
      "policy.body.0.weight",
      "policy.body.0.bias",
    ]);
    expect(names(bytes([1, 5, 5]), { cnn: "none" })).toEqual(["policy.body.0.weight", "policy.body.0.bias"]);
    expect(names(scene, { cnn: "none" })).toEqual(["policy.body.0.weight", "policy.body.0.bias"]);
    expect(observationBody("b", bytes([40, 40, 3]), [], { imageLayout: "hwc" }).parameters[0].shape).toEqual([192, 32]);
    expect(observationBody("b", bytes([5, 6, 3]), [], { imageLayout: "hwc" }).parameters[0].shape).toEqual([27, 16]);
  });

  test("convolutions without an image are refused", () => {
    expect(() => observationBody("b", box({ low: 0, high: 1, shape: [3] }), [4], { cnn: "small" })).toThrow(
      /cnn: the observation has no image: got Box\(\[3\]/,
    );
  });
});

test("actions are clipped field by field", () => {
  const space = dict({
    a: discrete(9),
    b: dict({ c: box({ low: [-1, 0], high: [1, 2] }) }),
    d: box({ low: 5, high: 6, shape: [1] }),
  });
  const out = new Float32Array(8);
  clipToSpace(space, Float32Array.of(8, -3, 3, 5.5, 0, 0.5, -1, 9), out);
  expect([...out]).toEqual([8, -1, 2, 5.5, 0, 0.5, 0, 6]);
});

test("options of the network: what is given passes, what is not has its default, what is wrong is named", () => {
  const parse = (name: keyof typeof networkOptions, value: unknown) => networkOptions[name].safeParse(value);
  const layers = [
    { filters: 8, kernel: 3 },
    { filters: 4, kernel: [1, 2], stride: 2, padding: [0, 1], activation: "tanh" },
  ];
  expect(parse("cnn", layers).data).toEqual(layers);
  expect(parse("cnn", undefined).data).toBe("auto");
  for (const [name, wrong] of [
    ["distribution", "normal"],
    ["cnn", "large"],
    ["cnn", []],
    ["cnn", [{ filters: 0, kernel: 3 }]],
    ["cnn", [{ filters: 1, kernel: 3, width: 2 }]],
    ["sdeSampleFreq", 0],
    ["imageLayout", "whc"],
    ["scalePixels", 1],
  ] as const) {
    expect(parse(name, wrong).success, `${name} ${JSON.stringify(wrong)}`).toBe(false);
  }
  expect(pickNetwork({ hidden: [3], distribution: undefined, cnn: "none", other: 1 } as object)).toEqual({
    hidden: [3],
    cnn: "none",
  });
});
