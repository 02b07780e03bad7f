/** Dict actions: a head for each field, their log-probabilities added, masks for the discrete ones; and bad options named. */

import { describe, expect, test } from "vitest";
import { type HeadOptions, headForSpace } from "../../src/distributions/index.ts";
import { box, dict, discrete, maskSize, multiBinary, multiDiscrete, type Space } from "../../src/envs/spaces.ts";
import type { Tensor } from "../../src/tensor/graph.ts";
import { expectClose, numbers, seeded } from "../tensor/support.ts";
import { build, float64, gradients, logProbOf, samplesOf } from "./support.ts";

const space = dict({
  tool: discrete(3, 1),
  hand: dict({ push: box({ low: -1, high: 1, shape: [2] }), fingers: multiBinary(2) }),
  keys: multiDiscrete([2, 4]),
});
const options: HeadOptions = { distribution: "beta" };
const head = headForSpace(space, options);
const fields = [
  discrete(3, 1),
  box({ low: -1, high: 1, shape: [2] }),
  multiBinary(2),
  multiDiscrete([2, 4]),
] as Space[];
const heads = fields.map((field) => headForSpace(field, field.kind === "box" ? options : {}));

/** The columns of each part out of rows of all parts. */
function split(rows: number[], widths: readonly number[]): number[][] {
  const width = widths.reduce((a, b) => a + b, 0);
  return widths.map((own, i) => {
    const start = widths.slice(0, i).reduce((a, b) => a + b, 0);
    return rows.filter((_, k) => k % width >= start && k % width < start + own);
  });
}

const outputs = numbers(seeded(4), 2 * head.parameterSize);
const actions = [1, 0.5, -0.3, 1, 0, 0, 3, 3, -0.9, 0.1, 0, 1, 1, 2];

test("sizes are sums, nested fields included; masks are for the discrete parts", () => {
  expect(head).toMatchObject({ kind: "product", parameterSize: 3 + 4 + 2 + 6, actionSize: 7, maskSize: 9 });
  expect(maskSize(space)).toBe(9);
  expect(maskSize(dict({ a: box({ low: 0, high: 1, shape: [1] }) }))).toBeUndefined();
});

test("a field with a dot in its name is not taken for a field of a field", () => {
  const one = box({ low: -1, high: 1, shape: [1] });
  const dotted = dict({ a: dict({ b: one }), "a.b": one, "a\\": one });
  const plain = dict({ x: one, y: one, z: one });
  expect(new Set(headForSpace(dotted).parameters.map(({ tensor }) => tensor.attributes.name)).size).toBe(3);
  const [kl, expected] = [dotted, plain].map((space) => {
    const of = headForSpace(space, { stateDependentStd: true });
    const [from, to] = [build(of, [0.1, 0.2, 0.5, 0, 0.9, -0.4]), build(of, [0.3, 0, 0.2, 0.1, 0.7, 0.2])];
    return float64(from.distribution.klDivergence(to.distribution), from.values, to.values)[0];
  });
  expect(expected).toBeGreaterThan(0);
  expect(kl).toBeCloseTo(expected, 12);
});

test("log-probability, entropy and KL are the sums of the fields'; statistics alone are enough for KL", () => {
  const others = numbers(seeded(5), outputs.length);
  const [p, q] = [build(head, outputs), build(head, others)];
  const kl = p.distribution.klDivergence({ statistics: q.distribution.statistics });
  const got = [logProbOf(p, actions), float64(p.distribution.entropy(), p.values), float64(kl, p.values, q.values)];
  const parameterSizes = heads.map((one) => one.parameterSize);
  const actionSizes = heads.map((one) => one.actionSize);
  const wanted = [0, 1, 2].map(() => [0, 0]);
  heads.forEach((one, i) => {
    const [ours, theirs] = [outputs, others].map((all) => build(one, split(all, parameterSizes)[i]));
    const terms = [
      logProbOf(ours, split(actions, actionSizes)[i]),
      float64(ours.distribution.entropy(), ours.values),
      float64(ours.distribution.klDivergence(theirs.distribution), ours.values, theirs.values),
    ];
    terms.forEach((rows, k) => {
      rows.forEach((value, row) => {
        wanted[k][row] += value;
      });
    });
  });
  got.forEach((rows, k) => {
    expectClose(rows, wanted[k], ["log-probability", "entropy", "KL"][k], { absolute: 1e-9 });
  });
  expect(Object.keys(p.distribution.statistics)).toEqual([
    "tool.logits",
    "hand.push.alpha",
    "hand.push.beta",
    "hand.fingers.logits",
    "keys.logits",
  ]);
});

test("gradients are those of central differences", () => {
  const p = build(head, outputs);
  const { graph, numeric } = gradients(p.distribution.entropy(), p.output, p.values);
  expectClose(graph, numeric, "entropy", { absolute: 1e-6, relative: 1e-5 });
});

test("equal parts are drawn independently", async () => {
  const twins = headForSpace(dict({ a: discrete(2), b: discrete(2), c: multiBinary(1) }));
  const rows = 8000;
  const [draws] = await samplesOf(build(twins, new Array(rows * 5).fill(0)), 1);
  const columns = split(draws, [1, 1, 1]);
  for (const [i, j] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ]) {
    const agree = columns[i].filter((x, k) => x === columns[j][k]).length;
    expect(Math.abs(agree - rows / 2)).toBeLessThan(2 * Math.sqrt(rows));
  }
});

test("masked choices of any field are never drawn, nor taken as the mode", async () => {
  const mask = [0, 1, 0, 1, 1, 0, 0, 1, 0];
  const built = build(head, outputs, [...mask, ...mask]);
  const masks = [...built.values.keys()].find(({ label }) => label === "mask") as Tensor;
  expect(built.values.get(masks)).toHaveLength(18);
  const draws = await samplesOf(built, 200);
  const [mode] = [float64(built.distribution.mode(), built.values)];
  for (const row of [...draws, mode]) {
    for (const k of [0, 7]) {
      expect(row[k]).toBe(2);
      expect(row[k + 6]).toBe(2);
    }
  }
  expect(new Set(draws.map((row) => row[5])).size).toBe(2);
});

describe("the option distribution", () => {
  const sphere = box({ low: -1, high: 1, shape: [2] });
  test.each([
    ["gaussian", {}, 2],
    ["gaussian", { stateDependentStd: true }, 4],
    ["squashedGaussian", {}, 2],
    ["squashedGaussian", { stateDependentStd: true }, 4],
    ["beta", {}, 4],
    ["gsde", {}, 2],
  ] as const)("%s %o", (distribution, more, parameterSize) => {
    expect(headForSpace(sphere, { distribution, ...more }, 8)).toMatchObject({ kind: distribution, parameterSize });
  });

  test("parameters of a Dict's fields have names of their own", () => {
    const two = headForSpace(dict({ a: sphere, b: sphere }), { logStdInit: -1 });
    expect(two.parameters.map(({ tensor, initial }) => [tensor.label, initial])).toEqual([
      ["policy.a.logStd", -1],
      ["policy.b.logStd", -1],
    ]);
  });

  test.each([
    [discrete(2), { distribution: "beta" }, "option", /distribution is for Box actions: got "beta" for Discrete\(2\)/],
    [dict({ a: discrete(2) }), { distribution: "gaussian" }, "option", /a Box action space, or a Dict with a Box/],
    [sphere, { distribution: "cauchy" }, "option", /unknown name: got "cauchy", expected gaussian, squashed/],
    [sphere, { distribution: "beta", stateDependentStd: true }, "option", /stateDependentStd does not go with.*no σ/],
    [sphere, { distribution: "gsde", stateDependentStd: true }, "option", /σ that depends on the state already/],
    [
      box({ low: -Infinity, high: 1, shape: [1] }),
      { distribution: "squashedGaussian" },
      "space",
      /"squashedGaussian" needs finite bounds: got element 0 from -Infinity to 1/,
    ],
  ])("%o with %o is refused", (space, options, code, message) => {
    expect(() => headForSpace(space as Space, options as HeadOptions, 8)).toThrow(message);
    expect(() => headForSpace(space as Space, options as HeadOptions, 8)).toThrow(expect.objectContaining({ code }));
  });
});
