/** The whole loss of PPO and A2C, as the learner compiles it: its gradient against central differences in float64, its parts by hand. */

import { describe, expect, test } from "vitest";
import { surrogateLoss } from "../../src/algorithms/surrogate/loss.ts";
import { box, discrete, multiBinary, multiDiscrete, type Space } from "../../src/envs/spaces.ts";
import { actorCritic } from "../../src/policies/index.ts";
import { compile } from "../../src/tensor/compile.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { grad } from "../../src/tensor/grad.ts";
import { input, type Tensor, topologicalOrder } from "../../src/tensor/graph.ts";
import { ParameterBlock } from "../../src/tensor/parameters.ts";
import { evaluate } from "../tensor/reference.ts";
import { expectClose, numbers, seeded } from "../tensor/support.ts";

const rows = 5;
const sizeOf = (tensor: Tensor) => tensor.shape.reduce((a, b) => a * b, 1);

function setUp(space: Space, actions: number[], options: Parameters<typeof surrogateLoss>[2], masks?: number[]) {
  const random = seeded(5);
  const network = actorCritic(box({ low: -9, high: 9, shape: [3] }), space, { hidden: [4] });
  const values = new Map<Tensor, number[]>();
  const given = (name: string, shape: readonly number[], data: number[]) => {
    const tensor = input(name, shape);
    values.set(tensor, data);
    return tensor;
  };
  for (const p of network.parameters) values.set(p, numbers(random, sizeOf(p), -0.7, 0.7));
  const batch = {
    observations: given("observations", [rows, 3], numbers(random, rows * 3)),
    actions: given("actions", [rows, actions.length / rows], actions),
    masks: masks && given("masks", [rows, masks.length / rows], masks),
    logProbs: given("logProbs", [rows], numbers(random, rows, -3, -0.5)),
    values: given("values", [rows], numbers(random, rows)),
    advantages: given("advantages", [rows], numbers(random, rows)),
    targets: given("targets", [rows], numbers(random, rows)),
  };
  const parts = surrogateLoss(network, batch, options);
  const scalars: Record<string, number> = { clipRange: 0.2, entCoef: 0.01, clipRangeVf: 0.3 };
  for (const leaf of topologicalOrder([parts.loss])) {
    if (leaf.op === "input" && leaf.shape.length === 0) values.set(leaf, [scalars[leaf.attributes.name!]]);
  }
  return { network, parts, values, batch };
}

const plain = { normalizeAdvantage: true, clipRangeVf: undefined, vfCoef: 0.5 };

describe("gradient", () => {
  test.each([
    ["Discrete", discrete(3), [0, 1, 2, 1, 0], plain],
    [
      "Discrete, value clipped, advantages as they are",
      discrete(3),
      [0, 1, 2, 1, 0],
      { normalizeAdvantage: false, clipRangeVf: 0.3, vfCoef: 1 },
    ],
    ["MultiDiscrete", multiDiscrete([2, 3]), [0, 1, 1, 2, 0, 0, 1, 1, 0, 2], plain],
    ["MultiBinary", multiBinary(2), [0, 1, 1, 1, 0, 0, 1, 0, 0, 1], plain],
    ["Box", box({ low: -1, high: 1, shape: [2] }), [0.5, -1, 2, 0.1, -0.4, 0.3, 0, 1, -1.5, 0.2], plain],
  ] as [string, Space, number[], typeof plain][])("%s", (_, space, actions, options) => {
    const { network, parts, values } = setUp(space, actions, options);
    const gradient = evaluate(grad(parts.loss, network.parameters), values);
    const h = 1e-5;
    network.parameters.forEach((parameter, k) => {
      const start = values.get(parameter)!;
      const numeric = start.map((x, i) => {
        const at = (shift: number) =>
          evaluate([parts.loss], new Map([...values, [parameter, start.with(i, x + shift)]]))[0][0];
        return (at(h) - at(-h)) / (2 * h);
      });
      expectClose(gradient[k], numeric, `${parameter.label}`, { absolute: 1e-7, relative: 1e-5 });
    });
  });
});

test("the loss is −surrogate + vfCoef · value loss − entCoef · entropy", () => {
  const { parts, values } = setUp(discrete(3), [0, 1, 2, 1, 0], plain);
  const [[loss], [policyLoss], [valueLoss], [entropy]] = evaluate(
    [parts.loss, parts.policyLoss, parts.valueLoss, parts.entropy],
    values,
  );
  expect(loss).toBeCloseTo(policyLoss + 0.5 * valueLoss - 0.01 * entropy, 8);
});

test("a masked action's logit gets the gradient 0", () => {
  const masks = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0];
  const { network, parts, values } = setUp(discrete(3), [0, 1, 1, 1, 0], plain, masks);
  const [bias] = evaluate(
    grad(parts.loss, [network.parameters.find((p) => p.label === "policy.head.0.bias")!]),
    values,
  );
  expect(Math.abs(bias[2])).toBe(0);
  expect(Math.abs(bias[0])).toBeGreaterThan(1e-4);
});

test("equal advantages are standardised to 0, not to ±1 by the rounding of their mean", async () => {
  const engine = await createEngine();
  for (const count of [7, 60, 256]) {
    const network = actorCritic(box({ low: -9, high: 9, shape: [1] }), discrete(2), { hidden: [] });
    const column = (name: string) => input(name, [count]);
    const batch = {
      observations: input("observations", [count, 1]),
      actions: input("actions", [count, 1]),
      masks: undefined,
      logProbs: column("logProbs"),
      values: column("values"),
      advantages: column("advantages"),
      targets: column("targets"),
    };
    const { policyLoss } = surrogateLoss(network, batch, plain);
    const block = new ParameterBlock(engine, network.parameters);
    const program = compile(engine, { outputs: { policyLoss }, parameters: [block] });
    program.input("clipRange")[0] = 0.2;
    program.input("logProbs").fill(Math.log(0.5));
    for (const advantage of [0.3, 1.1, 17.77, 12345.678]) {
      program.input("advantages").fill(advantage);
      program.run();
      expect(Math.abs(program.scalar("policyLoss"))).toBeLessThan(1e-3);
    }
  }
});
