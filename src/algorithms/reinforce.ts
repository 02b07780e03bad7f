/**
 * REINFORCE (Williams 1992; docs/theory.md, 3) with every variance reduction as an option: causality, baselines, GAE, both
 * readings of the discount. In order: collect whole episodes, weigh each score, one gradient step on the pseudo-loss, fit
 * the value baseline if there is one.
 */

import { z } from "zod";
import type { BatchedEnvironment } from "../envs/batched.ts";
import { tdLambdaReturns } from "../estimators/bootstrapped.ts";
import { explainedVariance } from "../estimators/explainedVariance.ts";
import { reinforceWeights } from "../estimators/reinforceWeights.ts";
import { divideByRootMeanSquare } from "../estimators/rootMeanSquare.ts";
import type { PolicyLearner } from "../learners/learner.ts";
import type { Given } from "../options/given.ts";
import { parseOptions } from "../options/parse.ts";
import { finish, type Work } from "../pauses.ts";
import { episodesOfRollout } from "../rollout/episodesOfRollout.ts";
import type { Engine } from "../tensor/engine.ts";
import { checkMadeFrom } from "./argumentChecks.ts";
import * as common from "./commonOptions.ts";
import { type EpisodeUpdate, episodeLearner, type Rates } from "./episodeLearner.ts";

export const reinforceOptions = z.strictObject({
  ...common.seedOption,
  ...common.collectOptions,
  ...common.rowwiseNetworkOptions,
  ...common.annealOptions,
  nEnvs: z.int().min(1).default(16).describe("N: whole episodes of each batch, one an environment"),
  nSteps: z.int().min(1).default(1000).describe("steps after which an episode is cut"),
  weighting: z.enum(["total", "toGo", "gae"]).default("toGo").describe("what a score is weighed with"),
  baseline: z
    .enum(["none", "mean", "leaveOneOut", "timeStep", "value"])
    .default("value")
    .describe("subtracted from the weight"),
  discounting: z.enum(["standard", "exact"]).default("standard").describe("exact: γ^t in front too (Thomas 2014)"),
  normalizeAdvantage: z.boolean().default(false).describe("divide weights by their root mean square"),
  learningRate: common.schedule.default(3e-3).describe("of the policy"),
  optimiser: z.enum(["adam", "rmsprop", "sgd"]).default("adam").describe("of the policy; sgd is θ + α ĝ as written"),
  criticLearningRate: common.schedule.default(1e-3).describe("of the value baseline's Adam"),
  nCriticUpdates: z.int().min(0).default(5).describe("passes of the critic over each batch"),
  batchSize: z.int().min(1).default(256).describe("rows of a critic minibatch"),
  maxGradNorm: common.limit.default("none").describe("norm of the policy's gradient is cut to this; none: never"),
});

export type ReinforceOptions = Given<typeof reinforceOptions>;

/**
 * A REINFORCE learner on a batch of environments.
 *
 * @param totalSteps the run's planned length, over which schedules anneal unless `annealSteps` is given.
 * @throws AscentError "option" for unknown or ill-typed options.
 */
export function reinforce(
  engine: Engine,
  environment: BatchedEnvironment,
  given: ReinforceOptions = {},
  totalSteps = 1e6,
): PolicyLearner {
  return finish(makingReinforce(engine, environment, given, totalSteps));
}

/** As `reinforce`, as work that stops now and then. */
export function* makingReinforce(
  engine: Engine,
  environment: BatchedEnvironment,
  given: ReinforceOptions,
  totalSteps: number,
): Work<PolicyLearner> {
  checkMadeFrom("reinforce", { engine, environment, totalSteps });
  const options = parseOptions("reinforce", reinforceOptions, given);
  const how = { optimiser: { kind: options.optimiser }, revalues: false };
  const parts = yield* episodeLearner("reinforce", engine, environment, options, totalSteps, how);
  const { rollout } = parts.collector;
  const usesValue = options.baseline === "value" || options.weighting === "gae";

  function* update(rates: Rates): Work<EpisodeUpdate> {
    const episodes = episodesOfRollout(rollout, parts.lengths, parts.cut, options.gamma, usesValue);
    const { rows } = episodes;
    const weights = new Float64Array(rows.length);
    reinforceWeights(episodes, options, weights);
    if (options.normalizeAdvantage) divideByRootMeanSquare(weights);
    const figures = yield* parts.step(rows, weights, rates.policy);
    if (!usesValue) return { figures, rows };

    const { targets } = rollout.views;
    const returns = new Float64Array(rows.length);
    // A cut-off episode goes on in principle: its returns hold V behind the cut, or timeouts would count as ends.
    tdLambdaReturns(episodes, 1, returns);
    for (let k = 0; k < returns.length; k++) targets[rows[k]] = returns[k];
    const valueLoss = yield* parts.fitCritic(rates.critic, rows);
    return { figures: { ...figures, valueLoss, explainedVariance: explainedVariance(episodes.values, returns) }, rows };
  }

  return parts.learner(update);
}
