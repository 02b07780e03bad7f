/**
 * TRPO's speed: whole training on CartPole-v1 with the zoo's settings, and a Fisher-vector product against one evaluation of
 * the surrogate's gradient on the same rows.
 */

import { trustRegionPresets } from "../src/algorithms/presets/trpo.ts";
import { trpo } from "../src/algorithms/trpo.ts";
import { compileTrustRegion } from "../src/algorithms/trustRegion/programs.ts";
import { makeBatched } from "../src/envs/index.ts";
import { finish } from "../src/pauses.ts";
import { actorCritic } from "../src/policies/actorCritic.ts";
import { parameterStreams } from "../src/policies/parameterStreams.ts";
import { policySnapshot } from "../src/policies/snapshot.ts";
import { Collector } from "../src/rollout/collector.ts";
import { createEngine, ParameterBlock } from "../src/tensor/index.ts";
import { atLeast, atMost } from "./workloads/levels.ts";

const options = { ...trustRegionPresets["CartPole-v1"].options, targetKl: 0.01, cgDamping: 1e-3 };
const rates: number[] = [];
for (let run = 0; run < 4; run++) {
  const learner = trpo(await createEngine(), makeBatched("CartPole-v1", options.nEnvs), { ...options, seed: run });
  const begin = performance.now();
  while (learner.steps < 50_000) learner.iterate();
  if (run > 0) rates.push((learner.steps / (performance.now() - begin)) * 1000);
}
rates.sort((a, b) => a - b);

const engine = await createEngine();
const environment = makeBatched("CartPole-v1", 2);
const makeNetwork = () => actorCritic(environment.observationSpace, environment.actionSpace);
const network = makeNetwork();
const policy = new ParameterBlock(engine, network.parameters);
network.initialise(policy, parameterStreams(0));
const policyOnly = new ParameterBlock(engine, network.policyParameters);
policyOnly.flat().set(policy.flat().subarray(0, policyOnly.region.length));
const valueOnly = new ParameterBlock(engine, network.valueParameters);
const settings = { nSteps: 512, gamma: 0.99, clipObservations: undefined, clipRewards: undefined, seed: 0 };
const collector = new Collector(engine, environment, network, [policyOnly, valueOnly], settings);
collector.collect();
const snapshot = policySnapshot(engine, makeNetwork(), policyOnly);
const programs = finish(compileTrustRegion(engine, network, policyOnly, snapshot, collector.rollout, true));
programs.fisher.prepare.run();
const microseconds = (work: () => void) => {
  const times = Array.from({ length: 15 }, () => {
    const begin = performance.now();
    for (let i = 0; i < 30; i++) work();
    return ((performance.now() - begin) / 30) * 1000;
  });
  return Math.min(...times);
};
const gradient = microseconds(() => programs.gradient.run());
const product = microseconds(() => programs.fisher.program.run());
console.log(
  [
    `Whole training, 2 environments × 512 steps, batch 512, 15 CG steps, 20 critic passes: ${Math.round(rates[1]).toLocaleString("en")} env-steps/s (median of 3; ${atLeast(12_000, rates[1])}).`,
    `Fisher-vector product on 1,024 rows: ${product.toFixed(0)} µs; gradient of the surrogate: ${gradient.toFixed(0)} µs; ratio ${(product / gradient).toFixed(2)} (${atMost(3, product / gradient)}).`,
  ].join("\n"),
);
