/**
 * Behaviour cloning: maximum likelihood on recorded (s, a), which is the policy gradient with every weight 1 (docs/theory.md, 4;
 * Pomerleau 1991). In order: split the episodes, then epoch after epoch of minibatch steps on −log π(a|s), each followed by
 * the likelihood of the held-out episodes, until that has not improved for `patience` epochs. The policy given away is the
 * one of the best epoch.
 */

import { z } from "zod";
import { flatSize } from "../envs/spaces.ts";
import { AscentError } from "../errors.ts";
import { copyExact } from "../files/exactJson.ts";
import { momentsForm } from "../files/momentsForm.ts";
import {
  anyNumber,
  partsOfSnapshot,
  requireArrays,
  requireFit,
  requireForm,
  requireSame,
} from "../files/savedState.ts";
import type { EpisodeDataset } from "../imitation/dataset.ts";
import { checkDataset } from "../imitation/datasetChecks.ts";
import { demonstrations, scalingOfMoments } from "../imitation/demonstrations.ts";
import { likelihoodMeasure, likelihoodStep } from "../imitation/likelihood.ts";
import { takeWeights } from "../learners/initialPolicy.ts";
import { iterations } from "../learners/iterations.ts";
import type { Figures, IterationTimes, Metrics, PolicyLearner } from "../learners/learner.ts";
import type { MomentsState } from "../math/runningMoments.ts";
import type { Given } from "../options/given.ts";
import { parseOptions } from "../options/parse.ts";
import { finish, timed, type Work } from "../pauses.ts";
import { actorCritic } from "../policies/actorCritic.ts";
import { weightsOf } from "../policies/description.ts";
import { momentsOf } from "../policies/moments.ts";
import { networkIdentity, requireSavedNetwork } from "../policies/sameNetwork.ts";
import { separateBlocks } from "../policies/separateBlocks.ts";
import { RandomStream, streams } from "../random/index.ts";
import type { Engine } from "../tensor/engine.ts";
import { clipScale, norm } from "../tensor/gradientNorms.ts";
import { Optimiser } from "../tensor/optimisers.ts";
import { ParameterBlock } from "../tensor/parameters.ts";
import { scheduleValue } from "../tensor/schedules.ts";
import { checkMadeFromData } from "./argumentChecks.ts";
import * as common from "./commonOptions.ts";
import { policySpread } from "./policySpread.ts";

export const bcOptions = z
  .strictObject({
    ...common.seedOption,
    ...common.rowwiseNetworkOptions,
    annealSteps: z.int().min(1).optional().describe("samples over which schedules run; default: the run's length"),
    batchSize: z.int().min(1).default(64).describe("recorded steps of a minibatch"),
    learningRate: common.schedule.default(1e-3).describe("a number or a schedule such as linear:1e-3"),
    weightDecay: z.number().min(0).default(0).describe("apart from the gradient (AdamW)"),
    entCoef: common.schedule.default(0).describe("weight of the entropy bonus"),
    maxGradNorm: common.limit.default(10).describe("gradient norm is cut to this; none: never"),
    heldOut: z
      .number()
      .min(0)
      .lt(1)
      .default(0.1)
      .describe("share of the episodes that early stopping watches; 0: none"),
    patience: z.int().min(1).default(10).describe("epochs without a better held-out likelihood until the run stops"),
    normalizeObservations: z.boolean().default(true).describe("by mean and deviation of the training episodes"),
    clipObservations: z.number().positive().default(10).describe("bound of normalised observations"),
  })
  .omit({ criticHidden: true });

export type BcOptions = Given<typeof bcOptions>;

const count = z.int().min(0);
const savedForm = z.object({
  annealSteps: z.int().min(1),
  steps: count,
  rows: count,
  epochs: count,
  // −∞ before the first epoch, NaN when no episode is held out.
  best: anyNumber,
  epochsSinceBest: count,
  optimiserSteps: count,
  counter: count,
});

/**
 * A learner on recorded episodes: an iteration is an epoch, and its `steps` are samples seen.
 *
 * @param totalSteps the run's planned length in samples, over which schedules anneal unless `annealSteps` is given.
 * @throws AscentError "option" for unknown or ill-typed options, and as `checkDataset`.
 */
export function bc(engine: Engine, dataset: EpisodeDataset, given: BcOptions = {}, totalSteps = 1e6): PolicyLearner {
  return finish(makingBc(engine, dataset, given, totalSteps));
}

/** As `bc`, as work that stops now and then. */
export function* makingBc(
  engine: Engine,
  dataset: EpisodeDataset,
  given: BcOptions,
  totalSteps: number,
): Work<PolicyLearner> {
  checkMadeFromData("bc", { engine, totalSteps });
  const options = parseOptions("bc", bcOptions, given);
  checkDataset(dataset);
  const { seed, patience } = options;
  const { environment, observationSpace, actionSpace } = dataset;
  const annealSteps = options.annealSteps ?? totalSteps;
  const settings = common.pickNetwork(options);
  const identity = networkIdentity({ observationSpace, actionSpace, network: settings });
  const network = actorCritic(observationSpace, actionSpace, settings);
  // The critic is never trained and not given away: there is nothing to value.
  const { policy } = yield* separateBlocks(engine, network, seed);
  const bestPolicy = new ParameterBlock(engine, network.policyParameters);
  const keep = () => bestPolicy.flat().set(policy.flat());
  keep();

  const split = new RandomStream(seed, streams.minibatches, 1);
  const shown = demonstrations(engine, dataset, split, options);
  const { rollout, trainingRows, heldOutRows } = shown;
  let { scaling } = shown;
  const batchSize = Math.min(options.batchSize, trainingRows.length);
  const likelihood = yield* likelihoodStep(engine, network, policy, rollout, batchSize);
  const measure = yield* likelihoodMeasure(engine, network, policy, rollout, actionSpace);
  const optimiser = new Optimiser(engine, policy.region, { kind: "adamw", weightDecay: options.weightDecay });
  const order = new RandomStream(seed, streams.minibatches);
  const rowOrder = new Int32Array(trainingRows.length);
  const times: IterationTimes = { act: 0, env: 0, learn: 0 };
  const maxGradNorm = common.limitOf(options.maxGradNorm);
  let steps = 0;
  let epochs = 0;
  let best = Number.NEGATIVE_INFINITY;
  let epochsSinceBest = 0;

  /** One pass over the training episodes; means over its samples. */
  function* epoch(rate: number, entCoef: number): Work<Figures> {
    rowOrder.set(trainingRows);
    order.shuffle(rowOrder);
    const totals = { logLikelihood: 0, entropy: 0, gradientNorm: 0 };
    for (let start = 0; start < rowOrder.length; start += batchSize) {
      const rows = rowOrder.subarray(start, start + batchSize);
      const found = yield* likelihood(rows, entCoef);
      const gradientNorm = norm(found.gradient);
      optimiser.step(found.gradient, rate, clipScale(gradientNorm, maxGradNorm));
      const share = rows.length / rowOrder.length;
      totals.logLikelihood += found.logLikelihood * share;
      totals.entropy += found.entropy * share;
      totals.gradientNorm += gradientNorm * share;
    }
    return totals;
  }

  function* iteration(): Work<Metrics> {
    const progress = steps / annealSteps;
    const rate = scheduleValue(options.learningRate, progress);
    const figures = yield* epoch(rate, scheduleValue(options.entCoef, progress));
    const { logLikelihood, accuracy } = yield* measure(heldOutRows);
    steps += rowOrder.length;
    epochs++;
    const watches = heldOutRows.length > 0;
    epochsSinceBest = !watches || logLikelihood > best ? 0 : epochsSinceBest + 1;
    if (epochsSinceBest === 0) {
      best = logLikelihood;
      keep();
    }
    return {
      steps,
      epochs,
      ...figures,
      heldOutLogLikelihood: logLikelihood,
      ...(accuracy !== undefined && { heldOutAccuracy: accuracy }),
      epochsSinceBest,
      learningRate: rate,
      updates: Math.ceil(rowOrder.length / batchSize),
      ...policySpread(network, policy),
    };
  }

  const own = iterations("bc", () => {
    times.learn = 0;
    return timed(iteration(), (milliseconds) => {
      times.learn += milliseconds;
    });
  });
  const ownMoments = momentsForm(flatSize(observationSpace));
  const ownForm = savedForm.extend({ moments: scaling === undefined ? z.undefined().optional() : ownMoments });
  const arrays = () => {
    const [first, second] = optimiser.state();
    const all = { policy: policy.flat(), best: bestPolicy.flat(), "optimiser.0": first, "optimiser.1": second };
    return all as Record<string, Float32Array>;
  };

  const describe = () => {
    const spaces = { observationSpace, actionSpace };
    return { algorithm: "bc", environment, ...spaces, network: settings, ...(scaling && { scaling }) };
  };

  function scaleBy(moments: MomentsState | undefined): void {
    scaling = moments && scalingOfMoments(observationSpace, moments, options.clipObservations);
    shown.scaleAs(scaling);
  }

  return {
    algorithm: "bc",
    get steps() {
      return steps;
    },
    get finished() {
      return epochsSinceBest >= patience;
    },
    stepsPerIteration: trainingRows.length,
    times,
    exactResume: true,
    iterate: own.iterate,
    iteration: own.iteration,
    save() {
      own.requireSavable();
      const saved: z.output<typeof ownForm> = {
        ...{ annealSteps, steps, epochs, best, epochsSinceBest },
        rows: rollout.rows,
        optimiserSteps: optimiser.steps,
        counter: order.counter,
        // Not always those of the data: a run may have started from a policy that had its own.
        moments: scaling?.moments,
      };
      const stored = Object.entries(arrays()).map(([name, data]) => [
        name,
        { shape: [data.length], data: data.slice() },
      ]);
      return {
        arrays: Object.fromEntries(stored),
        state: copyExact({ algorithm: "bc", environment, network: identity, ...saved }),
      };
    },
    load(snapshot) {
      own.requireLoadable();
      const { arrays: kept, state } = partsOfSnapshot(snapshot);
      requireSame("algorithm", state["algorithm"], "bc");
      requireSame("environment", state["environment"], environment);
      requireSavedNetwork(state["network"], identity);
      const targets = arrays();
      requireArrays(kept, targets);
      const saved = requireForm(ownForm, state);
      requireFit("recorded steps", saved.rows, rollout.rows);
      for (const [name, target] of Object.entries(targets)) target.set(kept[name] as Float32Array);
      optimiser.steps = saved.optimiserSteps;
      order.counter = saved.counter;
      scaleBy(saved.moments);
      ({ steps, epochs, best, epochsSinceBest } = saved);
      own.loaded();
    },
    startFrom(initial, choice = {}) {
      own.requireSavable();
      if (choice.critic) {
        throw new AscentError("option", { what: "bc has no critic to take over", fix: "Leave initialCritic out." });
      }
      takeWeights([policy], initial, describe(), { critic: false });
      if (initial.scaling !== undefined) scaleBy(requireForm(ownMoments, momentsOf(initial.scaling)));
      keep();
      return { critic: false };
    },
    policy: () => ({ ...describe(), weights: weightsOf(bestPolicy) }),
  };
}
