/** Resident memory over three million CartPole steps of PPO: it must be flat after warm-up. */

import { ppo } from "../src/algorithms/ppo.ts";
import { makeBatched } from "../src/envs/index.ts";
import { createEngine } from "../src/tensor/index.ts";

const STEPS = 3_000_000;
const environment = makeBatched("CartPole-v1", 8);
const learner = ppo(await createEngine(), environment, { nEnvs: 8, nSteps: 128, batchSize: 256, nEpochs: 4 }, STEPS);
const resident = () => process.memoryUsage().rss / 2 ** 20;
const marks: string[] = [];
let peak = 0;
let next = 0;
while (learner.steps < STEPS) {
  learner.iterate();
  if (learner.steps < next) continue;
  next += STEPS / 6;
  peak = Math.max(peak, resident());
  marks.push(`${(learner.steps / 1e6).toFixed(1)}M: ${resident().toFixed(0)}`);
}
peak = Math.max(peak, resident(), process.resourceUsage().maxRSS / 1024);
console.log(`Resident MiB at ${marks.join(", ")}; at the end ${resident().toFixed(0)}; peak ${peak.toFixed(0)}.`);
