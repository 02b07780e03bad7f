/** Heads in the units of a Box: closed forms in the environment's units, and what does not depend on units. */

import { describe, expect, test } from "vitest";
import {
  type DistributionHead,
  gaussian,
  gaussianHead,
  headForSpace,
  rescaledHead,
} from "../../src/distributions/index.ts";
import { type Box, box, dict, discrete, type Space } from "../../src/envs/spaces.ts";
import { compile } from "../../src/tensor/compile.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { input } from "../../src/tensor/graph.ts";
import { randomKey } from "../../src/tensor/ops/random.ts";
import { ParameterBlock } from "../../src/tensor/parameters.ts";
import { expectClose, numbers, seeded } from "../tensor/support.ts";
import { build, float32, float64, gradients, logProbOf, samplesOf } from "./support.ts";

/** Mean and log σ out of the network, so that samples need no parameters. */
const head = (space: Box) =>
  rescaledHead(gaussianHead(space.low.length, { stateDependentStd: true }), space) as DistributionHead;
const plain = gaussianHead(1, { stateDependentStd: true });
const line = (low: number, high: number) => box({ low, high, shape: [1] });

const mixed = box({ low: [10, -0.01, 0, -Infinity, 3, 0], high: [20, 0.01, 1000, Infinity, 3, Infinity] });
const centres = [15, 0, 500, 0, 3, 0];
const halfWidths = [5, Math.fround(0.01), 500, 1, 1, 1];
const means = [0.2, -0.4, 0.1, 1.5, -0.3, 2];
const logStds = [0, -0.5, -1, 0.3, 0.1, -0.2];

const logDensity = (a: number, mean: number, std: number) =>
  -0.5 * ((a - mean) / std) ** 2 - Math.log(std) - 0.5 * Math.log(2 * Math.PI);

describe("closed forms in the environment's units", () => {
  const built = build(head(mixed), [...means, ...logStds]);
  const meansThere = means.map((x, i) => centres[i] + halfWidths[i] * x);
  const stdsThere = logStds.map((x, i) => halfWidths[i] * Math.exp(x));

  test("log π is the density of the environment's action: σ in its units, log half-width taken off", () => {
    for (const u of [-1.5, 0, 0.7]) {
      const actions = meansThere.map((mean, i) => mean + u * stdsThere[i]);
      const expected = actions.reduce((total, a, i) => total + logDensity(a, meansThere[i], stdsThere[i]), 0);
      expect(logProbOf(built, actions)[0]).toBeCloseTo(expected, 5);
    }
  });

  test("a density over [10, 20] integrates to 1 in the environment's units", () => {
    const step = 0.05;
    const points = Array.from({ length: 2401 }, (_, i) => 15 - 60 + i * step);
    const many = build(
      head(line(10, 20)),
      points.flatMap(() => [0.3, -0.2]),
    );
    expect(logProbOf(many, points).reduce((sum, x) => sum + Math.exp(x) * step, 0)).toBeCloseTo(1, 6);
  });

  test("the entropy carries Σ log half-width", () => {
    const expected = stdsThere.reduce((total, std) => total + 0.5 * Math.log(2 * Math.PI * Math.E * std * std), 0);
    expect(float64(built.distribution.entropy(), built.values)[0]).toBeCloseTo(expected, 5);
  });

  test("the mode is the mean, moved and scaled; a column of equal bounds is moved there", () => {
    expectClose(float64(built.distribution.mode(), built.values), meansThere, "mode");
  });

  test("samples are those of the head's own units, moved and scaled", async () => {
    const own = build(gaussianHead(6, { stateDependentStd: true }), [...means, ...logStds]);
    const [there, here] = [await samplesOf(built, 20), await samplesOf(own, 20)];
    here.forEach((row, k) => {
      expectClose(
        there[k],
        row.map((u, i) => centres[i] + halfWidths[i] * u),
        `draw ${k}`,
        { absolute: 1e-6, relative: 1e-6 },
      );
    });
  });

  test("KL knows no units: that of the head's own, and of normals in the environment's", () => {
    const outputs = [
      [0.2, -0.4],
      [-0.5, 0.3],
    ];
    const [p, q] = outputs.map((output) => build(head(line(0, 1000)), output));
    const [p0, q0] = outputs.map((output) => build(plain, output));
    const [pThere, qThere] = outputs.map(([mean, logStd]) => {
      const [m, s] = [input(`m${mean}`, [1, 1]), input(`s${mean}`, [1])];
      const values = new Map([
        [m, [500 + 500 * mean]],
        [s, [Math.log(500) + logStd]],
      ]);
      return { distribution: gaussian(m, s), values };
    });
    const kl = (a: typeof pThere, b: typeof pThere) =>
      float64(a.distribution.klDivergence(b.distribution), a.values, b.values)[0];
    expect(kl(p, q)).toBe(kl(p0, q0));
    expect(kl(p, q)).toBeCloseTo(kl(pThere, qThere), 10);
    expect(kl(p, p)).toBeCloseTo(0, 12);
  });

  test("importance ratios know no units", () => {
    const [p, q] = [build(head(line(10, 20)), [0.3, -0.2]), build(head(line(10, 20)), [-0.1, 0.1])];
    const [p0, q0] = [build(plain, [0.3, -0.2]), build(plain, [-0.1, 0.1])];
    for (const u of [-3, -0.5, 0, 1.2]) {
      const ratio = logProbOf(p, [15 + 5 * u])[0] - logProbOf(q, [15 + 5 * u])[0];
      expect(ratio).toBeCloseTo(logProbOf(p0, [u])[0] - logProbOf(q0, [u])[0], 10);
    }
  });

  test("gradients are those of central differences", () => {
    const other = build(head(mixed), [...means.toReversed(), ...logStds.toReversed()]);
    const actions = input("actions", [1, 6]);
    const taken = new Map([[actions, [12, 0.003, 900, -1, 3, 4]]]);
    for (const tensor of [
      built.distribution.logProb(actions),
      built.distribution.entropy(),
      built.distribution.klDivergence(other.distribution),
    ]) {
      const { graph, numeric } = gradients(tensor, built.output, built.values, other.values, taken);
      expectClose(graph, numeric, "gradient", { absolute: 1e-7, relative: 1e-6 });
    }
  });
});

describe("bounds of every kind", () => {
  test.each([
    ["[-1, 1]", line(-1, 1)],
    ["none", line(-Infinity, Infinity)],
    ["one", line(0, Infinity)],
    ["float32's largest numbers, which stand for none", line(-3.4e38, 3.4e38)],
  ])("%s: the head itself", (_, space) => {
    const own = gaussianHead(1);
    expect(rescaledHead(own, space)).toBe(own);
  });

  test.each([
    ["equal", 7, 7],
    ["equal and large", 1e9, 1e9],
    ["a float32 apart", 1, 1 + 2 ** -23],
    ["less than an ordinary float32 apart", 0, 2 ** -149],
    ["very far apart", -9e29, 9e29],
    ["beyond zero", -3e9, -1e9],
  ])("%s: finite in float32 throughout", async (_, low, high) => {
    const built = build(head(line(low, high)), [0.4, -0.3]);
    const actions = input("actions", [1, 1]);
    const draws = (await samplesOf(built, 20)).flat();
    for (const draw of [...draws, low, high]) {
      const taken = new Map([[actions, [Math.fround(draw)]]]);
      const logProb = built.distribution.logProb(actions);
      expect(Number.isFinite(draw)).toBe(true);
      expect((await float32(logProb, built.values, taken)).every(Number.isFinite), `log π(${draw})`).toBe(true);
      expect(gradients(logProb, built.output, built.values, taken).graph.every(Number.isFinite)).toBe(true);
    }
    expect((await float32(built.distribution.entropy(), built.values)).every(Number.isFinite)).toBe(true);
  });
});

test.each([
  [10, 20],
  [-0.01, 0.01],
  [0, 1000],
  [1e4, 1e4 + 1],
])("[%d, %d]: log π worked out from the stored action is the one it was drawn with, bit for bit", async (low, high) => {
  const rows = 64;
  const engine = await createEngine();
  const own = rescaledHead(gaussianHead(2), box({ low, high, shape: [2] }));
  const block = new ParameterBlock(engine, [own.parameters[0].tensor]);
  block.flat().set([-0.7, 0.2]);
  const output = input("output", [rows, 2]);
  const stored = input("stored", [rows, 2]);
  const distribution = own.at(output);
  const action = distribution.sample(randomKey());
  const act = compile(engine, { parameters: [block], outputs: { action, logProb: distribution.logProb(action) } });
  const learn = compile(engine, { parameters: [block], outputs: { logProb: distribution.logProb(stored) } });
  const outputs = numbers(seeded(4), rows * 2, -1, 1);
  act.input("output").set(outputs);
  act.inputInts("randomKey").set([1, 0, 0, 0]);
  act.run();
  learn.input("output").set(outputs);
  learn.input("stored").set(act.output("action"));
  learn.run();
  expect(Array.from(learn.output("logProb"))).toEqual(Array.from(act.output("logProb")));
});

describe("which heads of a space", () => {
  const there = line(10, 20);
  const latent = input("latent", [1, 4]);
  const modeOf = (space: Space, options: Parameters<typeof headForSpace>[1]) => {
    const own = headForSpace(space, options, 4);
    const output = input("output", [1, own.parameterSize]);
    const values = new Map([
      [output, new Array(own.parameterSize).fill(0) as number[]],
      [latent, [1, 1, 1, 1]],
    ]);
    return float64(own.at(output, { latent }).mode(), values);
  };

  test.each([
    [{}, 0],
    [{ stateDependentStd: true }, 0],
    [{ distribution: "gsde" }, 0],
    [{ distribution: "squashedGaussian" }, 15],
    [{ distribution: "beta" }, 15],
  ] as const)("%o: a network's 0 is the centre; %d without normalizeActions", (options, without) => {
    expect(modeOf(there, options)[0]).toBeCloseTo(15, 6);
    expect(modeOf(there, { ...options, normalizeActions: false })[0]).toBeCloseTo(without, 6);
  });

  test("a Dict's Boxes, each by its own bounds", () => {
    const space = dict({ tool: discrete(2, 5), force: there, angle: line(0, 1000), free: line(-Infinity, Infinity) });
    expect(modeOf(space, {})).toEqual([5, 15, 500, 0]);
  });
});
