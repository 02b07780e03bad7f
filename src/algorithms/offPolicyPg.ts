/**
 * Off-policy policy gradient (docs/theory.md, 14–17): several gradient steps for each batch of episodes, taken on the last
 * few batches with their behaviour log-probabilities, each corrected by importance weights of a chosen kind. In order:
 * collect whole episodes, put them into the replay, then again and again pick a batch, weigh its scores, step, fit the
 * critic.
 */

import { z } from "zod";
import type { BatchedEnvironment } from "../envs/batched.ts";
import { effectiveSampleSize } from "../estimators/importance.ts";
import { offPolicyEstimators, offPolicyWeights } from "../estimators/offPolicyWeights.ts";
import { divideByRootMeanSquare } from "../estimators/rootMeanSquare.ts";
import type { Figures, PolicyLearner } from "../learners/learner.ts";
import type { Given } from "../options/given.ts";
import { parseOptions } from "../options/parse.ts";
import { finish, type Work } from "../pauses.ts";
import { RandomStream, streams } from "../random/index.ts";
import { episodesOfRollout } from "../rollout/episodesOfRollout.ts";
import { wholeRollout } from "../rollout/minibatch.ts";
import { Replay } from "../rollout/replay.ts";
import { compiling } from "../tensor/compile.ts";
import type { Engine } from "../tensor/engine.ts";
import { checkMadeFrom } from "./argumentChecks.ts";
import * as common from "./commonOptions.ts";
import { type EpisodeUpdate, episodeLearner, type Rates } from "./episodeLearner.ts";

export const offPolicyPgOptions = z.strictObject({
  ...common.seedOption,
  ...common.collectOptions,
  ...common.rowwiseNetworkOptions,
  ...common.annealOptions,
  nEnvs: z.int().min(1).default(8).describe("whole episodes of each batch, one an environment"),
  nSteps: z.int().min(1).default(1000).describe("steps after which an episode is cut"),
  estimator: z.enum(offPolicyEstimators).default("vtrace").describe("how importance weights correct the gradient"),
  gaeLambda: common.collectOptions.gaeLambda.describe("λ of V-trace and of firstOrder's advantages"),
  ratioClip: common.limit.default(1).describe("per-step ratios are cut to this; c̄ = ρ̄ of V-trace; none: never"),
  replayBatches: z.int().min(1).default(4).describe("batches kept"),
  gradientSteps: z.int().min(1).default(8).describe("gradient steps for each new batch"),
  normalizeAdvantage: z.boolean().default(true).describe("divide weights by their root mean square"),
  learningRate: common.schedule.default(1e-3).describe("of the policy's Adam"),
  criticLearningRate: common.schedule.default(1e-3).describe("of the critic's Adam"),
  nCriticUpdates: z.int().min(0).default(1).describe("passes of the critic for each gradient step"),
  batchSize: z.int().min(1).default(256).describe("rows of a critic minibatch"),
  maxGradNorm: common.limit.default("none").describe("norm of the policy's gradient is cut to this; none: never"),
});

export type OffPolicyPgOptions = Given<typeof offPolicyPgOptions>;

/**
 * An off-policy learner on a batch of environments.
 *
 * @param totalSteps the run's planned length, over which schedules anneal unless `annealSteps` is given.
 * @throws AscentError "option" for unknown or ill-typed options.
 */
export function offPolicyPg(
  engine: Engine,
  environment: BatchedEnvironment,
  given: OffPolicyPgOptions = {},
  totalSteps = 1e6,
): PolicyLearner {
  return finish(makingOffPolicyPg(engine, environment, given, totalSteps));
}

/** As `offPolicyPg`, as work that stops now and then. */
export function* makingOffPolicyPg(
  engine: Engine,
  environment: BatchedEnvironment,
  given: OffPolicyPgOptions,
  totalSteps: number,
): Work<PolicyLearner> {
  checkMadeFrom("off-policy-pg", { engine, environment, totalSteps });
  const options = parseOptions("off-policy-pg", offPolicyPgOptions, given);
  const choice = { ...options, ratioClip: common.limitOf(options.ratioClip) };
  const how = { optimiser: { kind: "adam" }, revalues: true } as const;
  const parts = yield* episodeLearner("off-policy-pg", engine, environment, options, totalSteps, how);
  const { network, policy, collector } = parts;
  const { rollout } = collector;
  const replay = new Replay(options.replayBatches, rollout.shape);
  const pick = new RandomStream(options.seed, streams.minibatches, 1);
  const { bindings, observations, masks: mask, actions } = wholeRollout(rollout);
  const evaluate = yield* compiling(engine, {
    name: "new log-probabilities",
    parameters: [policy],
    bindings,
    outputs: { logProb: network.distribution(observations, { mask }).logProb(actions) },
  });

  /** One gradient step on the batch that lies in the rollout. */
  function* step(lengths: Int32Array, cut: Uint8Array, rates: Rates): Work<EpisodeUpdate> {
    yield* collector.revaluing();
    yield* evaluate.running();
    const episodes = episodesOfRollout(rollout, lengths, cut, options.gamma, true);
    const { rows } = episodes;
    const now = evaluate.output("logProb");
    const { logProbs } = rollout.views;
    const logRatios = Float64Array.from(rows, (row) => now[row] - logProbs[row]);
    const weights = new Float64Array(rows.length);
    const targets = new Float64Array(rows.length);
    offPolicyWeights({ ...episodes, logRatios }, choice, weights, targets);
    if (options.normalizeAdvantage) divideByRootMeanSquare(weights);
    const figures = yield* parts.step(rows, weights, rates.policy);
    const { targets: allTargets } = rollout.views;
    for (let k = 0; k < rows.length; k++) allTargets[rows[k]] = targets[k];
    const valueLoss = yield* parts.fitCritic(rates.critic, rows);
    return {
      figures: { ...figures, valueLoss, effectiveSampleSize: effectiveSampleSize(logRatios) / rows.length },
      rows,
    };
  }

  function* update(rates: Rates): Work<EpisodeUpdate> {
    replay.push({ rollout: collector.copyRollout(), lengths: parts.lengths.slice(), cut: parts.cut.slice() });
    const newest = replay.at(replay.length - 1);
    const first = yield* step(newest.lengths, newest.cut, rates);
    const figures: Figures = first.figures;
    // The newest batch comes first, then any of those kept.
    for (let i = 1; i < options.gradientSteps; i++) {
      const batch = replay.at(pick.integer(replay.length));
      collector.loadRollout(batch.rollout);
      const { figures: next } = yield* step(batch.lengths, batch.cut, rates);
      for (const name of Object.keys(figures)) figures[name] += next[name];
    }
    for (const name of Object.keys(figures)) figures[name] /= options.gradientSteps;
    if (options.gradientSteps > 1) collector.loadRollout(newest.rollout);
    return { figures: { ...figures, updates: options.gradientSteps }, rows: first.rows };
  }

  return parts.learner(update, { stores: { replay }, randomStreams: { pick } });
}
