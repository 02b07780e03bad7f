/** Layers and activations against plain loops. */

import { describe, expect, test } from "vitest";
import { type ActivationName, activation, activationNames, mlp } from "../../src/nn/index.ts";
import { startingValues } from "../../src/nn/startingValues.ts";
import { finish } from "../../src/pauses.ts";
import { RandomStream } from "../../src/random/index.ts";
import { compile } from "../../src/tensor/compile.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { grad } from "../../src/tensor/grad.ts";
import { input } from "../../src/tensor/graph.ts";
import { sum } from "../../src/tensor/ops/reduce.ts";
import { ParameterBlock } from "../../src/tensor/parameters.ts";
import { bothEngines, execute, expectClose, numbers, seeded } from "../tensor/support.ts";

const functions: Record<ActivationName, (x: number) => number> = {
  tanh: Math.tanh,
  relu: (x) => Math.max(x, 0),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.log1p(Math.exp(x)),
  silu: (x) => x / (1 + Math.exp(-x)),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  leakyRelu: (x) => (x > 0 ? x : 0.01 * x),
  gelu: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  linear: (x) => x,
};

describe("activations", () => {
  test("every name is covered here", () => {
    expect(Object.keys(functions).sort()).toEqual([...activationNames].sort());
  });

  test.each(activationNames)("%s is what Math says", async (name) => {
    const x = input("x", [101]);
    const points = Array.from({ length: 101 }, (_, i) => Math.fround((i - 50) / 8));
    for (const engine of await bothEngines()) {
      const [actual] = execute(engine, [activation(name)(x)], new Map([[x, points]]));
      expectClose(actual, points.map(functions[name]), `${name}, ${engine.build}`, { absolute: 2e-6 });
    }
  });

  /** Slopes at −1 and 1 are those of the functions; at 0, where some have a corner, those of one side. */
  const atZero: Record<ActivationName, number> = {
    tanh: 1,
    relu: 0,
    sigmoid: 0.25,
    softplus: 0.5,
    silu: 0.5,
    elu: 1,
    leakyRelu: 1,
    gelu: 0.5,
    linear: 1,
  };

  test.each(activationNames)("%s has the slopes of one side, at a corner too", async (name) => {
    const x = input("x", [3]);
    const slope = (at: number) => (functions[name](at + 1e-6) - functions[name](at - 1e-6)) / 2e-6;
    for (const engine of await bothEngines()) {
      const [slopes] = execute(engine, grad(sum(activation(name)(x)), [x]), new Map([[x, [-1, 0, 1]]]));
      expectClose(slopes, [slope(-1), atZero[name], slope(1)], `${name}, ${engine.build}`);
    }
  });

  test("an unknown name is refused with the list of known ones", () => {
    expect(() => activation("swish" as ActivationName)).toThrow(/Unknown activation: got "swish", expected tanh, relu/);
  });
});

describe("mlp", () => {
  const sizes = [3, 5, 4, 2];

  async function forward(
    options: Parameters<typeof mlp>[2],
    rows: number[],
  ): Promise<{ actual: number[]; expected: number[] }> {
    const engine = await createEngine();
    const net = mlp("net", sizes, options);
    const block = new ParameterBlock(engine, net.parameters);
    finish(net.initialising(block, startingValues(new RandomStream(7, 3))));
    block.values("net.1.bias").set([0.5, -0.5, 0.25, 1]);
    const count = rows.length / sizes[0];
    const program = compile(engine, { parameters: [block], outputs: { y: net.apply(input("x", [count, sizes[0]])) } });
    program.input("x").set(rows);
    program.run();

    const f = functions[options?.activation ?? "tanh"];
    const expected: number[] = [];
    for (let row = 0; row < count; row++) {
      let x = rows.slice(row * sizes[0], (row + 1) * sizes[0]);
      for (let layer = 0; layer < sizes.length - 1; layer++) {
        const [weight, bias] = [block.values(`net.${layer}.weight`), block.values(`net.${layer}.bias`)];
        const y = Array.from(bias, (b, j) => x.reduce((s, value, i) => s + value * weight[i * bias.length + j], b));
        x = layer < sizes.length - 2 || options?.activateLast ? y.map(f) : y;
      }
      expected.push(...x);
    }
    return { actual: Array.from(program.output("y")), expected };
  }

  test.each([
    ["by default", {}],
    ["relu, the last layer activated", { activation: "relu", activateLast: true }],
    ["uniform start", { activation: "elu", orthogonalInit: false }],
    ["a small last gain", { lastGain: 0.01 }],
  ] as const)("%s: the forward pass is that of plain loops", async (_, options) => {
    const { actual, expected } = await forward(options, numbers(seeded(1), 7 * 3));
    expectClose(actual, expected, "output", { absolute: 1e-5 });
  });

  test("weights start with the gains asked for and biases at 0", async () => {
    const net = mlp("net", [8, 8, 1], { gain: 1.5, lastGain: 0.01 });
    const block = new ParameterBlock(await createEngine(), net.parameters);
    finish(net.initialising(block, startingValues(new RandomStream(1, 3))));
    const length = (name: string) => Math.sqrt(block.values(name).reduce((s, w) => s + w * w, 0));
    expect(length("net.0.weight")).toBeCloseTo(1.5 * Math.sqrt(8), 5);
    expect(length("net.1.weight")).toBeCloseTo(0.01, 7);
    expect(Array.from(block.values("net.0.bias"))).toEqual(new Array(8).fill(0));
  });

  test("a uniform start fills weights and biases on ±1/√inputs of their layer", async () => {
    const net = mlp("net", [100, 400, 4], { orthogonalInit: false });
    const block = new ParameterBlock(await createEngine(), net.parameters);
    finish(net.initialising(block, startingValues(new RandomStream(1, 3))));
    const largest = (name: string) => block.values(name).reduce((most, w) => Math.max(most, Math.abs(w)), 0);
    for (const part of ["weight", "bias"]) {
      expect(largest(`net.0.${part}`)).toBeLessThanOrEqual(Math.fround(0.1));
      expect(largest(`net.0.${part}`)).toBeGreaterThan(0.098);
      expect(largest(`net.1.${part}`)).toBeLessThanOrEqual(Math.fround(0.05));
      expect(largest(`net.1.${part}`)).toBeGreaterThan(0.02);
    }
  });

  test("a single size is the identity, without parameters", () => {
    const net = mlp("none", [4]);
    const x = input("x", [2, 4]);
    expect(net.parameters).toEqual([]);
    expect(net.apply(x)).toBe(x);
  });

  test("an input of the wrong width is refused while the graph is built", () => {
    expect(() => mlp("net", sizes).apply(input("x", [2, 4]))).toThrow(/matmul/);
  });
});
