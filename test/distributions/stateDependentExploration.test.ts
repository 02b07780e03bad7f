/** gSDE: noise as a function of the hidden layer, held for several steps, different in each environment. */

import { describe, expect, test } from "vitest";
import { type Distribution, gaussian, stateDependentExplorationHead } from "../../src/distributions/index.ts";
import { compile } from "../../src/tensor/compile.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { input, type Tensor, topologicalOrder } from "../../src/tensor/graph.ts";
import { randomKey } from "../../src/tensor/ops/random.ts";
import { ParameterBlock } from "../../src/tensor/parameters.ts";
import { expectClose, numbers, seeded, type Values } from "../tensor/support.ts";
import { float64, gradients } from "./support.ts";

type Options = Parameters<typeof stateDependentExplorationHead>[2];

interface Case {
  distribution: Distribution;
  mean: Tensor;
  latent: Tensor;
  logStd: Tensor;
  values: Values;
}

let made = 0;

function setUp(mean: number[], latent: number[], logStd: number[], size: number, options: Options = {}): Case {
  const features = logStd.length / size;
  const head = stateDependentExplorationHead(size, features, options);
  expect(head).toMatchObject({ kind: "gsde", parameterSize: size, actionSize: size, maskSize: 0 });
  const at = {
    mean: input(`mean${made}`, [mean.length / size, size]),
    latent: input(`latent${made++}`, [latent.length / features, features]),
  };
  const { tensor } = head.parameters[0];
  const values: Values = new Map([
    [at.mean, mean],
    [at.latent, latent],
    [tensor, logStd],
  ]);
  return { ...at, distribution: head.at(at.mean, { latent: at.latent }), logStd: tensor, values };
}

/** The numbers of a tensor out of a compiled program, in float32, at each of the steps. */
async function compiled(
  output: Tensor,
  { values }: Pick<Case, "values">,
  more: Values,
  steps = [0],
): Promise<number[]> {
  return (await run(output, new Map([...values, ...more]), steps))[0];
}

/** Actions at some steps, float32. */
async function samples({ distribution, values }: Case, steps: number[]): Promise<number[][]> {
  return run(distribution.sample(randomKey()), values, steps);
}

async function run(output: Tensor, values: Values, steps: number[]): Promise<number[][]> {
  const engine = await createEngine();
  const used = new Set(topologicalOrder([output]));
  const owned = [...values.keys()].filter(({ op }) => op === "parameter");
  const block = new ParameterBlock(engine, owned);
  for (const tensor of owned) block.values(tensor.attributes.name!).set(values.get(tensor)!);
  const program = compile(engine, { outputs: { output }, parameters: [block] });
  for (const [tensor, content] of values)
    if (tensor.op === "input" && used.has(tensor)) program.input(tensor.attributes.name!).set(content);
  const isRandom = [...used].some(({ dtype }) => dtype === "i32");
  return steps.map((step) => {
    if (isRandom) program.inputInts("randomKey").set([4, 0, 1, step]);
    program.run();
    return Array.from(program.output("output"));
  });
}

const random = seeded(8);

test("log-probability, entropy and KL are those of the normal with variance h²σ²", () => {
  const latent = [0.5, -1, 0.2, 0.3, 0.9, -0.4];
  const logStd = [-1, 0.2, -0.3, -2, 0.5, -0.7];
  const one = setUp([0.1, -0.2, 0.4, 1], latent, logStd, 2);
  const variances = [0, 1].flatMap((row) =>
    [0, 1].map((a) => {
      const terms = [0, 1, 2].map((f) => latent[3 * row + f] ** 2 * Math.exp(2 * logStd[2 * f + a]));
      return terms.reduce((x, y) => x + y, 1e-6);
    }),
  );
  const actions = input("actions", [2, 2]);
  const spread = input("spread", [2, 2]);
  const plain = gaussian(one.mean, spread);
  const values = new Map([
    ...one.values,
    [actions, [0.5, 0.1, -1, 2]],
    [spread, variances.map((v) => Math.log(v) / 2)],
  ] as [Tensor, number[]][]);
  const pairs: [Tensor, Tensor][] = [
    [one.distribution.logProb(actions), plain.logProb(actions)],
    [one.distribution.entropy(), plain.entropy()],
    [one.distribution.mode(), plain.mode()],
  ];
  for (const [got, wanted] of pairs)
    expectClose(float64(got, values), float64(wanted, values), "as the normal", { absolute: 1e-9 });
  expectClose(float64(one.distribution.klDivergence(plain), values), [0, 0], "KL", { absolute: 1e-9 });
});

test("over environments, actions follow that normal (Kolmogorov-Smirnov)", async () => {
  const rows = 10_000;
  const repeat = (x: number[]) => new Array(rows).fill(x).flat() as number[];
  const one = setUp(repeat([0.7]), repeat([0.5, -1, 0.25]), [-0.5, 0.1, 0], 1);
  const std = Math.sqrt(0.25 * Math.exp(-1) + Math.exp(0.2) + 0.0625);
  const [draws] = await samples(one, [3]);
  const below = draws.map((a) => normalCdf((a - 0.7) / std)).sort((a, b) => a - b);
  const distance = Math.max(...below.map((c, i) => Math.max(c - i / rows, (i + 1) / rows - c)));
  expect(distance).toBeLessThan(1.95 / Math.sqrt(rows));
});

test("the noise is held for sdeSampleFreq steps, and is a linear function of the state meanwhile", async () => {
  const latent = numbers(random, 6, -1, 1);
  const logStd = numbers(random, 6, -1, 0);
  const zero = [0, 0, 0, 0];
  const one = await samples(setUp(zero, latent, logStd, 2, { sdeSampleFreq: 3 }), [0, 1, 2, 3, 5, 6]);
  expect(one[1]).toEqual(one[0]);
  expect(one[2]).toEqual(one[0]);
  expect(one[3]).not.toEqual(one[2]);
  expect(one[4]).toEqual(one[3]);
  expect(one[5]).not.toEqual(one[4]);
  const doubled = await samples(
    setUp(
      zero,
      latent.map((x) => 2 * x),
      logStd,
      2,
      { sdeSampleFreq: 3 },
    ),
    [1],
  );
  expectClose(
    doubled[0],
    one[0].map((x) => 2 * x),
    "twice the state",
  );
  const every = await samples(setUp(zero, latent, logStd, 2, { sdeSampleFreq: 1 }), [0, 1]);
  expect(every[1]).not.toEqual(every[0]);
});

test("environments in the same state explore differently", async () => {
  const [draw] = await samples(setUp([0, 0], [0.5, 1, 0.5, 1], [0, 0], 1), [0]);
  expect(Math.abs(draw[0] - draw[1])).toBeGreaterThan(1e-3);
});

describe("gradients", () => {
  const build = (options: Options) => {
    const one = setUp([0.1, -0.2, 0.4, 1], numbers(seeded(2), 6, -1, 1), numbers(seeded(3), 6, -1, 0.5), 2, options);
    const actions = input("actions", [2, 2]);
    return { ...one, actions, values: new Map([...one.values, [actions, [0.5, 0.1, -1, 2]]]) };
  };

  test("by mean and σ are those of central differences", () => {
    const { distribution, actions, mean, logStd, values } = build({});
    for (const tensor of [distribution.logProb(actions), distribution.entropy()]) {
      for (const by of [mean, logStd]) {
        const { graph, numeric } = gradients(tensor, by, values);
        expectClose(graph, numeric, `by ${by.label}`, { absolute: 1e-6, relative: 1e-5 });
      }
    }
  });

  test("the variance does not train the hidden layer unless sdeLearnFeatures says so", () => {
    const fixed = build({});
    expect(gradients(fixed.distribution.logProb(fixed.actions), fixed.latent, fixed.values).graph).toEqual(
      new Array(6).fill(0),
    );
    const free = build({ sdeLearnFeatures: true });
    const { graph, numeric } = gradients(free.distribution.logProb(free.actions), free.latent, free.values);
    expect(Math.max(...graph.map(Math.abs))).toBeGreaterThan(0.1);
    expectClose(graph, numeric, "by the hidden layer", { absolute: 1e-6, relative: 1e-5 });
  });
});

test("extreme σ and a dead hidden layer stay finite in float32", async () => {
  for (const logStd of [-1e4, 1e4]) {
    for (const latent of [0, 1]) {
      const one = setUp([0.5], [latent], [logStd], 1);
      const actions = input("actions", [1, 1]);
      const at = new Map([[actions, [0.7]]]);
      const values = new Map([...one.values, ...at]);
      for (const tensor of [one.distribution.logProb(actions), one.distribution.entropy()]) {
        expect(Number.isFinite((await compiled(tensor, one, at))[0])).toBe(true);
        for (const entry of gradients(tensor, one.logStd, values).graph) expect(Number.isFinite(entry)).toBe(true);
      }
      const [[draw]] = await samples(one, [0]);
      expect(Number.isFinite(draw)).toBe(true);
    }
  }
});

test("without a hidden layer it says what is missing", () => {
  expect(() => stateDependentExplorationHead(1, 2).at(input("mean", [1, 1]))).toThrow(/latent/);
});

/** Φ by integration of the density, Simpson's rule. */
function normalCdf(x: number): number {
  const n = 200;
  const h = x / n;
  const f = (z: number) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  let total = f(0) + f(x);
  for (let i = 1; i < n; i++) total += (i % 2 === 0 ? 2 : 4) * f(i * h);
  return 0.5 + (total * h) / 3;
}
