/** Theory 18: Fisher-vector products against the matrix E[∇log π ∇log πᵀ] written out, and against the Hessian of the KL. */

import { beforeAll, describe, expect, test } from "vitest";
import { box, discrete, multiBinary, multiDiscrete, type Space } from "../../src/envs/index.ts";
import { perSampleScores } from "../../src/estimators/index.ts";
import { dot, matrixVector } from "../../src/mdp/linearAlgebra.ts";
import { fisherVectorProduct, klFromItself } from "../../src/objectives/fisher.ts";
import { actorCritic, type NetworkOptions } from "../../src/policies/actorCritic.ts";
import {
  compile,
  constant,
  type Engine,
  exp,
  hessianVectorProduct,
  input,
  ParameterBlock,
  sizeOf,
  type Tensor,
} from "../../src/tensor/index.ts";
import { evaluate } from "../tensor/reference.ts";
import { bothEngines, numbers, seeded, type Values } from "../tensor/support.ts";

let engines: Engine[];
beforeAll(async () => {
  engines = await bothEngines();
});

const ROWS = 6;
const observationSpace = box({ low: -9, high: 9, shape: [3] });
/** Of the action space: what the network sees as 1. */
const HALF_WIDTH = 9;
const continuous = box({ low: -HALF_WIDTH, high: HALF_WIDTH, shape: [2] });

function setUp(actionSpace: Space, options: NetworkOptions) {
  const make = () => actorCritic(observationSpace, actionSpace, { hidden: [5], ...options });
  const [network, twin] = [make(), make()];
  const parameters = network.policyParameters;
  const observation = input("observation", [ROWS, 3]);
  const vector = parameters.map((p, i) => input(`v${i}`, p.shape));
  const random = seeded(4);
  const values: Values = new Map(
    [observation, ...parameters, ...vector].map((t) => [t, numbers(random, sizeOf(t.shape), -1, 1)]),
  );
  const current = network.distribution(observation);
  return { network, current, old: twin.distribution(observation), parameters, observation, vector, values };
}

/** Actions of a discrete space, each [actionSize]. */
function allActions(space: Space): number[][] {
  if (space.kind === "discrete") return Array.from({ length: space.n }, (_, a) => [a + space.start]);
  const categories = space.kind === "multiDiscrete" ? space.categories : [2, 2, 2];
  let lists: number[][] = [[]];
  for (const n of categories) lists = lists.flatMap((list) => Array.from({ length: n }, (_, a) => [...list, a]));
  return lists;
}

interface Weighted {
  /** [ROWS × actionSize] */
  actions: number[];
  /** Probability of each row's action, or its quadrature weight [ROWS]. */
  weights: number[] | undefined;
}

/** Gauss-Hermite with three points a dimension is exact for polynomials of degree 5; products of scores have degree 4. */
function quadrature(mean: number[], logStd: number[]): Weighted[] {
  const points = [
    [0, 2 / 3],
    [Math.sqrt(3), 1 / 6],
    [-Math.sqrt(3), 1 / 6],
  ];
  return points.flatMap(([x, wx]) =>
    points.map(([y, wy]) => ({
      actions: mean.map((m, i) => HALF_WIDTH * (m + Math.exp(logStd[i]) * (i % 2 === 0 ? x : y))),
      weights: new Array<number>(ROWS).fill(wx * wy),
    })),
  );
}

/** F = mean over rows of Σ_a π(a|s) ∇log π ∇log πᵀ, in float64. */
function explicitFisher(space: Space, { current, parameters, values }: ReturnType<typeof setUp>): Float64Array {
  let cases: Weighted[];
  if (space.kind === "box") {
    const [mean, logStd] = evaluate([current.statistics["mean"], current.statistics["logStd"]], values);
    cases = quadrature(mean, logStd);
  } else {
    cases = allActions(space).map((action) => ({
      actions: Array.from({ length: ROWS }, () => action).flat(),
      weights: undefined,
    }));
  }
  const width = parameters.reduce((n, { shape }) => n + sizeOf(shape), 0);
  const fisher = new Float64Array(width * width);
  for (const { actions, weights } of cases) {
    const logProb = current.logProb(input("actions", [ROWS, actions.length / ROWS]));
    const actionInput = findInput(logProb, "actions");
    const at = new Map(values).set(actionInput, actions);
    const [scores, probabilities] = evaluate([perSampleScores(logProb, parameters), exp(logProb)], at);
    for (let row = 0; row < ROWS; row++) {
      const weight = (weights ?? probabilities)[row] / ROWS;
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) {
          fisher[i * width + j] += weight * scores[row * width + i] * scores[row * width + j];
        }
      }
    }
  }
  return fisher;
}

/** The same computed by a program; the vector is an input, the parameters a block. */
function inFloat32(engine: Engine, outputs: Tensor[], { parameters, values }: ReturnType<typeof setUp>): number[] {
  const block = new ParameterBlock(engine, parameters);
  for (const parameter of parameters) block.values(parameter.attributes.name!).set(values.get(parameter)!);
  const program = compile(engine, {
    parameters: [block],
    outputs: Object.fromEntries(outputs.map((output, i) => [`${i}`, output])),
  });
  for (const [tensor, list] of values) if (tensor.op === "input") program.input(tensor.attributes.name!).set(list);
  program.run();
  return outputs.flatMap((_, i) => [...program.output(`${i}`)]);
}

function findInput(of: Tensor, name: string): Tensor {
  const seen = new Set<Tensor>();
  const stack = [of];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.op === "input" && next.attributes.name === name) return next;
    for (const x of next.inputs) {
      if (!seen.has(x)) stack.push(x);
      seen.add(x);
    }
  }
  throw new Error(`no input ${name}`);
}

const cases: [string, Space, NetworkOptions][] = [
  ["categorical", discrete(4), {}],
  ["categorical that starts at 2", discrete(3, 2), {}],
  ["multiCategorical", multiDiscrete([3, 2]), {}],
  ["Bernoulli", multiBinary(3), {}],
  ["Gaussian with its own σ", continuous, {}],
  ["Gaussian with state-dependent σ", continuous, { stateDependentStd: true }],
];

describe("F v", () => {
  test.each(cases)(
    "%s: equals the explicit matrix times v, to 1e-4 in float32 and 1e-7 in float64 with constants of float32",
    (_, space, options) => {
      const made = setUp(space, options);
      const { current, old, parameters, vector, values } = made;
      const v = vector.flatMap((tensor) => values.get(tensor)!);
      const fisher = explicitFisher(space, made);
      const expected = matrixVector(fisher, v);
      const scale = Math.sqrt(dot(expected, expected));
      expect(scale).toBeGreaterThan(0.1);
      const product = fisherVectorProduct(current, old, parameters, vector);
      const distance = (actual: number[]) => Math.sqrt(actual.reduce((sum, x, i) => sum + (x - expected[i]) ** 2, 0));
      expect(distance(evaluate(product, values).flat())).toBeLessThan(1e-7 * scale);
      for (const engine of engines) expect(distance(inFloat32(engine, product, made))).toBeLessThan(1e-4 * scale);
    },
  );

  test.each(cases)(
    "%s: equals the Hessian of the KL, which is symmetric and has no negative direction",
    (_, space, options) => {
      const { current, old, parameters, vector, values } = setUp(space, options);
      const kl = klFromItself(current, old);
      const [value] = evaluate([kl], values);
      expect(Math.abs(value[0])).toBeLessThan(1e-12);
      const hessian = evaluate(hessianVectorProduct(kl, parameters, vector), values).flat();
      const product = evaluate(fisherVectorProduct(current, old, parameters, vector), values).flat();
      product.forEach((x, i) => {
        expect(Math.abs(x - hessian[i])).toBeLessThan(1e-10);
      });
      const random = seeded(8);
      const other = new Map(values);
      for (const tensor of vector) other.set(tensor, numbers(random, sizeOf(tensor.shape), -1, 1));
      const [v, w] = [values, other].map((at) => vector.flatMap((tensor) => at.get(tensor)!));
      const productOfOther = evaluate(fisherVectorProduct(current, old, parameters, vector), other).flat();
      expect(dot(w, product)).toBeCloseTo(dot(v, productOfOther), 10);
      expect(dot(v, product)).toBeGreaterThan(0);
    },
  );

  test("of the zero vector is zero, and does not depend on the twin's parameters", () => {
    const { current, old, parameters, vector, values } = setUp(discrete(3), {});
    const zero = new Map(values);
    for (const tensor of vector) zero.set(tensor, new Array<number>(sizeOf(tensor.shape)).fill(0));
    // No numbers are given for the twin: reading one would fail.
    expect(
      evaluate(fisherVectorProduct(current, old, parameters, vector), zero)
        .flat()
        .every((x) => x === 0),
    ).toBe(true);
  });

  test("forbidden actions add nothing and give no NaN", () => {
    const space = discrete(3);
    const make = () => actorCritic(observationSpace, space, { hidden: [4] });
    const [network, twin] = [make(), make()];
    const observation = input("observation", [ROWS, 3]);
    const mask = constant(
      Array.from({ length: ROWS * 3 }, (_, i) => (i % 3 === 1 ? 0 : 1)),
      [ROWS, 3],
    );
    const parameters = network.policyParameters;
    const vector = parameters.map((p, i) => input(`v${i}`, p.shape));
    const random = seeded(5);
    const values: Values = new Map(
      [observation, ...parameters, ...vector].map((t) => [t, numbers(random, sizeOf(t.shape), -1, 1)]),
    );
    const [current, old] = [network.distribution(observation, { mask }), twin.distribution(observation, { mask })];
    const product = evaluate(fisherVectorProduct(current, old, parameters, vector), values);
    expect(product.flat().every(Number.isFinite)).toBe(true);
    const bias = parameters.findIndex(({ attributes }) => attributes.name === "policy.head.0.bias");
    expect(bias).toBeGreaterThanOrEqual(0);
    expect(product[bias][1]).toBe(0);
    expect(Math.abs(product[bias][0])).toBeGreaterThan(1e-3);
  });
});
