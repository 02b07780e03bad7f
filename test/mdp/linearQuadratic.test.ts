import { describe, expect, test } from "vitest";
import { checkEnvironment } from "../../src/envs/index.ts";
import {
  dot,
  doubleIntegrator,
  type LinearQuadratic,
  linearQuadratic,
  linearQuadraticEnvironment,
  linearQuadraticGradient,
  linearQuadraticObjective,
  linearQuadraticScores,
  linearQuadraticValue,
  numericGradient,
  sampleLinearQuadratic,
  secondMoments,
  valueMatrices,
} from "../../src/mdp/index.ts";
import { expectMeanWithin, largestDifference, normals, seeded } from "./support.ts";

/** Three states, two actions, everything coupled. */
function coupled(): LinearQuadratic {
  const random = seeded(20);
  return linearQuadratic({
    stateSize: 3,
    actionSize: 2,
    dynamics: normals(random, 9, 0.4),
    control: normals(random, 6, 0.5),
    noise: Float64Array.of(0.1, 0.2, 0.3),
    stateCost: Float64Array.of(1, 0.2, 0, 0.2, 0.5, 0.1, 0, 0.1, 2),
    actionCost: Float64Array.of(0.3, 0.05, 0.05, 0.4),
    startMean: Float64Array.of(1, -0.5, 0.2),
    startStd: Float64Array.of(0.2, 0.1, 0.4),
    gamma: 0.9,
    horizon: 6,
  });
}

const worlds = [
  { world: doubleIntegrator(), parameters: Float64Array.of(-0.5, -0.8, -1) },
  { world: coupled(), parameters: normals(seeded(21), 8, 0.3) },
];

describe("linear-quadratic world", () => {
  test("the gradient equals differences of J", () => {
    for (const { world, parameters } of worlds) {
      const numeric = numericGradient((x) => linearQuadraticObjective(world, x), parameters);
      expect(largestDifference(linearQuadraticGradient(world, parameters), numeric)).toBeLessThan(1e-8);
    }
  });

  test("J forward by moments equals J backward by value matrices: −(tr(P₀ M₀) + c₀)", () => {
    for (const { world, parameters } of worlds) {
      const n2 = world.stateSize ** 2;
      const { matrices, constants } = valueMatrices(world, parameters);
      const start = dot(matrices.subarray(0, n2), secondMoments(world, parameters).subarray(0, n2));
      expect(linearQuadraticObjective(world, parameters)).toBeCloseTo(-(start + constants[0]), 11);
    }
  });

  test("simulation: returns give J and Σ score · (to-go − V) gives ∇J, within 3.5 standard errors", () => {
    for (const { world, parameters } of worlds) {
      const { horizon, gamma, stateSize: n } = world;
      const count = 6000;
      const sampled = sampleLinearQuadratic(world, parameters, count, seeded(22));
      const scores = linearQuadraticScores(world, parameters, sampled);
      const values = valueMatrices(world, parameters);
      const width = parameters.length;
      const returns = new Float64Array(count);
      const gradients = new Float64Array(count * width);
      for (let i = 0; i < count; i++) {
        let toGo = 0;
        for (let t = horizon - 1; t >= 0; t--) {
          const row = i * horizon + t;
          toGo = sampled.rewards[row] + gamma * toGo;
          const value = linearQuadraticValue(values, t, sampled.states.subarray(row * n, (row + 1) * n));
          const weight = gamma ** t * (toGo - value);
          for (let j = 0; j < width; j++) gradients[i * width + j] += weight * scores[row * width + j];
        }
        returns[i] = toGo;
      }
      expectMeanWithin(returns, 1, [linearQuadraticObjective(world, parameters)], 3, "J");
      expectMeanWithin(gradients, width, linearQuadraticGradient(world, parameters), 3.5, "gradient");
    }
  });

  test("is a proper environment, and its episodes have the exact J", () => {
    expect(
      checkEnvironment(() => linearQuadraticEnvironment(doubleIntegrator())).filter((f) => f.level === "error"),
    ).toEqual([]);
    const { world, parameters } = worlds[0];
    const environment = linearQuadraticEnvironment(world);
    const random = seeded(23);
    const returns = Float64Array.from({ length: 3000 }, (_, i) => {
      let { observation } = environment.reset(i === 0 ? { seed: 4 } : {});
      let total = 0;
      for (let t = 0; t < world.horizon; t++) {
        const u =
          parameters[0] * observation[0] + parameters[1] * observation[1] + Math.exp(parameters[2]) * random.normal();
        const step = environment.step([u]);
        total += world.gamma ** t * step.reward;
        observation = step.observation;
        if (step.truncated !== (t === world.horizon - 1)) expect.fail(`truncated is ${step.truncated} at step ${t}`);
      }
      return total;
    });
    expectMeanWithin(returns, 1, [linearQuadraticObjective(world, parameters)], 3, "J");
    expect(() => environment.step([0])).toThrow(/Call reset first/);
  });

  test("an asymmetric cost is refused", () => {
    expect(() => linearQuadratic({ ...coupled(), actionCost: Float64Array.of(1, 2, 3, 4) })).toThrow(/symmetric/);
  });
});

test("the environment is the world step by step: the cost of the state that is left, until the horizon", () => {
  const world = doubleIntegrator({ horizon: 3 });
  const environment = linearQuadraticEnvironment(world);
  let x = environment.reset({ seed: 4 }).observation;
  for (let t = 1; t <= 3; t++) {
    const { observation, reward, terminated, truncated } = environment.step([0.7]);
    expect(reward).toBeCloseTo(-(x[0] * x[0] + 0.1 * x[1] * x[1] + 0.1 * 0.49), 5);
    expect([terminated, truncated]).toEqual([false, t === 3]);
    expect(Math.abs(observation[0] - (x[0] + 0.3 * x[1]))).toBeLessThan(0.3);
    expect(Math.abs(observation[1] - (x[1] + 0.21))).toBeLessThan(0.3);
    x = observation;
  }
  expect(() => environment.step([0])).toThrow(/no episode to step/);
});
