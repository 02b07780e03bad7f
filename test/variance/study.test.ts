/** The comparison of estimators: what theory says of their order, bias and scale must appear. */

import { describe, expect, test } from "vitest";
import { environmentSpec, makeBatched } from "../../src/envs/environmentRegistry.ts";
import { reinforceWeights } from "../../src/estimators/reinforceWeights.ts";
import { finish } from "../../src/pauses.ts";
import { actorCritic } from "../../src/policies/actorCritic.ts";
import { fillBlock, type PolicyDescription } from "../../src/policies/description.ts";
import { deriveSeed, streams } from "../../src/random/index.ts";
import { Collector } from "../../src/rollout/collector.ts";
import { episodesOfRollout } from "../../src/rollout/episodesOfRollout.ts";
import { minibatch } from "../../src/rollout/minibatch.ts";
import { compile, createEngine, type Engine, grad, input, mul, ParameterBlock, sum } from "../../src/tensor/index.ts";
import { createLearner } from "../../src/training/train.ts";
import {
  defaultEstimators,
  type EstimatorFindings,
  environmentSource,
  exactWorld,
  type GradientSource,
  parseEstimator,
  tabularSource,
  type VarianceFindings,
  varianceStudy,
  warmPolicy,
} from "../../src/variance/index.ts";
import { expectClose } from "../mdp/support.ts";

const choices = (names: readonly string[]) => names.map((name) => parseEstimator(name));
const rowOf = (findings: VarianceFindings, name: string): EstimatorFindings =>
  findings.estimators.find(({ estimator }) => estimator === name)!;

/** Intervals of tr Cov lie one below the other, without touching. */
function expectOrder(findings: VarianceFindings): void {
  const order = ["total", "toGo", "toGo+mean", "toGo+value", "gae"].map((name) => rowOf(findings, name));
  for (let i = 1; i < order.length; i++) {
    const [above, below] = [order[i - 1], order[i]];
    expect(below.traceOfCovariance.high, `${below.estimator} below ${above.estimator}`).toBeLessThan(
      above.traceOfCovariance.low,
    );
  }
}

/** What the optimal baseline takes off the total return's variance, more than the mean does, in shares of all of it. */
const gainOfOptimal = (findings: VarianceFindings) => {
  const [none, mean, optimal] = ["total", "total+mean", "total+optimal"].map(
    (name) => rowOf(findings, name).traceOfCovariance.value,
  );
  return (mean - optimal) / none;
};

describe("on exact worlds", () => {
  test.each(["grid", "chain"])("%s: total > to-go > to-go+mean > to-go+value > GAE, intervals apart", (name) => {
    const source = tabularSource(name, exactWorld(name)!, { trajectories: 16, seed: 0 });
    const findings = varianceStudy(source, { estimators: choices(defaultEstimators), batches: 384 });
    expectOrder(findings);
    expect(Math.abs(gainOfOptimal(findings))).toBeLessThan(0.05);
    for (const { estimator, bias, byTrajectories } of findings.estimators) {
      // Half as many trajectories, twice the variance; a batch mean of few samples shrinks the gradient and its variance.
      expect(byTrajectories.map(({ trajectories }) => trajectories)).toEqual([2, 4, 8, 16]);
      if (estimator.endsWith("mean")) continue;
      const [, , eight, sixteen] = byTrajectories.map((row) => row.traceOfCovariance.value);
      expect(eight / sixteen).toBeGreaterThan(1.6);
      expect(eight / sixteen).toBeLessThan(2.5);
      if (estimator !== "gae") expect(bias!.low, estimator).toBe(0);
    }
  });

  test("biases that theory states appear: batch mean 1/N, missing γ^t, λ < 1 with a bad V", () => {
    const source = tabularSource("random-mdp:3", exactWorld("random-mdp:3")!, { trajectories: 4, seed: 1 });
    const estimators = choices(["total+mean", "total+leaveOneOut", "toGo", "gae:0"]);
    const findings = varianceStudy(source, { estimators, batches: 4000 });
    const mean = rowOf(findings, "total+mean").bias!;
    expect(mean.low).toBeGreaterThan(0.15);
    expect(mean.high).toBeLessThan(0.35);
    expect(mean.low <= 0.25 && 0.25 <= mean.high).toBe(true);
    expect(rowOf(findings, "total+leaveOneOut").bias!.low).toBe(0);
    expect(rowOf(findings, "toGo").bias!.low).toBe(0);
    expect(rowOf(findings, "gae:0").bias!.high).toBeLessThan(0.2);
    const standard = varianceStudy(source, { estimators: choices(["toGo"]), batches: 1000, discounting: "standard" });
    expect(rowOf(standard, "toGo").bias!.low).toBeGreaterThan(0.2);
  });

  test("smaller batches have their own cosine and bias; what is known in closed form lies where it is measured", () => {
    const source = tabularSource("grid", exactWorld("grid")!, { trajectories: 16, seed: 0 });
    const names = ["total", "total+mean", "total+leaveOneOut", "total+optimal", "toGo", "toGo+value", "gae:0.5"];
    const { estimators, gradientNorm } = varianceStudy(source, { estimators: choices(names), batches: 512 });
    for (const { estimator, byTrajectories, cosine, bias } of estimators) {
      const sixteen = byTrajectories.at(-1)!;
      expect(sixteen.cosine).toEqual(cosine);
      expect(sixteen.bias).toEqual(bias);
      const angles = byTrajectories.map((row) => row.cosine.value);
      expect(angles, estimator).toEqual([...angles].sort((a, b) => a - b));
      for (const row of byTrajectories) {
        const exact = source.moments!(parseEstimator(estimator), "exact", row.trajectories)!;
        // b_j of "total+optimal" is a pilot's estimate; 28 intervals of 95 % cannot all hold, but none is far off.
        expect(row.traceOfCovariance.value / exact.traceOfCovariance, estimator).toBeGreaterThan(0.85);
        expect(row.traceOfCovariance.value / exact.traceOfCovariance, estimator).toBeLessThan(1.15);
        const off = exact.mean.map((value, j) => value - source.exact![j]);
        expect(Math.hypot(...off) / gradientNorm!, estimator).toBeLessThan(row.bias!.high + 0.02);
        expect(Math.hypot(...off) / gradientNorm!, estimator).toBeGreaterThan(row.bias!.low - 0.02);
      }
    }
  });

  test("the same seed gives the same findings but for the clock; intervals shrink with more batches", () => {
    const run = (batches: number, seed: number) => {
      const source = tabularSource("chain", exactWorld("chain")!, { trajectories: 4, seed });
      const { estimators } = varianceStudy(source, { estimators: choices(["toGo", "gae:0.9"]), batches });
      return estimators.map(({ microsecondsPerTrajectory, ...figures }) => {
        expect(microsecondsPerTrajectory).toBeGreaterThan(0);
        return figures;
      });
    };
    expect(run(64, 5)).toEqual(run(64, 5));
    expect(run(64, 5)).not.toEqual(run(64, 6));
    const widthOf = (batches: number) => {
      const [{ traceOfCovariance: t }] = run(batches, 5);
      return Math.log(t.high / t.low);
    };
    expect(widthOf(1024)).toBeLessThan(widthOf(64) / 2.5);
  });
});

/**
 * The first episodes of an `environmentSource` again, and Σ w ∇log π over steps of theirs, from one loss and one backward
 * pass over all of them.
 */
function oneBackwardPass(engine: Engine, policy: PolicyDescription, trajectories: number, seed: number) {
  const network = actorCritic(policy.observationSpace, policy.actionSpace, { ...policy.network, shared: false });
  const block = new ParameterBlock(engine, network.policyParameters);
  fillBlock(block, policy.weights);
  const critic = new ParameterBlock(engine, network.valueParameters);
  const environment = makeBatched(policy.environment, trajectories);
  const nSteps = environmentSpec(policy.environment).maxEpisodeSteps!;
  const collector = new Collector(engine, environment, network, [block, critic], {
    nSteps,
    gamma: 0.9,
    seed: deriveSeed(seed, streams.variance, 0, 1),
    clipObservations: undefined,
    scaling: policy.scaling,
    clipRewards: undefined,
  });
  const [lengths, cut] = [new Int32Array(trajectories), new Uint8Array(trajectories)];
  collector.collectEpisodes(0, lengths, cut);
  const episodes = episodesOfRollout(collector.rollout, lengths, cut, 0.9, false);

  const steps = episodes.rows.length;
  const { bindings, observations, actions } = minibatch(collector.rollout, steps);
  const weighed = sum(mul(network.distribution(observations).logProb(actions), input("weights", [steps])));
  const gradients = grad(weighed, block.tensors).map((gradient, i) => [`${i}`, gradient] as const);
  const program = compile(engine, { parameters: [block], bindings, outputs: Object.fromEntries(gradients) });
  const gradient = (weights: Float64Array) => {
    program.inputInts("rows").set(episodes.rows);
    program.input("weights").set(weights);
    program.run();
    return gradients.flatMap(([name]) => [...program.output(name)]);
  };
  return { episodes, gradient };
}

describe("on CartPole", () => {
  test("the same order, and the optimal baseline barely better than the mean", async () => {
    const engine = await createEngine({ build: "simd" });
    const policy = await warmPolicy(engine, { environment: "CartPole-v1", steps: 10_000, seed: 0 });
    const source = environmentSource(engine, policy, { trajectories: 16, seed: 0, gamma: 0.99 });
    const findings = varianceStudy(source, { estimators: choices(defaultEstimators), batches: 192 });
    expect(findings).toMatchObject({ exact: false, parameters: 4 * 32 + 32 + 32 * 2 + 2, batches: 192 });
    expectOrder(findings);
    expect(Math.abs(gainOfOptimal(findings))).toBeLessThan(0.02);
    const [mean, optimal] = ["total+mean", "total+optimal"].map((name) => rowOf(findings, name).traceOfCovariance);
    expect(optimal.high).toBeGreaterThan(mean.low);
    expect(rowOf(findings, "gae").cosine.value).toBeGreaterThan(0.97);
  });

  test.each([
    ["CartPole-v1", {}],
    ["Pendulum-v1", { normalizeObservations: true, shared: true }],
  ])("%s: a trajectory's gradient is that of one backward pass over its steps", async (id, more) => {
    const engine = await createEngine({ build: "simd" });
    const options = { hidden: [6], nSteps: 32, nEnvs: 4, ...more };
    const { learner } = await createLearner("ppo", { environment: id, options, engine, seed: 3 });
    for (let i = 0; i < 3; i++) learner.iterate();
    const policy = learner.policy();
    const source = environmentSource(engine, policy, { trajectories: 3, seed: 2, gamma: 0.9, fitBatches: 1 });
    const episodes = finish(source.next());
    const weights = new Float64Array(episodes.rewards.length);
    reinforceWeights(episodes, { weighting: "toGo", baseline: "none", discounting: "exact", gaeLambda: 1 }, weights);
    const each = [new Float64Array(3 * source.parameters), new Float64Array(3 * source.parameters)];
    finish(source.trajectoryGradients([weights, weights.map((w) => -2 * w)], each));
    const scale = each[0].reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    expect(scale).toBeGreaterThan(0.1);
    const whole = oneBackwardPass(engine, policy, 3, 2);
    expect(whole.episodes.rewards).toEqual(episodes.rewards);
    for (let i = 0; i < 3; i++) {
      const own = weights.map((w, k) => (k >= episodes.offsets[i] && k < episodes.offsets[i + 1] ? w : 0));
      const part = each[0].subarray(i * source.parameters, (i + 1) * source.parameters);
      expectClose(part, whole.gradient(own), 1e-4 * scale, `trajectory ${i}`);
    }
    expectClose(
      each[1],
      each[0].map((x) => -2 * x),
      1e-4 * scale,
      "linear in the weights",
    );
    // The mean score is zero: with weights of 1 the sums over many batches vanish beside their spread.
    const ones = new Float64Array(source.parameters);
    let squares = 0;
    for (let batch = 0; batch < 60; batch++) {
      const { rewards } = finish(source.next());
      finish(source.trajectoryGradients([new Float64Array(rewards.length).fill(1)], [each[0]]));
      each[0].forEach((x, i) => {
        ones[i % ones.length] += x;
        squares += x * x;
      });
    }
    const total = ones.reduce((sum, x) => sum + x * x, 0);
    expect(total / squares).toBeLessThan(4);
  });
});

test("the policy's observation scaling is part of the network that is measured", async () => {
  const engine = await createEngine({ build: "simd" });
  const options = { hidden: [8], nSteps: 32, nEnvs: 4, seed: 1, normalizeObservations: true };
  const { learner } = await createLearner("ppo", { environment: "CartPole-v1", options, engine });
  for (let i = 0; i < 30; i++) learner.iterate();
  const scaled = learner.policy();
  // (x − m) s W + b = x (s W) + (b − m s W): the same policy without scaling.
  const { mean, scale } = scaled.scaling!;
  const [weight, bias] = ["policy.body.0.weight", "policy.body.0.bias"].map((name) => scaled.weights[name]);
  const moved = { shape: weight.shape, data: weight.data.map((w, i) => w * scale[Math.floor(i / 8)]) };
  const shifted = {
    shape: bias.shape,
    data: bias.data.map((b, h) => mean.reduce((sum, m, i) => sum - m * moved.data[i * 8 + h], b)),
  };
  const weights = { ...scaled.weights, "policy.body.0.weight": moved, "policy.body.0.bias": shifted };
  const plain = { ...scaled, scaling: undefined, weights };
  const [a, b, without] = [scaled, plain, { ...scaled, scaling: undefined }].map((policy) => {
    return finish(environmentSource(engine, policy, { trajectories: 6, seed: 0, gamma: 0.99, fitBatches: 0 }).next());
  });
  expect(a.offsets).toEqual(b.offsets);
  expect(without.offsets).not.toEqual(b.offsets);
});

describe("input", () => {
  test("estimators by name", () => {
    expect(parseEstimator("gae:0.5")).toMatchObject({ weighting: "gae", gaeLambda: 0.5 });
    expect(parseEstimator("gae", 0.7).gaeLambda).toBe(0.7);
    expect(parseEstimator("toGo+timeStep")).toMatchObject({ weighting: "toGo", baseline: "timeStep", usesBatch: true });
    for (const wrong of ["togo", "gae:2", "gae:", "gae:x", "total+valu", "toGo+optimal"]) {
      expect(() => parseEstimator(wrong), wrong).toThrow(/no such estimator.*Did you mean/);
    }
    for (const unlikeAny of ["", "toGo+none"]) {
      expect(() => parseEstimator(unlikeAny), unlikeAny).toThrow(/no such estimator: got ".*", expected one of/);
    }
  });

  test("exact worlds by name; others are environments", () => {
    expect(exactWorld("grid")!.actions).toBe(4);
    expect(exactWorld("random-mdp:7")).toEqual(exactWorld("random-mdp:7"));
    expect(exactWorld("random-mdp:7")).not.toEqual(exactWorld("random-mdp:8"));
    for (const other of ["CartPole-v1", "random-mdp:", "random-mdp:x", "chains"])
      expect(exactWorld(other)).toBeUndefined();
  });

  test("too few batches are refused", () => {
    const source: GradientSource = tabularSource("chain", exactWorld("chain")!, { trajectories: 4, seed: 0 });
    expect(() => varianceStudy(source, { estimators: choices(["toGo"]), batches: 3 })).toThrow(/at least 4/);
  });
});
