/** REINFORCE: every variant of docs/theory.md, 3 to 11, through one learner, against the estimators and the exact gradient. */

import { describe, expect, test } from "vitest";
import { makeBatched } from "../../src/envs/index.ts";
import { perSampleScores, policyGradient } from "../../src/estimators/index.ts";
import { type ReinforceWeighting, reinforceWeights } from "../../src/estimators/reinforceWeights.ts";
import { bandit, finiteHorizonGradient, mdpSpec, softmaxOfLogits } from "../../src/mdp/index.ts";
import { actorCritic } from "../../src/policies/actorCritic.ts";
import { parameterStreams } from "../../src/policies/parameterStreams.ts";
import { Collector } from "../../src/rollout/collector.ts";
import { episodesOfRollout } from "../../src/rollout/episodesOfRollout.ts";
import { wholeRollout } from "../../src/rollout/minibatch.ts";
import { compile, createEngine, ParameterBlock, sizeOf } from "../../src/tensor/index.ts";
import { joinedValues } from "../../src/tensor/parameters.ts";
import { expectMeanWithin, normals, seeded, tinyMdp } from "../mdp/support.ts";
import { ForEver } from "../rollout/support.ts";
import { expectDeterminism, expectExactResume, ladder, weightsOf } from "./ladder.ts";
import { iterate } from "./support.ts";

const weightings = ["total", "toGo", "gae"] as const;
const baselines = ["none", "mean", "leaveOneOut", "timeStep", "value"] as const;
const discountings = ["standard", "exact"] as const;
const variants = weightings.flatMap((weighting) =>
  baselines.flatMap((baseline) => discountings.map((discounting) => ({ weighting, baseline, discounting }))),
);
const arms = mdpSpec("arms", bandit([1, 0, 0.3]), { horizonEnds: "terminated" });
const settings = { nSteps: 60, nCriticUpdates: 2, batchSize: 64 };

describe("each weighting, baseline and discount reading", () => {
  test.each(variants)("$weighting, $baseline, $discounting: learns a bandit", async (variant) => {
    const of = await ladder("reinforce", arms, { nEnvs: 32, nSteps: 2, hidden: [4], learningRate: 0.05, ...variant });
    const figures = iterate(of, 40);
    expect(Number.isFinite(figures[39]["policyLoss"])).toBe(true);
    expect(figures[39]["episodeReturn"]).toBeGreaterThan(0.85);
    expect(figures[39]["entropy"]).toBeLessThan(0.6);
    expect("valueLoss" in figures[39]).toBe(variant.baseline === "value" || variant.weighting === "gae");
  });

  test.each([
    ["CartPole-v1", { weighting: "toGo", baseline: "value" }],
    ["CartPole-v1", { weighting: "total", baseline: "leaveOneOut", normalizeRewards: true }],
    ["Pendulum-v1", { weighting: "gae", normalizeObservations: true, learningRate: "linear:1e-2", nSteps: 200 }],
  ])("%s %o: determinism and exact resume", async (environment, more) => {
    await expectDeterminism((seed) => ladder("reinforce", environment, { ...settings, ...more, seed }), 2);
    await expectExactResume(() => ladder("reinforce", environment, { ...settings, ...more }));
  });
});

/** The policy's numbers, one parameter after the other. */
const flat = (weights: Record<string, Float32Array>) => Object.values(weights).flatMap((data) => [...data]);

/** What the definition gives for the first batch of a learner with these options. */
async function firstGradient(variant: ReinforceWeighting, gamma: number): Promise<Float64Array> {
  const engine = await createEngine({ build: "simd" });
  const environment = makeBatched("CartPole-v1", 4);
  const network = actorCritic(environment.observationSpace, environment.actionSpace, { hidden: [16], shared: false });
  const [policy, critic] = [network.policyParameters, network.valueParameters].map(
    (p) => new ParameterBlock(engine, p),
  );
  network.initialise(joinedValues(policy, critic), parameterStreams(6));
  const collecting = { nSteps: 60, gamma, seed: 6, clipObservations: undefined, clipRewards: undefined };
  const collector = new Collector(engine, environment, network, [policy, critic], collecting);
  const [lengths, cut] = [new Int32Array(4), new Uint8Array(4)];
  collector.collectEpisodes(0, lengths, cut);
  const usesValue = variant.baseline === "value" || variant.weighting === "gae";
  const episodes = episodesOfRollout(collector.rollout, lengths, cut, gamma, usesValue);
  const weights = new Float64Array(episodes.rows.length);
  reinforceWeights(episodes, variant, weights);

  const { bindings, observations, actions } = wholeRollout(collector.rollout);
  const scores = perSampleScores(network.distribution(observations).logProb(actions), network.policyParameters);
  const program = compile(engine, { parameters: [policy], bindings, outputs: { scores } });
  program.run();
  const width = network.policyParameters.reduce((n, { shape }) => n + sizeOf(shape), 0);
  const all = program.output("scores");
  const picked = Float64Array.from({ length: episodes.rows.length * width }, (_, i) => {
    return all[episodes.rows[Math.floor(i / width)] * width + (i % width)];
  });
  const out = new Float64Array(width);
  policyGradient(picked, weights, episodes.offsets, out);
  return out;
}

describe("the gradient", () => {
  test.each([
    { weighting: "total", baseline: "none", discounting: "standard" },
    { weighting: "toGo", baseline: "timeStep", discounting: "exact" },
    { weighting: "toGo", baseline: "value", discounting: "standard" },
    { weighting: "gae", baseline: "none", discounting: "standard" },
  ] as const)("equals the estimator's on the same episodes: $weighting, $baseline, $discounting", async (variant) => {
    const of = await ladder("reinforce", "CartPole-v1", {
      ...settings,
      ...variant,
      optimiser: "sgd",
      learningRate: 1,
      gamma: 0.9,
      gaeLambda: 0.8,
      seed: 6,
    });
    const before = flat(weightsOf(of));
    const [{ gradientNorm }] = iterate(of, 1);
    const step = flat(weightsOf(of)).map((theta, j) => theta - before[j]);
    const expected = await firstGradient({ ...variant, gaeLambda: 0.8 }, 0.9);
    const scale = Math.sqrt(expected.reduce((sum, x) => sum + x * x, 0));
    expect(gradientNorm / scale).toBeCloseTo(1, 4);
    const error = Math.sqrt(step.reduce((sum, x, j) => sum + (x - expected[j]) ** 2, 0));
    expect(error).toBeLessThan(2e-5 * scale + 1e-5);
  });

  test.each([
    { weighting: "total", baseline: "none" },
    { weighting: "toGo", baseline: "leaveOneOut" },
    { weighting: "toGo", baseline: "value" },
    { weighting: "gae", baseline: "none" },
  ] as const)("on an exact MDP its mean over batches is ∇J within 3σ: $weighting, $baseline", async (variant) => {
    const mdp = tinyMdp(5, 4, 0.8);
    const spec = mdpSpec("tiny", mdp, { horizonEnds: "terminated" });
    // λ = 1 and a critic that stays what it was at the start keep GAE unbiased.
    const of = await ladder("reinforce", spec, {
      ...variant,
      discounting: "exact",
      gaeLambda: 1,
      nEnvs: 16,
      nSteps: 4,
      hidden: [],
      optimiser: "sgd",
      learningRate: 1,
      gamma: 0.8,
      nCriticUpdates: 0,
    });
    // logits(s) = W_s + b: [2 × 2] and [2].
    const theta = normals(seeded(2), 6, 0.7).map(Math.fround);
    const model = softmaxOfLogits({
      states: 2,
      actions: 2,
      parameterCount: 6,
      logits: (p) => Float64Array.of(p[0] + p[4], p[1] + p[5], p[2] + p[4], p[3] + p[5]),
    });
    const exact = finiteHorizonGradient(mdp, model, theta);
    const batches = 600;
    const gradients = new Float64Array(batches * 6);
    for (let i = 0; i < batches; i++) {
      const snapshot = of.save();
      const policy = snapshot.arrays["policy"].data as Float32Array;
      policy.set(theta.subarray(0, 4));
      policy.set(theta.subarray(4), 16);
      of.load(snapshot);
      of.iterate();
      const step = flat(weightsOf(of));
      for (let j = 0; j < 6; j++) gradients[i * 6 + j] = step[j] - theta[j];
    }
    expectMeanWithin(gradients, 6, exact, 3, "gradient");
  });
});

describe("episodes longer than the buffer, or without an end", () => {
  test("are cut, counted, and bootstrapped by the value baseline only", async () => {
    const endless = () => new ForEver();
    const withValue = await ladder("reinforce", endless, { nSteps: 20, nEnvs: 3, baseline: "value" });
    const [figures] = iterate(withValue, 1);
    expect(figures).toMatchObject({ cutEpisodes: 3, steps: 60, episodes: 0 });
    expect(figures["episodeReturn"]).toBeNaN();
    expect(Number.isFinite(figures["policyLoss"])).toBe(true);
    const without = await ladder("reinforce", endless, { nSteps: 20, nEnvs: 3, baseline: "none", gamma: 1 });
    expect(iterate(without, 2)[1]).toMatchObject({ cutEpisodes: 3, steps: 120 });
  });

  test("some episodes fit and some do not", async () => {
    const mixed = await ladder("reinforce", () => new ForEver(15), { nSteps: 15, nEnvs: 2 });
    expect(iterate(mixed, 1)[0]).toMatchObject({ cutEpisodes: 0, episodes: 2, episodeReturn: 15 });
    const short = await ladder("reinforce", () => new ForEver(15), { nSteps: 14, nEnvs: 2 });
    expect(iterate(short, 1)[0]).toMatchObject({ cutEpisodes: 2, episodes: 0 });
  });

  test("reward 1 for ever, γ = 0.9: bootstrapping behind the cut learns V = 10, not 1 + … + γ^3 (timeouts treated as terminations)", async () => {
    const of = await ladder("reinforce", () => new ForEver(), {
      nSteps: 4,
      nEnvs: 4,
      gamma: 0.9,
      nCriticUpdates: 20,
      criticLearningRate: 1e-2,
      learningRate: 0,
    });
    const figures = iterate(of, 150)[149];
    // One observation has one value: only V = 10 fits all four targets; without the bootstrap their spread alone is 0.8.
    expect(figures["valueLoss"]).toBeLessThan(0.01);
    expect(Math.abs(figures["policyLoss"])).toBeLessThan(0.5);
  });
});

test("one episode a batch: a batch mean leaves nothing to learn, leave-one-out leaves the return", async () => {
  const one = { nEnvs: 1, nSteps: 60 };
  const mean = await ladder("reinforce", "CartPole-v1", { ...one, weighting: "total", baseline: "mean" });
  expect(iterate(mean, 1)[0]["gradientNorm"]).toBe(0);
  const others = await ladder("reinforce", "CartPole-v1", { ...one, weighting: "total", baseline: "leaveOneOut" });
  expect(iterate(others, 1)[0]["gradientNorm"]).toBeGreaterThan(0);
  const scaled = await ladder("reinforce", arms, { nEnvs: 1, nSteps: 1, normalizeAdvantage: true, baseline: "mean" });
  expect(Number.isFinite(iterate(scaled, 1)[0]["policyLoss"])).toBe(true);
});
