/**
 * REINFORCE (Williams 1992; theory 3) with every variance reduction as an option: causality, baselines, GAE, both readings
 * of the discount. In order: collect whole episodes, weigh each score, one gradient step on the pseudo-loss, fit the value
 * baseline if there is one.
 */

import { z } from "zod";
import type { BatchedEnvironment } from "../envs/batched.ts";
import { tdLambdaReturns } from "../estimators/bootstrapped.ts";
import { explainedVariance } from "../estimators/explainedVariance.ts";
import { reinforceWeights } from "../estimators/reinforceWeights.ts";
import { divideByRootMeanSquare } from "../estimators/rootMeanSquare.ts";
import { actorCritic } from "../policies/actorCritic.ts";
import { requireNoMemory } from "../policies/requireNoMemory.ts";
import { RandomStream, streams } from "../random/index.ts";
import type { Engine } from "../tensor/engine.ts";
import { clipScale, norm, Optimiser } from "../tensor/optimisers.ts";
import { joinedValues, ParameterBlock } from "../tensor/parameters.ts";
import { scheduleValue } from "../tensor/schedules.ts";
import { Collector } from "../training/collector.ts";
import { criticFit } from "../training/critic.ts";
import { episodesOfRollout } from "../training/episodesOfRollout.ts";
import { describePolicy, type Learner, type Metrics, onPolicyLearner } from "../training/learner.ts";
import * as shared from "./options.ts";
import { scoreGradient } from "./reinforce/scoreGradient.ts";

export const reinforceOptions = z.strictObject({
  ...shared.seedOption,
  ...shared.collectOptions,
  ...shared.networkOptions,
  ...shared.annealOptions,
  nEnvs: z.int().min(1).default(16).describe("N: whole episodes of each batch, one an environment"),
  nSteps: z.int().min(1).default(1000).describe("steps after which an episode is cut"),
  weighting: z.enum(["total", "toGo", "gae"]).default("toGo").describe("what a score is weighed with"),
  baseline: z
    .enum(["none", "mean", "leaveOneOut", "timeStep", "value"])
    .default("value")
    .describe("subtracted from the weight"),
  discounting: z.enum(["standard", "exact"]).default("standard").describe("exact: γ^t in front too (Thomas 2014)"),
  normalizeAdvantage: z.boolean().default(false).describe("divide weights by their root mean square"),
  learningRate: shared.schedule.default(3e-3).describe("of the policy"),
  optimiser: z.enum(["adam", "rmsprop", "sgd"]).default("adam").describe("of the policy; sgd is θ + α ĝ as written"),
  criticLearningRate: shared.schedule.default(1e-3).describe("of the value baseline"),
  nCriticUpdates: z.int().min(0).default(5).describe("passes of the critic over each batch"),
  batchSize: z.int().min(1).default(256).describe("rows of a critic minibatch"),
  maxGradNorm: z.number().positive().default(1e9).describe("gradient norm is cut to this"),
});

export type ReinforceOptions = z.input<typeof reinforceOptions>;

/** @throws ZodError for unknown or ill-typed options. */
export function reinforce(
  engine: Engine,
  environment: BatchedEnvironment,
  given: ReinforceOptions = {},
  totalSteps = 1e6,
): Learner {
  const options = reinforceOptions.parse(given);
  const { seed } = options;
  const annealSteps = options.annealSteps ?? totalSteps;
  requireNoMemory("reinforce", options);
  const settings = { ...shared.pickNetwork(options), shared: false };
  const network = actorCritic(environment.observationSpace, environment.actionSpace, settings);
  const policy = new ParameterBlock(engine, network.policyParameters);
  const critic = new ParameterBlock(engine, network.valueParameters);
  network.initialise(joinedValues(policy, critic), seed);
  const collector = new Collector(engine, environment, network, [policy, critic], shared.pickCollector(options));
  const { rollout } = collector;
  const gradientOf = scoreGradient(engine, network, policy, rollout);
  const policyOptimiser = new Optimiser(engine, policy.region, { kind: options.optimiser });
  const criticOptimiser = new Optimiser(engine, critic.region, { kind: "adam", epsilon: 1e-5 });
  const order = new RandomStream(seed, streams.minibatches);
  const fitCritic = criticFit(engine, network, critic, rollout, criticOptimiser, order, options);
  const usesValue = options.baseline === "value" || options.weighting === "gae";

  const lengths = new Int32Array(environment.count);
  const cut = new Uint8Array(environment.count);
  let batches = 0;

  function update(steps: number): Metrics {
    const progress = steps / annealSteps;
    const episodes = episodesOfRollout(rollout, lengths, cut, options.gamma, usesValue);
    const weights = new Float64Array(episodes.rows.length);
    reinforceWeights(episodes, options, weights);
    if (options.normalizeAdvantage) divideByRootMeanSquare(weights);

    const found = gradientOf(episodes.rows, weights, environment.count);
    const gradientNorm = norm(found.gradient);
    const rate = scheduleValue(options.learningRate, progress);
    policyOptimiser.step(found.gradient, rate, clipScale(gradientNorm, options.maxGradNorm));

    const { targets } = rollout.views;
    const returns = new Float64Array(episodes.rows.length);
    // A cut-off episode goes on in principle: its returns hold V behind the cut, or timeouts would count as ends.
    tdLambdaReturns(episodes, 1, returns);
    for (let k = 0; k < returns.length; k++) targets[episodes.rows[k]] = returns[k];
    const criticRate = scheduleValue(options.criticLearningRate, progress);
    const valueLoss = usesValue ? fitCritic(criticRate, episodes.rows) : Number.NaN;
    return {
      policyLoss: found.loss,
      entropy: found.entropy,
      gradientNorm,
      learningRate: rate,
      cutEpisodes: cut.reduce((a, b) => a + b, 0),
      ...(usesValue && { valueLoss, explainedVariance: explainedVariance(episodes.values, returns) }),
    };
  }

  return onPolicyLearner({
    algorithm: "reinforce",
    collector,
    blocks: { policy, critic },
    optimisers: { policy: policyOptimiser, critic: criticOptimiser },
    randomStreams: { order },
    annealSteps,
    extra: {
      save: () => batches,
      load: (saved) => {
        batches = saved as number;
      },
    },
    collect: () => collector.collectEpisodes(batches++, lengths, cut),
    update,
    describePolicy: () => describePolicy("reinforce", collector, settings, [policy, critic]),
  });
}
