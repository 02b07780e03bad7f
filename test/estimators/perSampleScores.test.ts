import { beforeAll, describe, expect, test } from "vitest";
import { box, discrete, multiDiscrete, type Space } from "../../src/envs/index.ts";
import { perSampleScores, policyGradient } from "../../src/estimators/index.ts";
import { pseudoLoss } from "../../src/objectives/index.ts";
import { type ActorCritic, actorCritic, type NetworkOptions } from "../../src/policies/actorCritic.ts";
import {
  add,
  compile,
  conv2d,
  createEngine,
  type Engine,
  exp,
  grad,
  input,
  matmul,
  mul,
  ParameterBlock,
  parameter,
  reshape,
  sizeOf,
  softmax,
  square,
  sum,
  type Tensor,
  tanh,
} from "../../src/tensor/index.ts";
import { expectClose, normals, seeded } from "../mdp/support.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});

const ROWS = 13;
const total = (parameters: readonly Tensor[]) => parameters.reduce((n, { shape }) => n + sizeOf(shape), 0);

/** Parameters' entries without a block's gaps. */
function dense(flat: ArrayLike<number>, parameters: readonly Tensor[]): number[] {
  const out: number[] = [];
  let at = 0;
  for (const { shape } of parameters) {
    for (let i = 0; i < sizeOf(shape); i++) out.push(flat[at + i]);
    at += Math.ceil(sizeOf(shape) / 16) * 16;
  }
  return out;
}

/** Scores of all rows at once, and one row at a time by programs of one row. */
function bothWays(
  parameters: readonly Tensor[],
  logProb: (observation: Tensor, action: Tensor) => Tensor,
  observations: Float64Array,
  actions: Float64Array,
  fill: (block: ParameterBlock) => void,
) {
  const [observationSize, actionSize] = [observations.length / ROWS, actions.length / ROWS];
  const block = new ParameterBlock(engine, parameters);
  fill(block);
  const rows = (n: number) => [input("observation", [n, observationSize]), input("action", [n, actionSize])] as const;
  const scores = perSampleScores(logProb(...rows(ROWS)), parameters);
  expect(scores.shape).toEqual([ROWS, total(parameters)]);
  const program = compile(engine, { outputs: { scores }, parameters: [block] });
  program.input("observation").set(observations);
  program.input("action").set(actions);
  program.run();
  const together = Float64Array.from(program.output("scores"));

  const one = logProb(...rows(1));
  const single = compile(engine, { outputs: { gradient: grad(sum(one), parameters) }, parameters: [block] });
  const naive: number[] = [];
  for (let i = 0; i < ROWS; i++) {
    single.input("observation").set(observations.subarray(i * observationSize, (i + 1) * observationSize));
    single.input("action").set(actions.subarray(i * actionSize, (i + 1) * actionSize));
    single.run();
    naive.push(...dense(single.output("gradient"), parameters));
  }
  return { together, naive, block, rows };
}

function network(space: Space, actionSpace: Space, options: NetworkOptions, seed: number) {
  const random = seeded(seed);
  const net: ActorCritic = actorCritic(space, actionSpace, options);
  const isIndex = space.kind === "discrete";
  const observations = isIndex
    ? Float64Array.from({ length: ROWS }, () => random.integer(space.n))
    : normals(random, ROWS * 3);
  const actions =
    actionSpace.kind === "box"
      ? normals(random, ROWS * 2)
      : actionSpace.kind === "multiDiscrete"
        ? Float64Array.from({ length: ROWS * 2 }, (_, i) => random.integer(actionSpace.categories[i % 2]))
        : Float64Array.from({ length: ROWS }, () => random.integer(4));
  const parameters = net.policyParameters;
  const fill = (block: ParameterBlock) => {
    for (const tensor of parameters) {
      block.values(tensor.attributes.name!).set(normals(random, sizeOf(tensor.shape), 0.5));
    }
  };
  const logProb = (observation: Tensor, action: Tensor) => net.distribution(observation).logProb(action);
  return { parameters, logProb, ...bothWays(parameters, logProb, observations, actions, fill), observations, actions };
}

const continuous = box({ low: -9, high: 9, shape: [3] });
const cases: [string, Space, Space, NetworkOptions][] = [
  ["categorical", continuous, discrete(4), { hidden: [8, 6] }],
  ["categorical of a Discrete observation", discrete(5), discrete(4), { hidden: [7] }],
  ["categorical without hidden layers", continuous, discrete(4), { hidden: [] }],
  ["MultiDiscrete, relu", continuous, multiDiscrete([3, 4]), { hidden: [8], activation: "relu" }],
  ["Gaussian with its own log σ", continuous, box({ low: -9, high: 9, shape: [2] }), { hidden: [8, 6] }],
  [
    "Gaussian with state-dependent σ, gelu",
    continuous,
    box({ low: -9, high: 9, shape: [2] }),
    { hidden: [8], stateDependentStd: true, activation: "gelu" },
  ],
];

describe("per-sample scores in one backward pass equal those of one row at a time", () => {
  test.each(cases)("%s", (_, space, actionSpace, options) => {
    const { together, naive } = network(space, actionSpace, options, 1);
    expect(naive.some((value) => Math.abs(value) > 0.1)).toBe(true);
    expectClose(together, naive, 2e-5, "score");
  });

  test("a weight used twice, and a matrix that first goes through a function", () => {
    const weight = parameter("weight", [3, 3]);
    const logSpread = parameter("logSpread", [3, 2]);
    const logProb = (x: Tensor, action: Tensor) => {
      const twice = matmul(tanh(matmul(x, weight)), weight);
      const variance = matmul(square(twice), exp(mul(logSpread, 2)));
      return sum(mul(add(variance, 0.5), action), -1);
    };
    const random = seeded(6);
    const { together, naive } = bothWays(
      [weight, logSpread],
      logProb,
      normals(random, ROWS * 3),
      normals(random, ROWS * 2),
      (block) => {
        block.values("weight").set(normals(random, 9, 0.6));
        block.values("logSpread").set(normals(random, 6, 0.3));
      },
    );
    expectClose(together, naive, 2e-5, "score");
  });

  test("parameters that are added up over either axis, mixed by a softmax or laid out anew, first", () => {
    const [table, mixture, flat] = [parameter("table", [3, 2]), parameter("mixture", [3, 2]), parameter("flat", [6])];
    const logProb = (x: Tensor, action: Tensor) => {
      const byColumn = add(matmul(x, softmax(mixture)), sum(table, 0));
      const byRow = sum(mul(x, sum(square(table), 1)), -1);
      const whole = mul(sum(x, -1), sum(table));
      const laidOut = matmul(tanh(x), reshape(tanh(flat), [3, 2]));
      return add(add(sum(mul(add(byColumn, laidOut), action), -1), byRow), whole);
    };
    const random = seeded(8);
    const { together, naive } = bothWays(
      [table, mixture, flat],
      logProb,
      normals(random, ROWS * 3),
      normals(random, ROWS * 2),
      (block) => {
        for (const name of ["table", "mixture", "flat"]) block.values(name).set(normals(random, 6, 0.5));
      },
    );
    expectClose(together, naive, 2e-5, "score");
  });

  test("a convolution with a bias", () => {
    const [filters, bias, weight] = [
      parameter("filters", [2, 2, 1, 3]),
      parameter("bias", [3]),
      parameter("weight", [12, 2]),
    ];
    const logProb = (image: Tensor, action: Tensor) => {
      const n = image.shape[0];
      const features = tanh(add(conv2d(reshape(image, [n, 3, 3, 1]), filters), bias));
      return sum(mul(matmul(reshape(features, [n, 12]), weight), action), -1);
    };
    const random = seeded(7);
    const { together, naive } = bothWays(
      [filters, bias, weight],
      logProb,
      normals(random, ROWS * 9),
      normals(random, ROWS * 2),
      (block) => {
        for (const [name, size] of [["filters", 12] as const, ["bias", 3] as const, ["weight", 24] as const]) {
          block.values(name).set(normals(random, size, 0.5));
        }
      },
    );
    expectClose(together, naive, 2e-5, "score");
  });

  test("a parameter that is not used scores 0; what cannot be taken apart is refused by name", () => {
    const [used, unused] = [parameter("used", [2]), parameter("unused", [3])];
    const x = input("x", [4, 2]);
    const scores = perSampleScores(sum(mul(x, used), -1), [used, unused]);
    const block = new ParameterBlock(engine, [used, unused]);
    const program = compile(engine, { outputs: { scores }, parameters: [block] });
    program.input("x").set([1, 2, 3, 4, 5, 6, 7, 8]);
    program.run();
    expect([...program.output("scores")]).toEqual([1, 2, 0, 0, 0, 3, 4, 0, 0, 0, 5, 6, 0, 0, 0, 7, 8, 0, 0, 0]);
    const flat = parameter("flat", [1, 2]);
    expect(() => perSampleScores(sum(mul(x, flat), -1), [flat])).toThrow(/cannot take this apart by rows.*flat/);
    const square4 = parameter("square4", [4, 4]);
    expect(() => perSampleScores(sum(matmul(square4, x), -1), [square4])).toThrow(/cannot take this apart by rows/);
  });
});

describe("the pseudo-loss", () => {
  test.each(cases)(
    "one backward pass equals the naive sum of per-sample gradients: %s",
    (_, space, actions, options) => {
      const made = network(space, actions, options, 2);
      const weights = normals(seeded(3), ROWS);
      const expected = new Float64Array(total(made.parameters));
      policyGradient(made.naive, weights, Int32Array.of(0, 5, 6, ROWS), expected);
      const inputs = made.rows(ROWS);
      const loss = pseudoLoss(made.logProb(...inputs), input("weights", [ROWS]), 3);
      const gradient = grad(loss, made.parameters);
      const program = compile(engine, { outputs: { gradient }, parameters: [made.block] });
      program.input("observation").set(made.observations);
      program.input("action").set(made.actions);
      program.input("weights").set(weights);
      program.run();
      const minus = dense(program.output("gradient"), made.parameters).map((g) => -g);
      const scale = expected.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
      expectClose(minus, expected, 1e-5 * scale, "gradient");
    },
  );

  test("no gradient flows through the weights", () => {
    const theta = parameter("theta", [4]);
    const block = new ParameterBlock(engine, [theta]);
    block.values("theta").set([1, 2, 3, 4]);
    const own = square(theta);
    const program = compile(engine, {
      outputs: { gradient: grad(pseudoLoss(theta, own, 4), [theta])[0], loss: pseudoLoss(theta, own, 2) },
      parameters: [block],
    });
    program.run();
    expect([...program.output("gradient")]).toEqual([-0.25, -1, -2.25, -4]);
    expect(program.scalar("loss")).toBe(-50);
  });
});
