/** What leaves training acts as what was trained: the statistics of now go with it (SB3 #383). */

import { expect, test } from "vitest";
import { makeBatched } from "../../src/envs/index.ts";
import { actorCritic, encodePolicy, loadPolicyFromBytes } from "../../src/policies/index.ts";
import { input } from "../../src/tensor/graph.ts";
import { evaluate } from "../tensor/reference.ts";
import { iterate, learner } from "./support.ts";

test("an exported policy normalises as training does, and acts as its network says", async () => {
  const of = await learner("Pendulum-v1", { normalizeObservations: true, clipObservations: 1.2, learningRate: 0.01 });
  iterate(of, 3);
  const description = of.policy();
  const policy = await loadPolicyFromBytes(encodePolicy(description));
  const { state } = of.save();
  const { collector } = state as unknown as {
    collector: { observationMoments: { mean: number[]; variance: number[] } };
  };
  const { mean, variance } = collector.observationMoments;

  const network = actorCritic(description.observationSpace, description.actionSpace, description.network);
  const seen = input("seen", [1, 3]);
  const mode = network.distribution(seen).mode();
  const weights = network.policyParameters.map((p) => [p, Array.from(description.weights[p.label!].data)] as const);
  const environment = makeBatched("Pendulum-v1", 1);
  environment.reset(99);
  let unclipped = 0;
  for (let t = 0; t < 30; t++) {
    const raw = Array.from(environment.observations);
    const scaled = raw.map((x, j) => (x - mean[j]) / Math.sqrt(variance[j] + 1e-8));
    const [[expected]] = evaluate(
      [mode],
      new Map([[seen, scaled.map((x) => Math.min(Math.max(x, -1.2), 1.2))], ...weights]),
    );
    const [action] = policy.act(raw) as Float32Array;
    expect(action).toBeCloseTo(Math.min(Math.max(expected, -2), 2), 3);
    if (Math.abs(expected) < 2) unclipped++;
    environment.step(Float32Array.of(action));
  }
  expect(unclipped).toBeGreaterThan(5);
});

test("a policy taken away does not change when training goes on", async () => {
  const of = await learner("CartPole-v1", { normalizeObservations: true });
  of.iterate();
  const before = of.policy();
  const bytes = encodePolicy(before);
  iterate(of, 2);
  expect(encodePolicy(before)).toEqual(bytes);
  expect(encodePolicy(of.policy())).not.toEqual(bytes);
});
