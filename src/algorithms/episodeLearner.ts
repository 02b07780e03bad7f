/**
 * What learners on whole episodes share, reinforce and off-policy-pg: a policy and a critic apart, each with its optimiser,
 * batches of one episode an environment, the gradient step on weighed scores, and how far an update went. How scores are
 * weighed, and of which episodes, is each one's own.
 */

import { z } from "zod";
import type { BatchedEnvironment } from "../envs/batched.ts";
import { requireForm } from "../files/savedState.ts";
import { type CollectingParts, collectingLearner } from "../learners/collectingLearner.ts";
import { type CriticFit, type CriticFitOptions, criticFit } from "../learners/critic.ts";
import type { Figures, PolicyLearner } from "../learners/learner.ts";
import type { Work } from "../pauses.ts";
import { type ActorCritic, actorCritic } from "../policies/actorCritic.ts";
import { separateBlocks } from "../policies/separateBlocks.ts";
import { policySnapshot } from "../policies/snapshot.ts";
import { RandomStream, streams } from "../random/index.ts";
import { Collector } from "../rollout/collector.ts";
import type { Engine } from "../tensor/engine.ts";
import { clipScale, norm } from "../tensor/gradientNorms.ts";
import { Optimiser, type OptimiserOptions } from "../tensor/optimisers.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";
import { type Schedule, scheduleValue } from "../tensor/schedules.ts";
import { type CollectorChoice, limitOf, type NetworkChoice, pickCollector, pickNetwork } from "./commonOptions.ts";
import { scoreGradient } from "./reinforce/scoreGradient.ts";
import { rowsKl } from "./updateKl.ts";

/** Of the learner's own small state. */
const ownForm = z.object({ batches: z.int().min(0) });

export interface EpisodeOptions extends CollectorChoice, NetworkChoice, CriticFitOptions {
  annealSteps?: number | undefined;
  learningRate: Schedule;
  criticLearningRate: Schedule;
  maxGradNorm: number | "none";
}

/** Learning rates of one update. */
export interface Rates {
  policy: number;
  critic: number;
}

export interface EpisodeUpdate {
  figures: Figures;
  /** Rows of the steps just collected, which lie in the rollout when the update ends. */
  rows: Int32Array;
}

export interface EpisodeParts {
  readonly network: ActorCritic;
  readonly policy: ParameterBlock;
  readonly collector: Collector;
  /** Of the batch just collected, as `Collector.collectEpisodes` writes them. */
  readonly lengths: Int32Array;
  readonly cut: Uint8Array;
  /** One step of the policy along Σ w ∇log π / N. @param weights one for each of the rows. */
  step(rows: Int32Array, weights: Float64Array, rate: number): Work<Figures>;
  readonly fitCritic: CriticFit;
  /** The learner whose update this is. */
  learner(
    update: (rates: Rates) => Work<EpisodeUpdate>,
    own?: Pick<CollectingParts, "stores"> & { randomStreams?: CollectingParts["randomStreams"] },
  ): PolicyLearner;
}

/**
 * As work that stops now and then.
 *
 * @param how the policy's optimiser, and whether the algorithm values old batches anew.
 */
export function* episodeLearner(
  algorithm: string,
  engine: Engine,
  environment: BatchedEnvironment,
  options: EpisodeOptions,
  totalSteps: number,
  how: { optimiser: OptimiserOptions; revalues: boolean },
): Work<EpisodeParts> {
  const { seed, annealSteps = totalSteps } = options;
  const { observationSpace, actionSpace, count } = environment;
  const settings = { ...pickNetwork(options), shared: false };
  const network = actorCritic(observationSpace, actionSpace, settings);
  const { policy, critic } = yield* separateBlocks(engine, network, seed);
  const old = policySnapshot(engine, actorCritic(observationSpace, actionSpace, settings), policy);
  const collecting = { ...pickCollector(options), revalues: how.revalues };
  const collector = new Collector(engine, environment, network, [policy, critic], collecting);
  const { rollout } = collector;
  const gradientOf = yield* scoreGradient(engine, network, policy, rollout);
  const measureKl = yield* rowsKl(engine, network, policy, old, rollout);
  const optimisers = {
    policy: new Optimiser(engine, policy.region, how.optimiser),
    critic: new Optimiser(engine, critic.region, { kind: "adam", epsilon: 1e-5 }),
  };
  const order = new RandomStream(seed, streams.minibatches);
  const maxGradNorm = limitOf(options.maxGradNorm);
  const lengths = new Int32Array(count);
  const cut = new Uint8Array(count);
  let batches = 0;

  return {
    network,
    policy,
    collector,
    lengths,
    cut,
    fitCritic: yield* criticFit(engine, network, critic, rollout, optimisers.critic, order, options),
    *step(rows, weights, rate) {
      const { gradient, loss, entropy } = yield* gradientOf(rows, weights, count);
      const gradientNorm = norm(gradient);
      optimisers.policy.step(gradient, rate, clipScale(gradientNorm, maxGradNorm));
      return { policyLoss: loss, entropy, gradientNorm };
    },
    learner(update, { stores, randomStreams } = {}) {
      return collectingLearner({
        algorithm,
        collector,
        network: settings,
        blocks: { policy, critic },
        optimisers,
        randomStreams: { order, ...randomStreams },
        annealSteps,
        ...(stores && { stores }),
        extra: {
          save: () => ({ batches }),
          load: (saved) => {
            ({ batches } = requireForm(ownForm, saved));
          },
        },
        collect: () => collector.collectingEpisodes(batches++, lengths, cut),
        *update(steps) {
          const progress = steps / annealSteps;
          const rates = {
            policy: scheduleValue(options.learningRate, progress),
            critic: scheduleValue(options.criticLearningRate, progress),
          };
          old.take();
          const { figures, rows } = yield* update(rates);
          const cutEpisodes = cut.reduce((a, b) => a + b, 0);
          return { ...figures, kl: yield* measureKl(rows), learningRate: rates.policy, cutEpisodes };
        },
      });
    },
  };
}
