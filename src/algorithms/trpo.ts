/**
 * Trust region policy optimisation (Schulman et al. 2015; docs/theory.md, 18–21) and, without the line search, the natural
 * policy gradient (Kakade 2002). In order: collect, estimate advantages, solve F x = g by conjugate gradients on Fisher-vector
 * products, scale the step to the trust region, shrink it until the surrogate improves and the KL holds, fit the critic.
 *
 *   θ' = θ + αʲ √(2δ / xᵀ (F + cI) x) x,   x = (F + cI)⁻¹ g
 */

import { z } from "zod";
import type { BatchedEnvironment } from "../envs/batched.ts";
import { explainedVariance } from "../estimators/explainedVariance.ts";
import { collectingLearner } from "../learners/collectingLearner.ts";
import { criticFit } from "../learners/critic.ts";
import type { Figures, PolicyLearner } from "../learners/learner.ts";
import type { Given } from "../options/given.ts";
import { parseOptions } from "../options/parse.ts";
import { finish, type Work } from "../pauses.ts";
import { actorCritic } from "../policies/actorCritic.ts";
import { separateBlocks } from "../policies/separateBlocks.ts";
import { policySnapshot } from "../policies/snapshot.ts";
import { RandomStream, streams } from "../random/index.ts";
import { Collector } from "../rollout/collector.ts";
import { estimateAdvantages } from "../rollout/estimateAdvantages.ts";
import type { Engine } from "../tensor/engine.ts";
import { Optimiser } from "../tensor/optimisers.ts";
import { scheduleValue } from "../tensor/schedules.ts";
import { checkMadeFrom } from "./argumentChecks.ts";
import {
  annealOptions,
  collectOptions,
  pickCollector,
  pickNetwork,
  schedule,
  seedOption,
  separateNetworkOptions,
} from "./commonOptions.ts";
import { conjugateDirection } from "./trustRegion/direction.ts";
import { lineSearch } from "./trustRegion/lineSearch.ts";
import { compileTrustRegion } from "./trustRegion/programs.ts";

export const trpoOptions = z.strictObject({
  ...seedOption,
  ...collectOptions,
  ...separateNetworkOptions,
  ...annealOptions,
  nEnvs: z.int().min(1).default(2).describe("environments stepped together"),
  nSteps: z.int().min(1).default(1024).describe("steps of each environment between updates"),
  targetKl: z.number().positive().default(0.01).describe("δ: mean KL that one update may use"),
  cgMaxSteps: z.int().min(1).default(15).describe("conjugate-gradient iterations at the most"),
  cgDamping: z.number().min(0).default(0.1).describe("c, added to the Fisher matrix's diagonal: (F + cI) x = g"),
  lineSearchShrinkingFactor: z.number().gt(0).lt(1).default(0.8).describe("α: step factor of each backtrack"),
  lineSearchMaxIter: z.int().min(1).default(10).describe("step sizes tried before the update is given up"),
  lineSearch: z
    .boolean()
    .default(true)
    .describe("shrink the step until it improves within the KL; off: natural gradient"),
  normalizeAdvantage: z.boolean().default(true).describe("standardise advantages over the rollout"),
  nCriticUpdates: z.int().min(0).default(10).describe("passes of the critic over each rollout"),
  batchSize: z.int().min(1).default(128).describe("rows of a critic minibatch"),
  learningRate: schedule.default(1e-3).describe("of the critic's Adam"),
});

export type TrpoOptions = Given<typeof trpoOptions>;

/** @throws AscentError "option" for unknown or ill-typed options. */
export function trpo(
  engine: Engine,
  environment: BatchedEnvironment,
  given: TrpoOptions = {},
  totalSteps = 1e6,
): PolicyLearner {
  return finish(makingTrpo(engine, environment, given, totalSteps));
}

/** As `trpo`, as work that stops now and then. */
export function makingTrpo(
  engine: Engine,
  environment: BatchedEnvironment,
  given: TrpoOptions,
  totalSteps: number,
): Work<PolicyLearner> {
  checkMadeFrom("trpo", { engine, environment, totalSteps });
  return trustRegionLearner("trpo", engine, environment, given, totalSteps);
}

/** One body, two names: `npg` is this without the line search. */
export function* trustRegionLearner(
  algorithm: "trpo" | "npg",
  engine: Engine,
  environment: BatchedEnvironment,
  given: TrpoOptions,
  totalSteps: number,
): Work<PolicyLearner> {
  const options = parseOptions(algorithm, trpoOptions, given);
  const { seed } = options;
  const annealSteps = options.annealSteps ?? totalSteps;
  const { observationSpace, actionSpace } = environment;

  const settings = { ...pickNetwork(options), shared: false };
  const network = actorCritic(observationSpace, actionSpace, settings);
  const { policy, critic } = yield* separateBlocks(engine, network, seed);
  const snapshot = policySnapshot(engine, actorCritic(observationSpace, actionSpace, settings), policy);
  const collector = new Collector(engine, environment, network, [policy, critic], pickCollector(options));
  const { rollout } = collector;
  const programs = yield* compileTrustRegion(engine, network, policy, snapshot, rollout, options.normalizeAdvantage);
  const direction = conjugateDirection(engine, programs, options);
  const optimiser = new Optimiser(engine, critic.region, { kind: "adam", epsilon: 1e-5 });
  const order = new RandomStream(seed, streams.minibatches);
  const fitCritic = yield* criticFit(engine, network, critic, rollout, optimiser, order, options);

  function* update(steps: number): Work<Figures> {
    estimateAdvantages(rollout, options);
    const { values, targets } = rollout.views;
    const explained = explainedVariance(values, targets);

    snapshot.take();
    const { gradient } = programs;
    yield* gradient.running();
    gradient.requireFinite("The policy gradient");
    const before = gradient.scalar("surrogate");
    const solution = yield* direction.solving(gradient.outputRegion("gradient"));
    const found = yield* lineSearch(engine, programs, { policy, snapshot: snapshot.block, solution, before }, options);

    const rate = scheduleValue(options.learningRate, steps / annealSteps);
    const valueLoss = yield* fitCritic(rate);
    return {
      policyLoss: -found.surrogate,
      improvement: found.surrogate - before,
      approxKl: found.kl,
      quadraticKl: found.quadraticKl,
      stepFraction: found.fraction,
      cgIterations: solution.iterations,
      cgResidual: solution.residual,
      gradientNorm: solution.gradientNorm,
      entropy: gradient.scalar("entropy"),
      valueLoss,
      explainedVariance: explained,
      learningRate: rate,
    };
  }

  return collectingLearner({
    algorithm,
    collector,
    network: settings,
    blocks: { policy, critic },
    optimisers: { critic: optimiser },
    randomStreams: { order },
    annealSteps,
    update,
  });
}
