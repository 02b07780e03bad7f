/** docs/theory.md, 24: with one epoch over one batch ρ is 1, and the surrogate's gradient is the plain policy gradient. */

import { describe, expect, test } from "vitest";
import { algorithms } from "../../src/algorithms/algorithmRegistry.ts";
import { makeBatched } from "../../src/envs/index.ts";
import { policyGradient } from "../../src/estimators/index.ts";
import { perSampleScores } from "../../src/estimators/perSampleScores.ts";
import { actorCritic } from "../../src/policies/actorCritic.ts";
import { parameterStreams } from "../../src/policies/parameterStreams.ts";
import { Collector } from "../../src/rollout/collector.ts";
import { estimateAdvantages } from "../../src/rollout/estimateAdvantages.ts";
import { wholeRollout } from "../../src/rollout/minibatch.ts";
import { compile, createEngine, ParameterBlock, sizeOf } from "../../src/tensor/index.ts";
import { expectDeterminism, expectExactResume, ladder, weightsOf } from "./ladder.ts";
import { hashOf, iterate } from "./support.ts";

const flat = (weights: Record<string, Float32Array>) => Object.values(weights).flatMap((data) => [...data]);

/** (1/rows) Σ ∇log π A of the first rollout of a learner with seed 6, from single score vectors. */
async function firstGradient(id: string, gamma: number, gaeLambda: number): Promise<Float64Array> {
  const engine = await createEngine({ build: "simd" });
  const environment = makeBatched(id, 4);
  const network = actorCritic(environment.observationSpace, environment.actionSpace, { hidden: [16], shared: false });
  const block = new ParameterBlock(engine, network.parameters);
  network.initialise(block, parameterStreams(6));
  const collecting = { nSteps: 8, gamma, seed: 6, clipObservations: undefined, clipRewards: undefined };
  const collector = new Collector(engine, environment, network, [block], collecting);
  collector.collect();
  const { rollout } = collector;
  estimateAdvantages(rollout, { gamma, gaeLambda });
  const { bindings, observations, actions } = wholeRollout(rollout);
  const scores = perSampleScores(network.distribution(observations).logProb(actions), network.policyParameters);
  const program = compile(engine, { parameters: [block], bindings, outputs: { scores } });
  program.run();
  const width = network.policyParameters.reduce((n, { shape }) => n + sizeOf(shape), 0);
  const sum = new Float64Array(width);
  policyGradient(program.output("scores"), rollout.views.advantages, Int32Array.of(0, rollout.rows), sum);
  return sum.map((x) => x / rollout.rows);
}

describe("A2C", () => {
  test.each(["CartPole-v1", "Pendulum-v1"])("%s: its step is the plain policy gradient, ρ = 1", async (id) => {
    const of = await ladder("a2c", id, {
      nSteps: 8,
      gamma: 0.95,
      gaeLambda: 0.9,
      optimiser: "sgd",
      learningRate: 1,
      vfCoef: 0,
      entCoef: 0,
      maxGradNorm: 1e9,
      seed: 6,
    });
    const before = flat(weightsOf(of));
    const [figures] = iterate(of, 1);
    const step = flat(weightsOf(of)).map((theta, j) => theta - before[j]);
    const expected = await firstGradient(id, 0.95, 0.9);
    const scale = Math.sqrt(expected.reduce((sum, x) => sum + x * x, 0));
    const error = Math.sqrt(step.reduce((sum, x, j) => sum + (x - expected[j]) ** 2, 0));
    expect(error).toBeLessThan(1e-4 * scale + 1e-6);
    expect(figures).toMatchObject({ updates: 1, epochs: 1 });
    // Its only minibatch is at the old policy, where these would be 0; what the step did is in `kl`.
    for (const name of ["clipFraction", "approxKl"]) expect(figures).not.toHaveProperty(name);
    expect(figures["kl"]).toBeGreaterThan(0);
  });

  test("is PPO with one epoch over one batch: with objective none bit for bit, with the clip the same step", async () => {
    const common = { nSteps: 16, gaeLambda: 1, learningRate: 7e-4, optimiser: "rmsprop", normalizeAdvantage: false };
    const body = { ...common, nEpochs: 1, batchSize: 64 };
    const [a2c, none, clip] = [
      await ladder("a2c", "CartPole-v1", common),
      await ladder("ppo", "CartPole-v1", { ...body, objective: "none" }),
      await ladder("ppo", "CartPole-v1", { ...body, objective: "clip" }),
    ];
    expect(iterate(a2c, 5)).toEqual(iterate(none, 5));
    expect(hashOf(a2c)).toBe(hashOf(none));
    iterate(clip, 5);
    flat(weightsOf(clip)).forEach((x, j) => {
      expect(Math.abs(x - flat(weightsOf(a2c))[j])).toBeLessThan(2e-3);
    });
  });

  test("has no options of what it does not do", () => {
    const keys = Object.keys(algorithms["a2c"].options.shape);
    for (const key of ["clipRange", "nEpochs", "batchSize", "klCoef", "targetKl"]) expect(keys).not.toContain(key);
  });

  test("determinism and exact resume", async () => {
    await expectDeterminism((seed) => ladder("a2c", "Pendulum-v1", { nSteps: 5, seed }), 10);
    await expectExactResume(
      () => ladder("a2c", "CartPole-v1", { nSteps: 5, normalizeObservations: true, entCoef: 0.01, seed: 2 }),
      8,
    );
  });

  test("a batch of one row gives finite numbers", async () => {
    for (const normalizeAdvantage of [false, true]) {
      const of = await ladder("a2c", "Pendulum-v1", { nEnvs: 1, nSteps: 1, normalizeAdvantage });
      for (const figures of iterate(of, 5)) expect(Number.isFinite(figures["loss"])).toBe(true);
    }
  });
});
