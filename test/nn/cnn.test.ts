/** Convolutions against plain loops over channels-first images and PyTorch's order of weights; gradients by differences. */

import { describe, expect, test } from "vitest";
import {
  type ConvolutionLayer,
  cnn,
  type ImageShape,
  layersFor,
  natureLayers,
  smallLayers,
} from "../../src/nn/index.ts";
import { startingValues } from "../../src/nn/startingValues.ts";
import { finish } from "../../src/pauses.ts";
import { RandomStream } from "../../src/random/index.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { grad } from "../../src/tensor/grad.ts";
import { input } from "../../src/tensor/graph.ts";
import { square } from "../../src/tensor/ops/elementwise.ts";
import { sum } from "../../src/tensor/ops/reduce.ts";
import { ParameterBlock } from "../../src/tensor/parameters.ts";
import { evaluate } from "../tensor/reference.ts";
import { expectClose, numbers, seeded, type Values } from "../tensor/support.ts";

const pair = (x: number | readonly [number, number] = 0) => (typeof x === "number" ? [x, x] : x);

/** One layer with relu on one image, [channel][y][x]; weight(filter, channel, y, x). */
function convolve(
  image: number[][][],
  layer: ConvolutionLayer,
  weight: (f: number, c: number, y: number, x: number) => number,
  bias: readonly number[],
): number[][][] {
  const [height, width] = [image[0].length, image[0][0].length];
  const [kh, kw] = pair(layer.kernel);
  const [sh, sw] = pair(layer.stride ?? 1);
  const [ph, pw] = pair(layer.padding);
  return Array.from({ length: layer.filters }, (_, f) => {
    const plane: number[][] = [];
    for (let y = -ph; y + kh <= height + ph; y += sh) {
      const line: number[] = [];
      for (let x = -pw; x + kw <= width + pw; x += sw) {
        let total = bias[f];
        image.forEach((channel, c) => {
          for (let i = 0; i < kh; i++) {
            for (let j = 0; j < kw; j++) total += (channel[y + i]?.[x + j] ?? 0) * weight(f, c, i, j);
          }
        });
        line.push(Math.max(total, 0));
      }
      plane.push(line);
    }
    return plane;
  });
}

interface Spec {
  name: string;
  image: ImageShape;
  layers: ConvolutionLayer[];
}

const specs: Spec[] = [
  { name: "one layer", image: { channels: 2, height: 4, width: 5 }, layers: [{ filters: 3, kernel: 2 }] },
  {
    name: "two layers, stride and padding",
    image: { channels: 3, height: 6, width: 5 },
    layers: [
      { filters: 4, kernel: 3, padding: 1, stride: 2 },
      { filters: 2, kernel: [1, 2], stride: [2, 1] },
    ],
  },
  {
    name: "one channel",
    image: { channels: 1, height: 3, width: 3 },
    layers: [{ filters: 2, kernel: 3, padding: [0, 1] }],
  },
];

function setUp({ image, layers }: Spec, rows = 2) {
  const net = cnn("net", image, layers);
  const random = seeded(3);
  const size = image.channels * image.height * image.width;
  const x = input("x", [rows, size]);
  const pixels = numbers(random, rows * size);
  const values: Values = new Map([[x, pixels]]);
  for (const tensor of net.parameters)
    values.set(
      tensor,
      numbers(
        random,
        tensor.shape.reduce((a, b) => a * b, 1),
      ),
    );
  return { net, x, pixels, values, size };
}

describe.each(specs)("$name", (spec) => {
  test("the same as plain loops", () => {
    const { net, x, pixels, values, size } = setUp(spec);
    const [got] = evaluate([net.apply(x)], values);
    const { channels, height, width } = spec.image;
    const wanted = [0, 1].flatMap((row) => {
      let image = Array.from({ length: channels }, (_, c) =>
        Array.from({ length: height }, (_, i) =>
          Array.from({ length: width }, (_, j) => pixels[row * size + (c * height + i) * width + j]),
        ),
      );
      spec.layers.forEach((layer, i) => {
        const [weights, bias] = net.parameters.slice(2 * i, 2 * i + 2).map((tensor) => values.get(tensor)!);
        const [, kw] = pair(layer.kernel);
        const depth = image.length;
        const weight = (f: number, c: number, y: number, at: number) =>
          weights[((y * kw + at) * depth + c) * layer.filters + f];
        image = convolve(image, layer, weight, bias);
      });
      return image[0].flatMap((line, y) => line.flatMap((_, at) => image.map((plane) => plane[y][at])));
    });
    expect(net.outputs).toBe(wanted.length / 2);
    expectClose(got, wanted, "features", { absolute: 1e-9 });
  });

  test("gradients by weights and pixels are those of central differences", () => {
    const { net, x, values } = setUp(spec);
    const loss = sum(square(net.apply(x)));
    const wrt = [...net.parameters, x];
    const gradients = evaluate(grad(loss, wrt), values);
    wrt.forEach((tensor, k) => {
      const content = values.get(tensor)!;
      for (let i = 0; i < content.length; i += Math.ceil(content.length / 8)) {
        const at = (shift: number) =>
          evaluate([loss], new Map(values).set(tensor, content.with(i, content[i] + shift)))[0][0];
        const numeric = (at(1e-5) - at(-1e-5)) / 2e-5;
        expect(Math.abs(numeric - gradients[k][i])).toBeLessThan(1e-5 * (1 + Math.abs(numeric)));
      }
    });
  });
});

test("channels last is the same network on the same pixels in another order", () => {
  const { net, x, pixels, values } = setUp(specs[1], 1);
  const { channels, height, width } = specs[1].image;
  const last = cnn("net", { channels, height, width, layout: "hwc" }, specs[1].layers);
  const moved = pixels.map((_, k) => {
    const [c, at] = [k % channels, Math.floor(k / channels)];
    return pixels[c * height * width + at];
  });
  const y = input("y", [1, pixels.length]);
  const theirs: Values = new Map([[y, moved]]);
  last.parameters.forEach((tensor, i) => {
    theirs.set(tensor, values.get(net.parameters[i])!);
  });
  expectClose(evaluate([last.apply(y)], theirs)[0], evaluate([net.apply(x)], values)[0], "features", {
    absolute: 1e-12,
  });
});

test("a uniform start fills filters and biases on ±1/√inputs of a window, and is not orthogonal", async () => {
  const layers = [{ filters: 200, kernel: 5 }];
  const net = cnn("net", { channels: 4, height: 5, width: 5 }, layers, { orthogonalInit: false });
  const block = new ParameterBlock(await createEngine(), net.parameters);
  finish(net.initialising(block, startingValues(new RandomStream(1, 3))));
  for (const part of ["weight", "bias"]) {
    const largest = block.values(`net.0.${part}`).reduce((most, w) => Math.max(most, Math.abs(w)), 0);
    expect(largest).toBeLessThanOrEqual(Math.fround(0.1));
    expect(largest).toBeGreaterThan(0.095);
  }
  const weights = block.values("net.0.weight");
  const squares = weights.reduce((total, w) => total + w * w, 0) / weights.length;
  expect(squares).toBeCloseTo(0.01 / 3, 4);
});

test("weights start orthogonal with gain √2, biases at 0, the same for the same seed", async () => {
  const engine = await createEngine();
  const net = cnn("net", { channels: 2, height: 6, width: 6 }, [{ filters: 5, kernel: 3 }]);
  const blocks = [1, 1, 2].map((seed) => {
    const block = new ParameterBlock(engine, net.parameters);
    finish(net.initialising(block, startingValues(new RandomStream(seed, 3))));
    return block;
  });
  const weights = blocks.map((block) => block.values("net.0.weight"));
  for (let i = 0; i < 5; i++) {
    for (let j = 0; j <= i; j++) {
      let dot = 0;
      for (let k = 0; k < 18; k++) dot += weights[0][k * 5 + i] * weights[0][k * 5 + j];
      expect(dot).toBeCloseTo(i === j ? 2 : 0, 5);
    }
  }
  expect(weights[1]).toEqual(weights[0]);
  expect(weights[2]).not.toEqual(weights[0]);
  expect(Math.max(...blocks[0].values("net.0.bias").map(Math.abs))).toBe(0);
});

test("the layers of Mnih et al. 2015 give 7 × 7 × 64 features of 84 × 84 pixels", () => {
  expect(cnn("nature", { channels: 4, height: 84, width: 84 }, natureLayers).outputs).toBe(3136);
  expect([layersFor(84, 84), layersFor(36, 40), layersFor(35, 84), layersFor(1, 1)]).toEqual([
    natureLayers,
    natureLayers,
    smallLayers,
    smallLayers,
  ]);
  expect(cnn("small", { channels: 1, height: 1, width: 1 }, smallLayers).outputs).toBe(32);
});

test("an image too small for a layer is named", () => {
  const make = () => cnn("net", { channels: 1, height: 20, width: 20 }, natureLayers);
  expect(make).toThrow(/net: the image is too small for convolution 2: got 1 × 1 pixels.*at least 3 × 3/);
  expect(make).toThrow(expect.objectContaining({ code: "option" }));
});

test("the layers that suit an image: by its shorter side, large ones from 36 on", () => {
  expect(layersFor(36, 36)).toBe(natureLayers);
  expect(layersFor(35, 84)).toBe(smallLayers);
  expect(layersFor(84, 35)).toBe(smallLayers);
  expect([natureLayers, smallLayers]).toEqual([
    [
      { filters: 32, kernel: 8, stride: 4 },
      { filters: 64, kernel: 4, stride: 2 },
      { filters: 64, kernel: 3 },
    ],
    [
      { filters: 16, kernel: 3, padding: 1 },
      { filters: 32, kernel: 3, stride: 2, padding: 1 },
    ],
  ]);
  expect(cnn("c", { channels: 3, height: 7, width: 10 }, smallLayers).outputs).toBe(4 * 5 * 32);
});

test("an image too small on one side only is named with its layer, pixels and padding", () => {
  const layers = [
    { filters: 2, kernel: 3 },
    { filters: 2, kernel: [2, 4] as const, padding: [1, 0] as const },
  ];
  expect(() => cnn("eye", { channels: 1, height: 9, width: 5 }, layers)).toThrow(
    /eye: the image is too small for convolution 1: got 7 × 3 pixels, padding 1 × 0, expected at least 2 × 4/,
  );
  expect(() => cnn("eye", { channels: 1, height: 2, width: 9 }, [{ filters: 1, kernel: 3 }])).toThrow(
    /got 2 × 9 pixels, padding 0 × 0/,
  );
  expect(cnn("eye", { channels: 1, height: 3, width: 3 }, [{ filters: 1, kernel: 3 }]).outputs).toBe(1);
});

test("a layer's own activation", () => {
  const x = input("x", [1, 1]);
  const values = (name: "relu" | "tanh" | undefined) => {
    const network = cnn("c", { channels: 1, height: 1, width: 1 }, [
      { filters: 1, kernel: 1, ...(name && { activation: name }) },
    ]);
    const [weight, bias] = network.parameters;
    return evaluate(
      [network.apply(x)],
      new Map([
        [x, [-2]],
        [weight, [1]],
        [bias, [0.5]],
      ]),
    )[0][0];
  };
  expect([values(undefined), values("relu"), values("tanh")]).toEqual([0, 0, expect.closeTo(Math.tanh(-1.5), 12)]);
});
