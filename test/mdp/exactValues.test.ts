import { describe, expect, test } from "vitest";
import {
  actionValues,
  advantages,
  bandit,
  chain,
  discountedStateWeights,
  dot,
  exactGradient,
  expectedOverActions,
  fisherMatrix,
  gridWorld,
  maxKl,
  meanKl,
  networkPolicy,
  normalised,
  numericGradient,
  numericJacobian,
  objective,
  quadraticForm,
  randomMdp,
  randomPolicy,
  sampleTrajectories,
  softmaxPolicy,
  stateKl,
  stateTransition,
  stateValues,
  tabularMdp,
  tabularSoftmax,
} from "../../src/mdp/index.ts";
import { expectClose, expectMeanWithin, largestDifference, normals, seeded } from "./support.ts";

const cases = Array.from({ length: 20 }, (_, seed) => {
  const random = seeded(seed);
  const mdp = randomMdp(random, { states: 2 + random.integer(6), actions: 2 + random.integer(3), gamma: 0.95 });
  return { mdp, policy: randomPolicy(random, mdp.states, mdp.actions), random };
});

describe("exact values on random MDPs", () => {
  test("Bellman residual below 1e-12, V = Σ π Q, Σ π A = 0", () => {
    for (const { mdp, policy } of cases) {
      const values = stateValues(mdp, policy);
      const chainMatrix = stateTransition(mdp, policy);
      const rewards = expectedOverActions(mdp, policy);
      for (let s = 0; s < mdp.states; s++) {
        const next = dot(chainMatrix.subarray(s * mdp.states, (s + 1) * mdp.states), values);
        expect(Math.abs(rewards[s] + mdp.gamma * next - values[s])).toBeLessThan(1e-12);
      }
      expectClose(expectedOverActions(mdp, policy, actionValues(mdp, policy)), values, 1e-12);
      expectClose(expectedOverActions(mdp, policy, advantages(mdp, policy)), new Float64Array(mdp.states), 1e-12);
    }
  });

  test("ρ sums to 1/(1 − γ), is the series Σ γ^t P(s_t), and ρ·r = J", () => {
    for (const { mdp, policy } of cases) {
      const weights = discountedStateWeights(mdp, policy);
      expect(weights.reduce((a, b) => a + b)).toBeCloseTo(20, 10);
      expect(dot(weights, expectedOverActions(mdp, policy))).toBeCloseTo(objective(mdp, policy), 10);
      const chainMatrix = stateTransition(mdp, policy);
      const series = new Float64Array(mdp.states);
      let now = Float64Array.from(mdp.start);
      for (let t = 0; t < 800; t++) {
        now.forEach((p, s) => {
          series[s] += mdp.gamma ** t * p;
        });
        const next = new Float64Array(mdp.states);
        now.forEach((p, s) => {
          for (let to = 0; to < mdp.states; to++) next[to] += p * chainMatrix[s * mdp.states + to];
        });
        now = next;
      }
      expectClose(weights, series, 1e-12);
    }
  });

  test("the policy-gradient theorem equals differences of J, for tables and for a small network", () => {
    for (const { mdp, random } of cases.slice(0, 8)) {
      const features = normals(random, mdp.states * 3);
      const models = [
        tabularSoftmax(mdp.states, mdp.actions),
        networkPolicy(features, { states: mdp.states, actions: mdp.actions, hidden: 3 }),
      ];
      for (const model of models) {
        const parameters = normals(random, model.parameterCount, 0.7);
        const numeric = numericGradient((x) => objective(mdp, model.policy(x)), parameters);
        expect(largestDifference(exactGradient(mdp, model, parameters), numeric)).toBeLessThan(1e-9);
      }
    }
  });

  test("scores are the derivative of log π and average to 0", () => {
    const model = tabularSoftmax(3, 4);
    const parameters = normals(seeded(5), 12, 2);
    const numeric = numericJacobian((x) => model.policy(x).map(Math.log), parameters);
    expectClose(model.scores(parameters), numeric, 1e-10);
    const policy = model.policy(parameters);
    for (let s = 0; s < 3; s++) {
      for (let j = 0; j < 12; j++) {
        let mean = 0;
        for (let a = 0; a < 4; a++) mean += policy[s * 4 + a] * model.scores(parameters)[(s * 4 + a) * 12 + j];
        expect(Math.abs(mean)).toBeLessThan(1e-15);
      }
    }
  });

  test("KL(π_θ ‖ π_θ+Δ) = ½ Δᵀ F Δ + o(‖Δ‖²): the error falls with the cube of the step", () => {
    for (const { mdp, random } of cases.slice(0, 5)) {
      const model = tabularSoftmax(mdp.states, mdp.actions);
      const parameters = normals(random, model.parameterCount);
      const direction = normals(random, model.parameterCount);
      const policy = model.policy(parameters);
      const weights = normalised(discountedStateWeights(mdp, policy));
      const fisher = fisherMatrix(model, parameters, weights);
      const errors = [1e-1, 1e-2, 1e-3].map((size) => {
        const moved = model.policy(parameters.map((value, i) => value + size * direction[i]));
        const model2 = 0.5 * size * size * quadraticForm(direction, fisher);
        return Math.abs(meanKl(policy, moved, mdp.actions, weights) - model2) / model2;
      });
      expect(errors[1]).toBeLessThan(errors[0] / 5);
      expect(errors[2]).toBeLessThan(1e-2);
      const half = numericJacobian(
        (x) => numericGradient((y) => meanKl(policy, model.policy(y), mdp.actions, weights), x),
        parameters,
      );
      expectClose(fisher, half, 1e-7, "F is the Hessian of the KL");
    }
  });
});

describe("KL of tables", () => {
  test("known numbers, mean under weights, maximum, and a forbidden action", () => {
    const one = Float64Array.of(0.5, 0.5, 1, 0);
    const two = Float64Array.of(0.25, 0.75, 0.5, 0.5);
    const first = 0.5 * Math.log(2) + 0.5 * Math.log(2 / 3);
    expectClose(stateKl(one, two, 2), [first, Math.LN2], 1e-15);
    expect(meanKl(one, two, 2, [3, 1])).toBeCloseTo((3 * first + Math.LN2) / 4, 14);
    expect(maxKl(one, two, 2)).toBeCloseTo(Math.LN2, 14);
    expect(maxKl(two, one, 2)).toBe(Infinity);
    // In a terminal state nothing is decided: tables that differ there are the same policy.
    expect(maxKl(one, two, 2, [0, 1])).toBe(stateKl(one, two, 2)[0]);
    expect(meanKl(two, one, 2, [1, 0])).toBeGreaterThan(0);
  });
});

describe("worlds", () => {
  test("two-armed bandit, θ = (0, 0), r = (1, 0): ∇J = (¼, −¼)", () => {
    const mdp = bandit([1, 0]);
    const model = tabularSoftmax(2, 2);
    expect([...exactGradient(mdp, model, new Float64Array(4))]).toEqual([0.25, -0.25, 0, 0]);
    expect(objective(mdp, softmaxPolicy(new Float64Array(4), 2))).toBe(0.5);
  });

  test("chain, always right: V = γ^(steps to go − 1); undiscounted too", () => {
    const right = Float64Array.from({ length: 10 }, (_, i) => i % 2);
    expectClose(stateValues(chain({ gamma: 0.9 }), right), [0.729, 0.81, 0.9, 1, 0], 1e-15);
    expectClose(stateValues(chain({ gamma: 1, stepReward: -1, goalReward: 0 }), right), [-4, -3, -2, -1, 0], 1e-14);
    expectClose(discountedStateWeights(chain({ gamma: 0.9 }), right), [1, 0.9, 0.81, 0.729, 0], 1e-15);
    const left = right.map((p) => 1 - p);
    expect(() => stateValues(chain({ gamma: 1 }), left)).toThrow(/terminal state/);
  });

  test("grid world: walking straight to the goal, and slipping costs", () => {
    const rows = ["S.G", ".#X"];
    const right = Float64Array.from({ length: 24 }, (_, i) => (i % 4 === 1 ? 1 : 0));
    expect(objective(gridWorld(["S.G", "###"], { gamma: 1 }), right)).toBeCloseTo(1 - 2 * 0.04, 12);
    const slippery = gridWorld(rows, { gamma: 1, slip: 0.4 });
    expect(objective(slippery, right)).toBeLessThan(0.92);
    // Right from the start with slip 0.4: right 0.6 + 0.1; up and left stay, 0.1 each; down 0.1.
    expectClose(slippery.transition.subarray(6, 12), [0.2, 0.7, 0, 0.1, 0, 0], 1e-15);
    expect(slippery.reward[4 + 1]).toBeCloseTo(-0.04 + 0.7, 14);
    expect(() => gridWorld(["S.", "G"])).toThrow(/equal length/);
  });

  test("simulated discounted returns agree with J within 3 standard errors", () => {
    for (const mdp of [
      chain({ slip: 0.2, horizon: 400 }),
      gridWorld(["S..", ".#.", "X.G"], { slip: 0.1, horizon: 400 }),
    ]) {
      const policy = randomPolicy(seeded(8), mdp.states, mdp.actions);
      const { offsets, rewards, count } = sampleTrajectories(mdp, policy, 3000, seeded(9));
      const returns = new Float64Array(count);
      for (let i = 0; i < count; i++) {
        for (let k = offsets[i]; k < offsets[i + 1]; k++) returns[i] += mdp.gamma ** (k - offsets[i]) * rewards[k];
      }
      expectMeanWithin(returns, 1, [objective(mdp, policy)], 3, "J");
    }
  });

  test("what is not an MDP is refused by name", () => {
    const parts = { states: 2, actions: 1, transition: [0.5, 0.5, 1, 0], reward: [0, 0], gamma: 0.9 };
    expect(tabularMdp(parts).start[0]).toBe(1);
    expect(() => tabularMdp({ ...parts, transition: [0.5, 0.4, 1, 0] })).toThrow(/state 0 by action 0.*sum to 0.9/);
    expect(() => tabularMdp({ ...parts, transition: [1.5, -0.5, 1, 0] })).toThrow(/probability -0.5/);
    expect(() => tabularMdp({ ...parts, reward: [0, Number.NaN] })).toThrow(/state 1, action 0 is not finite/);
    expect(() => tabularMdp({ ...parts, gamma: 1.1 })).toThrow(/gamma/);
    expect(() => tabularMdp({ ...parts, terminal: [1, 0] })).toThrow(/start of terminal state 0/);
    expect(() => tabularMdp({ ...parts, horizon: 0 })).toThrow(/horizon/);
    expect(() => tabularMdp({ ...parts, reward: [0] })).toThrow(/reward has the wrong length/);
    expect(() => stateValues(tabularMdp(parts), Float64Array.of(1, 0.5))).toThrow(/policy in state 1/);
  });
});

describe("where it is easily got wrong", () => {
  const transition = [...[0, 0.5, 0.5], ...[0, 0, 1], ...[0, 1, 0], ...[0, 1, 0], ...[0, 0, 1], ...[0, 0, 1]];
  const parts = { states: 3, actions: 2, transition, reward: [1, 2, 3, 4, 5, 6], gamma: 0.9, terminal: [0, 0, 1] };

  test("nothing is expected of terminal states, whatever stands in the table", () => {
    const mdp = tabularMdp({ ...parts, reward: [1, 2, 3, 4, 0, 0] });
    const policy = Float64Array.of(0.25, 0.75, 0.5, 0.5, 0.5, 0.5);
    expect([...expectedOverActions(mdp, policy, Float64Array.of(1, 2, 3, 4, 50, 60))]).toEqual([1.75, 3.5, 0]);
    expect([...expectedOverActions(mdp, policy)]).toEqual([1.75, 3.5, 0]);
  });

  test("no episode may begin in a terminal state, not even now and then", () => {
    const reward = [1, 2, 3, 4, 0, 0];
    expect(() => tabularMdp({ ...parts, reward, start: [0.5, 0.25, 0.25] })).toThrow(
      /start of terminal state 2.*got 0.25/,
    );
    expect(tabularMdp({ ...parts, reward, start: [0.5, 0.5, 0] }).start[1]).toBe(0.5);
  });

  test("numeric derivatives are taken at the point, one parameter at a time", () => {
    const at = Float64Array.of(2, 3, 5);
    const jacobian = numericJacobian((x) => [x[0] * x[1] * x[2], x[0] * x[0] + x[2]], at);
    expectClose(jacobian, [15, 10, 6, 4, 0, 1], 1e-8);
    expect([...at]).toEqual([2, 3, 5]);
  });
});
