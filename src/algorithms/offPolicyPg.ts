/**
 * Off-policy policy gradient (theory 14–17): several gradient steps for each batch of episodes, taken on the last few batches
 * with their behaviour log-probabilities, each corrected by importance weights of a chosen kind. In order: collect whole
 * episodes, put them into the replay, then again and again pick a batch, weigh its scores, step, fit the critic.
 */

import { z } from "zod";
import type { BatchedEnvironment } from "../envs/batched.ts";
import { effectiveSampleSize } from "../estimators/importance.ts";
import { offPolicyWeights } from "../estimators/offPolicyWeights.ts";
import { divideByRootMeanSquare } from "../estimators/rootMeanSquare.ts";
import { actorCritic } from "../policies/actorCritic.ts";
import { requireNoMemory } from "../policies/requireNoMemory.ts";
import { RandomStream, streams } from "../random/index.ts";
import { compile } from "../tensor/compile.ts";
import type { Engine } from "../tensor/engine.ts";
import { clipScale, norm, Optimiser } from "../tensor/optimisers.ts";
import { joinedValues, ParameterBlock } from "../tensor/parameters.ts";
import { scheduleValue } from "../tensor/schedules.ts";
import { Collector } from "../training/collector.ts";
import { criticFit } from "../training/critic.ts";
import { episodesOfRollout } from "../training/episodesOfRollout.ts";
import { describePolicy, type Learner, type Metrics, onPolicyLearner } from "../training/learner.ts";
import { wholeRollout } from "../training/minibatch.ts";
import { Replay } from "../training/replay.ts";
import * as shared from "./options.ts";
import { scoreGradient } from "./reinforce/scoreGradient.ts";

export const offPolicyPgOptions = z.strictObject({
  ...shared.seedOption,
  ...shared.collectOptions,
  ...shared.networkOptions,
  ...shared.annealOptions,
  nEnvs: z.int().min(1).default(8).describe("whole episodes of each batch, one an environment"),
  nSteps: z.int().min(1).default(1000).describe("steps after which an episode is cut"),
  estimator: z
    .enum(["trajectory", "causal", "policyIteration", "firstOrder", "vtrace"])
    .default("vtrace")
    .describe("how importance weights correct the gradient"),
  ratioClip: z.number().positive().default(1).describe("per-step ratios are cut to this; c̄ = ρ̄ of V-trace"),
  replayBatches: z.int().min(1).default(4).describe("batches kept"),
  gradientSteps: z.int().min(1).default(8).describe("gradient steps for each new batch"),
  normalizeAdvantage: z.boolean().default(true).describe("divide weights by their root mean square"),
  learningRate: shared.schedule.default(1e-3).describe("of the policy's Adam"),
  criticLearningRate: shared.schedule.default(1e-3).describe("of the critic's Adam"),
  nCriticUpdates: z.int().min(0).default(1).describe("passes of the critic for each gradient step"),
  batchSize: z.int().min(1).default(256).describe("rows of a critic minibatch"),
  maxGradNorm: z.number().positive().default(1e9).describe("gradient norm is cut to this"),
});

export type OffPolicyPgOptions = z.input<typeof offPolicyPgOptions>;

/** @throws ZodError for unknown or ill-typed options. */
export function offPolicyPg(
  engine: Engine,
  environment: BatchedEnvironment,
  given: OffPolicyPgOptions = {},
  totalSteps = 1e6,
): Learner {
  const options = offPolicyPgOptions.parse(given);
  const { seed } = options;
  const annealSteps = options.annealSteps ?? totalSteps;
  requireNoMemory("off-policy-pg", options);
  const settings = { ...shared.pickNetwork(options), shared: false };
  const network = actorCritic(environment.observationSpace, environment.actionSpace, settings);
  const policy = new ParameterBlock(engine, network.policyParameters);
  const critic = new ParameterBlock(engine, network.valueParameters);
  network.initialise(joinedValues(policy, critic), seed);
  const collecting = { ...shared.pickCollector(options), revalues: true };
  const collector = new Collector(engine, environment, network, [policy, critic], collecting);
  const { rollout } = collector;
  const replay = new Replay(options.replayBatches);
  const gradientOf = scoreGradient(engine, network, policy, rollout);
  const policyOptimiser = new Optimiser(engine, policy.region, { kind: "adam" });
  const criticOptimiser = new Optimiser(engine, critic.region, { kind: "adam", epsilon: 1e-5 });
  const order = new RandomStream(seed, streams.minibatches);
  const pick = new RandomStream(seed, streams.minibatches, 1);
  const fitCritic = criticFit(engine, network, critic, rollout, criticOptimiser, order, options);
  const whole = wholeRollout(rollout);
  const logProb = network.distribution(whole.observations, { mask: whole.masks }).logProb(whole.actions);
  const { bindings } = whole;
  const evaluate = compile(engine, {
    name: "new log-probabilities",
    parameters: [policy],
    bindings,
    outputs: { logProb },
  });

  const lengths = new Int32Array(environment.count);
  const cut = new Uint8Array(environment.count);
  let batches = 0;

  /** One gradient step on a batch of the replay. */
  function step(index: number, rate: number, criticRate: number): Metrics {
    const batch = replay.at(index);
    collector.loadRollout(batch.rollout);
    collector.revalue();
    evaluate.run();
    const episodes = episodesOfRollout(rollout, batch.lengths, batch.cut, options.gamma, true);
    const { rows } = episodes;
    const now = evaluate.output("logProb");
    const { logProbs, targets: allTargets } = rollout.views;
    const logRatios = Float64Array.from(rows, (row) => now[row] - logProbs[row]);
    const weights = new Float64Array(rows.length);
    const targets = new Float64Array(rows.length);
    offPolicyWeights({ ...episodes, logRatios }, options, weights, targets);
    if (options.normalizeAdvantage) divideByRootMeanSquare(weights);
    const found = gradientOf(rows, weights, environment.count);
    const gradientNorm = norm(found.gradient);
    policyOptimiser.step(found.gradient, rate, clipScale(gradientNorm, options.maxGradNorm));
    for (let k = 0; k < rows.length; k++) allTargets[rows[k]] = targets[k];
    const valueLoss = fitCritic(criticRate, rows);
    const effective = effectiveSampleSize(logRatios) / rows.length;
    return { policyLoss: found.loss, entropy: found.entropy, gradientNorm, valueLoss, effectiveSampleSize: effective };
  }

  function update(steps: number): Metrics {
    replay.push({ rollout: collector.copyRollout(), lengths: lengths.slice(), cut: cut.slice() });
    const progress = steps / annealSteps;
    const rate = scheduleValue(options.learningRate, progress);
    const criticRate = scheduleValue(options.criticLearningRate, progress);
    const totals: Metrics = {};
    for (let i = 0; i < options.gradientSteps; i++) {
      // The newest batch comes first, then any of those kept.
      const index = i === 0 ? replay.length - 1 : pick.integer(replay.length);
      const figures = step(index, rate, criticRate);
      for (const [name, value] of Object.entries(figures)) totals[name] = (totals[name] ?? 0) + value;
    }
    for (const name of Object.keys(totals)) totals[name] /= options.gradientSteps;
    const cutEpisodes = cut.reduce((a, b) => a + b, 0);
    return { ...totals, learningRate: rate, updates: options.gradientSteps, cutEpisodes };
  }

  return onPolicyLearner({
    algorithm: "off-policy-pg",
    collector,
    blocks: { policy, critic },
    optimisers: { policy: policyOptimiser, critic: criticOptimiser },
    randomStreams: { order, pick },
    annealSteps,
    stores: { replay },
    extra: {
      save: () => batches,
      load: (saved) => {
        batches = saved as number;
      },
    },
    collect: () => collector.collectEpisodes(batches++, lengths, cut),
    update,
    describePolicy: () => describePolicy("off-policy-pg", collector, settings, [policy, critic]),
  });
}
