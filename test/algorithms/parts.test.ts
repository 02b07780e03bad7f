/** What algorithms are put together from, where a wrong part would still learn: optimisers of their own, masks in every program. */
import { expect, test } from "vitest";
import { compileTrustRegion } from "../../src/algorithms/trustRegion/programs.ts";
import { makeBatched } from "../../src/envs/index.ts";
import { finish } from "../../src/pauses.ts";
import { actorCritic, isValueParameter } from "../../src/policies/actorCritic.ts";
import { separateBlocks } from "../../src/policies/separateBlocks.ts";
import { policySnapshot } from "../../src/policies/snapshot.ts";
import { Collector } from "../../src/rollout/collector.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { ladder } from "./ladder.ts";

test.each(["reinforce", "off-policy-pg", "npg", "trpo"])(
  "%s: the critic learns by Adam, whatever the policy learns by",
  async (name) => {
    const rates =
      name === "npg" || name === "trpo" ? { learningRate: 1e-3 } : { criticLearningRate: 1e-3, learningRate: 1e-5 };
    const sgd = name === "reinforce" ? { optimiser: "sgd" } : {};
    const passes = {
      nCriticUpdates: 1,
      batchSize: 4096,
      ...(name === "off-policy-pg" && { gradientSteps: 1, replayBatches: 1 }),
    };
    const learner = await ladder(name, "CartPole-v1", { ...rates, ...sgd, ...passes, nSteps: 16 });
    const weights = () => structuredClone(learner.policy().weights);
    const before = weights();
    learner.iterate();
    const after = weights();
    const moved = Object.keys(before)
      .filter(isValueParameter)
      .flatMap((key) => Array.from(after[key].data, (x, i) => Math.abs(x - before[key].data[i])).filter((x) => x > 0));
    expect(moved.length).toBeGreaterThan(10);
    // Adam's first step is the rate in every direction that has a gradient worth its ε.
    const near = moved.filter((x) => Math.abs(x - 1e-3) < 5e-5);
    expect(near.length).toBeGreaterThan(0.5 * moved.length);
    expect(Math.max(...moved)).toBeLessThan(1.01e-3);
  },
);

test("a trust region's programs heed masks: at the policy that acted every ratio is 1, and what it forbids has no curvature", async () => {
  const engine = await createEngine({ build: "simd" });
  const environment = makeBatched("MaskedCorridor-v1", 2);
  const { observationSpace, actionSpace } = environment;
  const network = actorCritic(observationSpace, actionSpace, { hidden: [4] });
  const { policy, critic } = finish(separateBlocks(engine, network, 3));
  const head = policy.values("policy.head.0.weight");
  head.forEach((_, i) => {
    head[i] = Math.sin(i);
  });
  const options = { nSteps: 8, gamma: 0.9, clipObservations: undefined, clipRewards: undefined, seed: 1 };
  const collector = new Collector(engine, environment, network, [policy, critic], options);
  collector.collect();
  const { views } = collector.rollout;
  views.advantages.set(Array.from({ length: 16 }, (_, i) => i - 4));
  const snapshot = policySnapshot(engine, actorCritic(observationSpace, actionSpace, { hidden: [4] }), policy);
  snapshot.take();
  const programs = finish(compileTrustRegion(engine, network, policy, snapshot, collector.rollout, false));
  programs.gradient.run();
  expect(programs.gradient.scalar("surrogate")).toBeCloseTo(3.5, 4);
  expect(programs.gradient.scalar("entropy")).toBeLessThan(Math.log(4) + 1e-6);
  programs.candidate.run();
  expect(programs.candidate.scalar("surrogate")).toBeCloseTo(3.5, 4);
});
