/**
 * Advantage actor-critic (Mnih et al. 2016), synchronous: PPO's body with one epoch over one batch and nothing clipped
 * (docs/theory.md, 24; Huang et al. 2022, "A2C is a special case of PPO"). With ρ = 1 throughout, the surrogate's gradient is the
 * policy gradient.
 */

import { z } from "zod";
import type { BatchedEnvironment } from "../envs/batched.ts";
import type { PolicyLearner } from "../learners/learner.ts";
import type { Given } from "../options/given.ts";
import { parseOptions } from "../options/parse.ts";
import { finish, type Work } from "../pauses.ts";
import type { Engine } from "../tensor/engine.ts";
import { checkMadeFrom } from "./argumentChecks.ts";
import { schedule } from "./commonOptions.ts";
import { ppoOptions, surrogateLearner } from "./ppo.ts";

export const a2cOptions = ppoOptions
  .omit({
    batchSize: true,
    nEpochs: true,
    objective: true,
    clipRange: true,
    clipRangeVf: true,
    klCoef: true,
    klTarget: true,
    klRule: true,
    klRate: true,
    targetKl: true,
    recomputeAdvantages: true,
  })
  .extend({
    nSteps: z.int().min(1).default(5).describe("steps of each environment between updates"),
    gaeLambda: z.number().min(0).max(1).default(1).describe("λ of the advantage estimate; 1 is n-step returns"),
    learningRate: schedule.default(7e-4).describe("a number or a schedule such as linear:7e-4"),
    optimiser: z.enum(["adam", "rmsprop", "sgd"]).default("rmsprop").describe("what turns gradients into steps"),
    normalizeAdvantage: z.boolean().default(false).describe("standardise advantages over the rollout"),
  });

export type A2cOptions = Given<typeof a2cOptions>;

/** @throws AscentError "option" for unknown or ill-typed options. */
export function a2c(
  engine: Engine,
  environment: BatchedEnvironment,
  given: A2cOptions = {},
  totalSteps = 1e6,
): PolicyLearner {
  return finish(makingA2c(engine, environment, given, totalSteps));
}

/** As `a2c`, as work that stops now and then. */
export function makingA2c(
  engine: Engine,
  environment: BatchedEnvironment,
  given: A2cOptions,
  totalSteps: number,
): Work<PolicyLearner> {
  checkMadeFrom("a2c", { engine, environment, totalSteps });
  const options = parseOptions("a2c", a2cOptions, given);
  const batchSize = options.nSteps * environment.count;
  const body = ppoOptions.parse({ ...options, batchSize, nEpochs: 1, objective: "none" });
  return surrogateLearner("a2c", engine, environment, body, totalSteps);
}
