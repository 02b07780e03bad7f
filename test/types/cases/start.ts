/** The shortest way through the library, as a strict TypeScript project writes it. */

import { createPolicy, evaluatePolicy, loadPolicyFromBytes, train } from "ascent-rl";
import { loadPolicy, trainRun } from "ascent-rl/node";

const { policy, learner, metrics, stopped } = await train("ppo", {
  environment: "CartPole-v1",
  steps: 10_000,
  seed: 1,
  options: { gamma: 0.98, activation: "relu", learningRate: { kind: "linear", from: 1e-3, to: 1e-4 } },
});
const { mean } = await evaluatePolicy(policy.description, "CartPole-v1", { episodes: 10 });
const copy = await createPolicy(policy.description, { rows: 64 });
copy.actBatch(new Float32Array(256), new Float32Array(64));
const stored = await loadPolicy("runs/ppo-CartPole-v1-0");
const fetched = await loadPolicyFromBytes(new Uint8Array(0));
policy.act([0.1, 0, 0, 0]);
stored.act([0.1, 0, 0, 0], { deterministic: false });
fetched.act(new Float32Array(4));
const { summary } = await trainRun({ algorithm: "ppo", environment: "CartPole-v1", out: "runs/new" });

/** What they are, each in words that would not compile if they were not. */
export const facts: [number, boolean, number, string | undefined] = [
  mean + metrics.episodeReturn,
  stopped,
  learner.steps,
  summary?.algorithm,
];

// @ts-expect-error an option of no algorithm
await train("ppo", { environment: "CartPole-v1", options: { gama: 0.9 } });
// @ts-expect-error an option of another algorithm
await train("ppo", { environment: "CartPole-v1", options: { cgDamping: 0.1 } });
// @ts-expect-error a number as text
await train("ppo", { environment: "CartPole-v1", steps: "10000" });
