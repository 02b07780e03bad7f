/**
 * The natural policy gradient (Kakade 2002): TRPO's step with the first step size taken as it is, j = 0. How far the KL of
 * the step is from what the quadratic model promised is in the metrics (approxKl beside quadraticKl).
 */

import type { BatchedEnvironment } from "../envs/batched.ts";
import type { PolicyLearner } from "../learners/learner.ts";
import type { Given } from "../options/given.ts";
import { parseOptions } from "../options/parse.ts";
import { finish, type Work } from "../pauses.ts";
import type { Engine } from "../tensor/engine.ts";
import { checkMadeFrom } from "./argumentChecks.ts";
import { trpoOptions, trustRegionLearner } from "./trpo.ts";

export const npgOptions = trpoOptions.omit({
  lineSearch: true,
  lineSearchMaxIter: true,
  lineSearchShrinkingFactor: true,
});

export type NpgOptions = Given<typeof npgOptions>;

/** @throws AscentError "option" for unknown or ill-typed options. */
export function npg(
  engine: Engine,
  environment: BatchedEnvironment,
  given: NpgOptions = {},
  totalSteps = 1e6,
): PolicyLearner {
  return finish(makingNpg(engine, environment, given, totalSteps));
}

/** As `npg`, as work that stops now and then. */
export function makingNpg(
  engine: Engine,
  environment: BatchedEnvironment,
  given: NpgOptions,
  totalSteps: number,
): Work<PolicyLearner> {
  checkMadeFrom("npg", { engine, environment, totalSteps });
  const options = { ...parseOptions("npg", npgOptions, given), lineSearch: false };
  return trustRegionLearner("npg", engine, environment, options, totalSteps);
}
