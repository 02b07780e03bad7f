import { describe, expect, test } from "vitest";
import {
  discountedReturnGradientWeights,
  leaveOneOutBaseline,
  meanReturnBaseline,
  optimalBaseline,
  policyGradient,
  policyGradientWithParameterBaseline,
  rewardToGo,
  stepMeanBaseline,
  subtractBaseline,
  timeStepMeanBaseline,
  totalReturn,
  trajectoryGradients,
  trajectoryReturns,
  trajectoryScoreSums,
} from "../../src/estimators/index.ts";
import {
  bandit,
  chain,
  exactMoments,
  finiteHorizonGradient,
  finiteHorizonValues,
  type Trajectories,
  tabularMdp,
  tabularSoftmax,
  trajectoryScores,
} from "../../src/mdp/index.ts";
import { sampleTrajectories } from "../../src/mdp/trajectories.ts";
import { expectClose, expectMeanWithin, largestDifference, seeded } from "../mdp/support.ts";
import { gradientWith, timeValues, tinyWorld, type Weigh, world } from "./support.ts";

/** Weights minus a baseline that looks at the batch. */
const minus =
  (weigh: Weigh, baseline: (batch: Trajectories, weights: Float64Array, out: Float64Array) => void): Weigh =>
  (batch, out) => {
    weigh(batch, out);
    const values = new Float64Array(out.length);
    baseline(batch, out, values);
    subtractBaseline(out, values, out);
  };
const returnsOf = (batch: Trajectories, gamma = 1) => {
  const returns = new Float64Array(batch.count);
  trajectoryReturns(batch, gamma, returns);
  return returns;
};
const total: Weigh = (batch, out) => totalReturn(batch, 1, out);
const toGo: Weigh = (batch, out) => rewardToGo(batch, 1, out);
const meanReturn = (batch: Trajectories, _: Float64Array, out: Float64Array) =>
  meanReturnBaseline(batch.offsets, returnsOf(batch), out);
const leaveOneOut = (batch: Trajectories, _: Float64Array, out: Float64Array) =>
  leaveOneOutBaseline(batch.offsets, returnsOf(batch), out);
const timeStep = (batch: Trajectories, weights: Float64Array, out: Float64Array) =>
  timeStepMeanBaseline(batch.offsets, weights, out);
const timeStepLeaveOneOut = (batch: Trajectories, weights: Float64Array, out: Float64Array) =>
  timeStepMeanBaseline(batch.offsets, weights, out, { leaveOneOut: true });

describe("by listing every batch: expectation exact to 1e-12", () => {
  const small = tinyWorld(3);
  const exact = finiteHorizonGradient(small.mdp, small.model, small.parameters);

  test("total return, reward-to-go, any constant, and V(s) are unbiased", () => {
    const { values } = finiteHorizonValues(small.mdp, small.policy);
    const learned = (batch: Trajectories, _: Float64Array, out: Float64Array) => out.set(timeValues(batch, values, 2));
    const constant = (_: Trajectories, __: Float64Array, out: Float64Array) => out.fill(17);
    for (const weigh of [total, toGo, minus(toGo, learned), minus(total, constant), minus(toGo, constant)]) {
      const { mean } = exactMoments(small.all, 1, gradientWith(small, weigh));
      expect(largestDifference(mean, exact)).toBeLessThan(1e-12);
    }
  });

  test.each([
    ["the first", [1, 0.2, 0, 0], 1 / 2],
    ["the second", [0, 0, 1, 0.2], 1],
  ] as const)(
    "the mean over all steps, rewards at %s of two steps: the trajectory's own share is that of the rewards to go it fills",
    (_, reward, share) => {
      // State 0 leads to state 1, whatever is done: two steps, N trajectories, 2N rewards to go.
      const transition = [0, 1, 0, 1, 0, 1, 0, 1];
      const line = world(tabularMdp({ states: 2, actions: 2, transition, reward, gamma: 1, horizon: 2 }));
      const goal = finiteHorizonGradient(line.mdp, line.model, line.parameters);
      const stepMean = (batch: Trajectories, weights: Float64Array, out: Float64Array) =>
        stepMeanBaseline(batch.offsets, weights, out);
      for (const size of [2, 3]) {
        const { mean } = exactMoments(line.all, size, gradientWith(line, minus(toGo, stepMean)));
        const factor = 1 - share / size;
        expectClose(
          mean,
          goal.map((x) => x * factor),
          1e-12,
        );
      }
    },
  );

  test("batch means shrink the gradient by (N − 1)/N; leave-one-out means do not", () => {
    const brief = tinyWorld(2);
    const gradient = finiteHorizonGradient(brief.mdp, brief.model, brief.parameters);
    for (const [weigh, size, factor] of [
      [minus(total, meanReturn), 2, 1 / 2],
      [minus(toGo, meanReturn), 2, 1 / 2],
      [minus(toGo, timeStep), 2, 1 / 2],
      [minus(total, leaveOneOut), 2, 1],
      [minus(toGo, leaveOneOut), 2, 1],
      [minus(toGo, timeStepLeaveOneOut), 2, 1],
      [minus(toGo, meanReturn), 3, 2 / 3],
    ] as const) {
      const { mean } = exactMoments(brief.all, size, gradientWith(brief, weigh));
      const expected = gradient.map((g) => factor * g);
      expectClose(mean, expected, 1e-12);
    }
  });

  test("episodes of different lengths: leave-one-out stays unbiased", () => {
    const varied = world(chain({ length: 3, gamma: 1, slip: 0.3, stepReward: -0.2, horizon: 3 }));
    const goal = finiteHorizonGradient(varied.mdp, varied.model, varied.parameters);
    for (const [weigh, size] of [
      [total, 1],
      [toGo, 1],
      [minus(toGo, leaveOneOut), 2],
      [minus(toGo, timeStepLeaveOneOut), 2],
    ] as const) {
      const { mean } = exactMoments(varied.all, size, gradientWith(varied, weigh));
      expectClose(mean, goal, 1e-12);
    }
    const shrunk = exactMoments(varied.all, 2, gradientWith(varied, minus(total, meanReturn)));
    expectClose(
      shrunk.mean,
      goal.map((g) => g / 2),
      1e-12,
    );
  });

  test("both discount readings: γ^t in front is the exact gradient, without it the undiscounted-state one (Thomas 2014)", () => {
    const gamma = 0.6;
    const discounted = tinyWorld(3, gamma);
    const { mdp, model, parameters } = discounted;
    const gradient = finiteHorizonGradient(mdp, model, parameters);
    const common = finiteHorizonGradient(mdp, model, parameters, { stateWeights: "undiscounted" });
    const means = [
      (batch: Trajectories, out: Float64Array) => totalReturn(batch, gamma, out),
      (batch: Trajectories, out: Float64Array) => discountedReturnGradientWeights(batch, gamma, out),
      (batch: Trajectories, out: Float64Array) => rewardToGo(batch, gamma, out),
    ].map((weigh) => exactMoments(discounted.all, 1, gradientWith(discounted, weigh)).mean);
    expectClose(means[0], gradient, 1e-12);
    expectClose(means[1], gradient, 1e-12);
    expectClose(means[2], common, 1e-12);
    expect(largestDifference(gradient, common)).toBeGreaterThan(0.05);
  });

  test("two-armed bandit at θ = 0: (¼, −¼)", () => {
    const mdp = bandit([1, 0]);
    const flat = { ...world(mdp), parameters: new Float64Array(4) };
    const { all } = world(mdp, 1);
    const half = { ...all, probabilities: Float64Array.of(0.5, 0.5) };
    const { mean } = exactMoments(half, 1, gradientWith(flat, total));
    expectClose(mean, [0.25, -0.25, 0, 0], 1e-16);
  });
});

describe("variance, exactly", () => {
  test("tr Cov falls: total > to-go > to-go with mean > per-time-step mean > V(s); the optimal baseline hardly beats the mean", () => {
    // Costs on every step, as in most tasks: returns are far from 0, which is what baselines are for.
    const costly = world(chain({ length: 4, gamma: 1, slip: 0.2, stepReward: -1, goalReward: 0, horizon: 4 }), 4);
    const { values } = finiteHorizonValues(costly.mdp, costly.policy);
    const meanOf = exactMoments(costly.all, 1, (batch) => returnsOf(batch)).mean[0];
    const constant = (_: Trajectories, __: Float64Array, out: Float64Array) => out.fill(meanOf);
    const byTime = [0, 1, 2, 3].map((t) => {
      const { mean } = exactMoments(costly.all, 1, (batch) => {
        const weights = new Float64Array(batch.states.length);
        toGo(batch, weights);
        return [t < weights.length ? weights[t] : 0, t < weights.length ? 1 : 0];
      });
      return mean[0] / mean[1];
    });
    const perTime = (batch: Trajectories, _: Float64Array, out: Float64Array) =>
      out.set(byTime.slice(0, batch.states.length));
    const learned = (batch: Trajectories, _: Float64Array, out: Float64Array) =>
      out.set(timeValues(batch, values, costly.mdp.states));
    const exact = finiteHorizonGradient(costly.mdp, costly.model, costly.parameters);
    const traces = [total, toGo, minus(toGo, constant), minus(toGo, perTime), minus(toGo, learned)].map((weigh) => {
      const { mean, traceOfCovariance } = exactMoments(costly.all, 1, gradientWith(costly, weigh));
      expectClose(mean, exact, 1e-12);
      return traceOfCovariance;
    });
    const ordered = [traces[0], traces[1], traces[3], traces[4]];
    for (let i = 1; i < ordered.length; i++) expect(ordered[i]).toBeLessThan(ordered[i - 1] * 0.95);
    expect(traces[2]).toBeLessThan(traces[0]);
  });

  test("b_j = E[g² R]/E[g²] has the least variance of all parameter baselines, and is unbiased", () => {
    const small = tinyWorld(3, 1, 5);
    const { all, model, parameters } = small;
    const width = model.parameterCount;
    const scores = trajectoryScores(all, model, parameters);
    const sums = new Float64Array(all.count * width);
    trajectoryScoreSums(scores, all.offsets, sums);
    const best = new Float64Array(width);
    optimalBaseline(sums, returnsOf(all), best, all.probabilities);
    const table = new Map<string, Float64Array>();
    const key = (batch: Trajectories) => `${batch.states} ${batch.actions}`;
    const momentsOf = (baseline: Float64Array) =>
      exactMoments(all, 1, (batch) => {
        const own = table.get(key(batch)) ?? new Float64Array(width);
        if (!table.has(key(batch))) {
          trajectoryScoreSums(trajectoryScores(batch, model, parameters), batch.offsets, own);
          table.set(key(batch), own);
        }
        const out = new Float64Array(width);
        policyGradientWithParameterBaseline(own, returnsOf(batch), baseline, out);
        return out;
      });
    const optimal = momentsOf(best);
    expectClose(optimal.mean, finiteHorizonGradient(small.mdp, model, parameters), 1e-12);
    for (let j = 0; j < width; j++) {
      for (const shift of [-0.05, 0.05]) {
        const moved = momentsOf(best.map((b, i) => (i === j ? b + shift : b)));
        expect(moved.traceOfCovariance).toBeGreaterThan(optimal.traceOfCovariance);
      }
    }
    const meanOf = exactMoments(all, 1, (batch) => returnsOf(batch)).mean[0];
    const none = momentsOf(new Float64Array(width)).traceOfCovariance;
    const mean = momentsOf(new Float64Array(width).fill(meanOf)).traceOfCovariance;
    expect(optimal.traceOfCovariance).toBeLessThan(mean);
    expect(Math.min(none, mean)).toBeGreaterThanOrEqual(optimal.traceOfCovariance);
  });
});

describe("by sampling: within 3 standard errors", () => {
  test("10,000 trajectories of a task too long to list", () => {
    const mdp = chain({ length: 5, gamma: 0.9, slip: 0.2, stepReward: -0.1, horizon: 12 });
    const model = tabularSoftmax(5, 2);
    const parameters = Float64Array.from({ length: 10 }, (_, i) => (i % 2) * 0.5);
    const sampled = sampleTrajectories(mdp, model.policy(parameters), 10000, seeded(12));
    const scores = trajectoryScores(sampled, model, parameters);
    const exact = finiteHorizonGradient(mdp, model, parameters);
    const weights = new Float64Array(sampled.rewards.length);
    const gradients = new Float64Array(sampled.count * 10);
    discountedReturnGradientWeights(sampled, 0.9, weights);
    trajectoryGradients(scores, weights, sampled.offsets, gradients);
    expectMeanWithin(gradients, 10, exact, 3, "gradient");
    const mean = new Float64Array(10);
    policyGradient(scores, weights, sampled.offsets, mean);
    for (let j = 0; j < 10; j++) {
      let sum = 0;
      for (let i = 0; i < sampled.count; i++) sum += gradients[i * 10 + j] / sampled.count;
      expect(mean[j]).toBeCloseTo(sum, 12);
    }
  });
});

describe("edges", () => {
  test("weights of a known trajectory", () => {
    const episodes = { offsets: Int32Array.of(0, 3, 3, 4), rewards: [1, 2, 4, 8] };
    const out = new Float64Array(4);
    totalReturn(episodes, 0.5, out);
    expect([...out]).toEqual([3, 3, 3, 8]);
    rewardToGo(episodes, 0.5, out);
    expect([...out]).toEqual([3, 4, 4, 8]);
    discountedReturnGradientWeights(episodes, 0.5, out);
    expect([...out]).toEqual([3, 2, 1, 8]);
    timeStepMeanBaseline(episodes.offsets, [1, 2, 3, 5], out);
    expect([...out]).toEqual([3, 2, 3, 3]);
    timeStepMeanBaseline(episodes.offsets, [1, 2, 3, 5], out, { leaveOneOut: true });
    expect([...out]).toEqual([5, 0, 0, 1]);
  });

  test("leave-one-out on returns [1,0,0,1,0,0,0,0]: .857143 and −.285714 are left", () => {
    const returns = [1, 0, 0, 1, 0, 0, 0, 0];
    const out = new Float64Array(8);
    leaveOneOutBaseline(
      Int32Array.from({ length: 9 }, (_, i) => i),
      returns,
      out,
    );
    subtractBaseline(returns, out, out);
    expectClose(out, [6 / 7, -2 / 7, -2 / 7, 6 / 7, -2 / 7, -2 / 7, -2 / 7, -2 / 7], 1e-15);
  });

  test("a batch of one: leave-one-out is 0, not NaN; the batch mean leaves no gradient", () => {
    const out = new Float64Array(2);
    leaveOneOutBaseline(Int32Array.of(0, 2), [7], out);
    expect([...out]).toEqual([0, 0]);
    meanReturnBaseline(Int32Array.of(0, 2), [7], out);
    expect([...out]).toEqual([7, 7]);
  });

  test("arrays that do not fit are refused", () => {
    const out = new Float64Array(3);
    expect(() => rewardToGo({ offsets: Int32Array.of(0, 3), rewards: [1, 2] }, 1, out)).toThrow(
      /2 entries, expected 3/,
    );
    expect(() => policyGradient([1, 2, 3], [1, 1], Int32Array.of(0, 2), out)).toThrow(/2 rows of 3/);
  });
});

test("the exact optimal baseline weighs trajectories by their probabilities", () => {
  const out = new Float64Array(2);
  optimalBaseline([1, 2, 3, 0], [10, 20], out, [0.25, 0.75]);
  // E[g² R] / E[g²]: (¼·1·10 + ¾·9·20) / (¼ + ¾·9), and of the second parameter the first trajectory's alone.
  expectClose(out, [(2.5 + 135) / (0.25 + 6.75), 10], 1e-12);
  optimalBaseline([1, 2, 3, 0], [10, 20], out);
  expectClose(out, [190 / 10, 10], 1e-12);
  optimalBaseline([0, 2, 0, 0], [10, 20], out);
  expectClose(out, [0, 10], 1e-12);
});
