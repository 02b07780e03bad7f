/** What heads are made of: parameters' names, what they start as, defaults, and the ends of what is clipped. */
import { expect, test } from "vitest";
import { boxInterval, boxRescaling } from "../../src/distributions/boxBounds.ts";
import { headForSpace } from "../../src/distributions/forSpace.ts";
import { gaussianHead, LOG_STD_RANGE } from "../../src/distributions/gaussian.ts";
import { box, dict, discrete } from "../../src/envs/index.ts";
import { constant, input, type Tensor } from "../../src/tensor/graph.ts";
import { evaluate } from "../tensor/reference.ts";

const nameOf = (tensor: Tensor) => tensor.attributes.name;
const plane = box({ low: -1, high: 1, shape: [2] });
const parametersOf = (head: ReturnType<typeof headForSpace>) =>
  head.parameters.map(({ tensor, initial, logScale }) => ({
    name: nameOf(tensor),
    shape: tensor.shape,
    initial,
    logScale,
  }));

test("log σ is a parameter of the head's own, in a Dict under the field's name; it starts where it is told", () => {
  const [logScale, initial] = [undefined, 0];
  expect(parametersOf(headForSpace(plane))).toEqual([{ name: "policy.logStd", shape: [2], initial, logScale }]);
  const squashed = headForSpace(plane, { distribution: "squashedGaussian", logStdInit: -1 });
  expect(parametersOf(squashed)[0]).toMatchObject({ name: "policy.logStd", shape: [2], initial: -1 });
  expect(parametersOf(headForSpace(plane, { distribution: "gsde" }, 8))).toEqual([
    { name: "policy.logStd", shape: [8, 2], initial: -2, logScale },
  ]);
  expect(parametersOf(headForSpace(plane, { distribution: "gsde", logStdInit: 0.5 }, 3))[0].initial).toBe(0.5);
  for (const distribution of ["gaussian", "squashedGaussian", "gsde"] as const) {
    const names = headForSpace(dict({ a: plane, b: discrete(2), c: plane }), { distribution }, 4).parameters;
    expect(names.map(({ tensor }) => nameOf(tensor))).toEqual(["policy.a.logStd", "policy.c.logStd"]);
  }
});

test("a Box in the environment's units: the mean log half-width goes with its parameter", () => {
  const [{ logScale }] = headForSpace(box({ low: [0, 10], high: [4, 30] })).parameters;
  expect(logScale).toBeCloseTo((Math.log(2) + Math.log(10)) / 2, 14);
  expect(headForSpace(box({ low: [0, 10], high: [4, 30] }), { normalizeActions: false }).parameters[0].logScale).toBe(
    undefined,
  );
});

test("gsde needs a hidden layer of at least one", () => {
  expect(() => headForSpace(plane, { distribution: "gsde" })).toThrow(
    /width of the last hidden layer: got 0, expected ≥ 1/,
  );
  expect(headForSpace(plane, { distribution: "gsde" }, 1).kind).toBe("gsde");
});

test("a distribution may be named where one field of many is a Box, and only there", () => {
  expect(headForSpace(dict({ a: discrete(2), b: plane }), { distribution: "beta" }).kind).toBe("product");
  expect(headForSpace(dict({ a: dict({ b: plane }) }), { distribution: "beta" }).kind).toBe("product");
  for (const space of [discrete(2), dict({ a: discrete(2), b: discrete(3) })])
    expect(() => headForSpace(space, { distribution: "beta" })).toThrow(/for Box actions: got "beta" for D/);
});

test("a state-dependent log σ is shifted, and held where float32 works: −20 and 4", () => {
  expect([...LOG_STD_RANGE]).toEqual([-20, 4]);
  const head = gaussianHead(1, { stateDependentStd: true, logStdInit: 0.5 });
  const output = constant([0, -30, 0, 0, 0, 3.4, 0, 30], [4, 2]);
  const { logStd } = head.at(output).statistics;
  const values = evaluate([logStd], new Map())[0];
  expect(values).toEqual([-20, 0.5, 3.9, 4].map((x) => expect.closeTo(x, 6)));
});

test("bounds that are none for float32, too near, equal or already −1…1", () => {
  expect(boxRescaling(box({ low: [-1, -1], high: [1, 1] }))).toBeUndefined();
  expect(boxRescaling(box({ low: [-1, Number.NEGATIVE_INFINITY], high: [1, 5] }))).toBeUndefined();
  expect(boxRescaling(box({ low: -1.1e30, high: 1.1e30 }))).toBeUndefined();
  expect(boxRescaling(box({ low: -9e29, high: 9e29 }))?.logVolume).toBeCloseTo(Math.log(9e29), 5);
  const moved = boxRescaling(box({ low: [3, -1, 0], high: [3, 1, 2] }))!;
  expect(moved.logVolume).toBe(0);
  const u = input("u", [1, 3]);
  const at = (x: ReturnType<typeof moved.fromUnit>) => evaluate([x], new Map([[u, [0.5, 0.5, 0.5]]]))[0];
  expect(at(moved.fromUnit(u))).toEqual([3.5, 0.5, 1.5]);
  expect(at(moved.toUnit(u))).toEqual([-2.5, 0.5, -0.5]);
  const tiny = 2 ** -126;
  expect(boxRescaling(box({ low: 0, high: 2 * tiny }))?.logVolume).toBeCloseTo(-126 * Math.LN2, 6);
  expect(boxRescaling(box({ low: 0, high: tiny }))?.logVolume).toBe(0);
});

test("an interval needs every element's bounds finite and apart, and names the first that has not", () => {
  expect(boxInterval(box({ low: [0, 1], high: [2, 4] }), "beta").logVolume).toBeCloseTo(Math.log(6), 12);
  for (const [low, high, got] of [
    [[0, 5], [1, 5], "element 1 from 5 to 5"],
    [[0, Number.NEGATIVE_INFINITY], [1, 5], "element 1 from -Infinity to 5"],
    [[-3e38, 0], [3e38, 1], "element 0 from -3.0000000054977558e"],
  ] as const) {
    const call = () => boxInterval(box({ low, high }), "beta");
    expect(call).toThrow(new RegExp(got));
  }
});
