/**
 * Proximal policy optimisation (Schulman et al. 2017) with the details that its results rest on (Huang et al. 2022, "The
 * 37 implementation details of PPO"). In order: collect, estimate advantages, several epochs of minibatch steps on a
 * surrogate: clipped, KL-penalised, or bare. A2C is the same body with one epoch over one batch and nothing clipped.
 */

import { z } from "zod";
import type { BatchedEnvironment } from "../envs/batched.ts";
import { explainedVariance } from "../estimators/explainedVariance.ts";
import { orderOf, requireForm } from "../files/savedState.ts";
import { collectingLearner } from "../learners/collectingLearner.ts";
import type { Figures, PolicyLearner } from "../learners/learner.ts";
import type { Given } from "../options/given.ts";
import { parseOptions } from "../options/parse.ts";
import { due, finish, type Work } from "../pauses.ts";
import { type ActorCritic, actorCritic } from "../policies/actorCritic.ts";
import { parameterStreams } from "../policies/parameterStreams.ts";
import { type PolicySnapshot, policySnapshot } from "../policies/snapshot.ts";
import { RandomStream, streams } from "../random/index.ts";
import { Collector } from "../rollout/collector.ts";
import { estimateAdvantages } from "../rollout/estimateAdvantages.ts";
import { minibatch, partsInBatch, partsOf, writeRows } from "../rollout/minibatch.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { compiling } from "../tensor/compile.ts";
import type { Engine } from "../tensor/engine.ts";
import { differentiating } from "../tensor/grad.ts";
import { GradientNorms } from "../tensor/gradientNorms.ts";
import { Optimiser, type OptimiserOptions } from "../tensor/optimisers.ts";
import { flatLayout, ParameterBlock } from "../tensor/parameters.ts";
import type { Program } from "../tensor/program.ts";
import { scheduleValue } from "../tensor/schedules.ts";
import { checkMadeFrom } from "./argumentChecks.ts";
import * as common from "./commonOptions.ts";
import { policySpread } from "./policySpread.ts";
import { surrogateLoss } from "./surrogate/loss.ts";
import { nextMultiplier } from "./surrogate/multiplier.ts";
import { Totals } from "./surrogate/totals.ts";
import { rolloutKl } from "./updateKl.ts";

export const ppoOptions = z.strictObject({
  ...common.seedOption,
  ...common.collectOptions,
  ...common.networkOptions,
  ...common.annealOptions,
  batchSize: z
    .int()
    .min(1)
    .default(64)
    .describe(
      "rows of a minibatch, at most the rollout; the rest makes a smaller last one; with a memory whole environments",
    ),
  nEpochs: z.int().min(1).default(10).describe("passes over each rollout"),
  learningRate: common.schedule.default(3e-4).describe("a number or a schedule such as linear:3e-4"),
  optimiser: z.enum(["adam", "rmsprop", "sgd"]).default("adam").describe("what turns gradients into steps"),
  adamEpsilon: z.number().positive().default(1e-5).describe("ε of Adam or RMSprop, whichever is used"),
  objective: z
    .enum(["clip", "penalty", "none"])
    .default("clip")
    .describe("what holds the policy near the old one: clipped ratios, a KL penalty, nothing"),
  clipRange: common.schedule.default(0.2).describe("ε of the clipped surrogate"),
  clipRangeVf: common.schedule.optional().describe("how far a value may move in one update; default: not limited"),
  klCoef: z
    .number()
    .min(0)
    .default(1)
    .describe("β of the KL penalty at the start; steered within 1e-6 to 1e6 (dual: 0 to 1e6)"),
  klTarget: z.number().positive().default(0.01).describe("KL that β is steered towards"),
  klRule: z.enum(["adaptive", "fixed", "dual"]).default("adaptive").describe("how β changes between updates"),
  klRate: z.number().min(0).default(10).describe("α of the dual rule"),
  normalizeAdvantage: z.boolean().default(true).describe("standardise advantages within each minibatch"),
  entCoef: common.schedule.default(0).describe("weight of the entropy bonus"),
  vfCoef: z.number().min(0).default(0.5).describe("weight of the value loss"),
  maxGradNorm: common.limit
    .default(0.5)
    .describe("norm of the policy's gradient is cut to this, with shared of both together; none: never"),
  maxGradNormVf: common.limit
    .default("none")
    .describe("norm of the critic's gradient is cut to this, unless shared; none: never"),
  targetKl: z.number().positive().optional().describe("stop an update once approxKl passes 1.5 × this"),
  recomputeAdvantages: z.boolean().default(false).describe("estimate advantages anew before every epoch"),
});

export type PpoOptions = Given<typeof ppoOptions>;
type Options = z.output<typeof ppoOptions>;

/**
 * A PPO learner on a batch of environments.
 *
 * @param totalSteps the run's planned length, over which schedules anneal unless `annealSteps` is given.
 * @throws AscentError "option" for unknown or ill-typed options.
 */
export function ppo(
  engine: Engine,
  environment: BatchedEnvironment,
  given: PpoOptions = {},
  totalSteps = 1e6,
): PolicyLearner {
  return finish(makingPpo(engine, environment, given, totalSteps));
}

/** As `ppo`, as work that stops now and then. */
export function makingPpo(
  engine: Engine,
  environment: BatchedEnvironment,
  given: PpoOptions,
  totalSteps: number,
): Work<PolicyLearner> {
  checkMadeFrom("ppo", { engine, environment, totalSteps });
  return surrogateLearner("ppo", engine, environment, parseOptions("ppo", ppoOptions, given), totalSteps);
}

/** The body that PPO and A2C share. */
export function* surrogateLearner(
  algorithm: string,
  engine: Engine,
  environment: BatchedEnvironment,
  options: Options,
  totalSteps: number,
): Work<PolicyLearner> {
  const { seed, objective } = options;
  const annealSteps = options.annealSteps ?? totalSteps;
  const settings = common.pickNetwork(options);
  const makeNetwork = () => actorCritic(environment.observationSpace, environment.actionSpace, settings);
  const network = makeNetwork();
  const block = new ParameterBlock(engine, network.parameters);
  yield* network.initialising(block, parameterStreams(seed));
  const collecting = { ...common.pickCollector(options), revalues: options.recomputeAdvantages };
  const collector = new Collector(engine, environment, network, [block], collecting);
  const { rollout } = collector;
  const gradientParts = partsOfGradient(network, options);
  const limits = [options.maxGradNorm, options.maxGradNormVf].map(common.limitOf);
  const gradients = new GradientNorms(gradientParts, limits);
  const optimiser = new Optimiser(engine, block.region, optimiserOptions(options), gradientParts);
  const order = new RandomStream(seed, streams.minibatches);
  const parts = partsOf(rollout);
  const partOrder = Int32Array.from({ length: parts.count }, (_, i) => i);
  const batchSize = partsInBatch(parts, options.batchSize);
  // The only step of an update starts at the old policy: figures of its minibatch say nothing of how far it goes.
  const oneStep = options.nEpochs === 1 && batchSize === parts.count;
  const penalises = objective === "penalty";
  const old = oneStep || penalises ? policySnapshot(engine, makeNetwork(), block) : undefined;
  const penalty = penalises ? old : undefined;
  const programs = new Map<number, Program>();
  for (const size of [batchSize, parts.count % batchSize]) {
    if (size > 0) programs.set(size, yield* compileUpdate(engine, size, network, block, rollout, options, penalty));
  }
  const measureKl = old && (yield* rolloutKl(engine, network, block, old, rollout));
  let klCoef = options.klCoef;

  /** The update program of the parts partOrder[start … start + size), its inputs written. */
  function programOf(start: number, size: number, scalars: Scalars): Program {
    const program = programs.get(size)!;
    writeRows(parts, partOrder, start, size, program.inputInts("rows"));
    program.input("clipRange")[0] = scalars.clipRange;
    program.input("entCoef")[0] = scalars.entCoef;
    if (options.clipRangeVf !== undefined) program.input("clipRangeVf")[0] = scalars.clipRangeVf;
    if (penalises) program.input("klCoef")[0] = klCoef;
    return program;
  }

  /** One gradient step by what the program found; false when the KL says to stop instead. */
  function step(program: Program, rate: number, totals: Totals): boolean {
    const gradient = program.outputRegion("gradient");
    const total = program.scalar("loss") + gradients.measure(gradient);
    if (!Number.isFinite(total)) program.requireFinite(`The ${algorithm} update`);
    totals.add(program, gradients.norms);
    if (options.targetKl !== undefined && program.scalar("approxKl") > 1.5 * options.targetKl) return false;
    optimiser.step(gradient, rate, gradients.scales);
    return true;
  }

  function* update(steps: number): Work<Figures> {
    const progress = steps / annealSteps;
    const rate = scheduleValue(options.learningRate, progress);
    const scalars: Scalars = {
      clipRange: scheduleValue(options.clipRange, progress),
      clipRangeVf: scheduleValue(options.clipRangeVf ?? 0, progress),
      entCoef: scheduleValue(options.entCoef, progress),
    };
    estimateAdvantages(rollout, options);
    const { values, targets } = rollout.views;
    const explained = explainedVariance(values, targets);
    old?.take();
    const totals = new Totals(gradientParts.length);
    let epochs = 0;
    for (let going = true; going && epochs < options.nEpochs; epochs++) {
      if (options.recomputeAdvantages && epochs > 0) {
        yield* collector.revaluing();
        estimateAdvantages(rollout, options);
      }
      order.shuffle(partOrder);
      for (let start = 0; going && start < parts.count; start += batchSize) {
        const program = programOf(start, Math.min(batchSize, parts.count - start), scalars);
        yield* program.running();
        going = step(program, rate, totals);
      }
    }
    const { approxKl, clipFraction, ...means } = totals.means();
    const figures = { explainedVariance: explained, learningRate: rate, epochs, ...policySpread(network, block) };
    return { ...means, ...(!oneStep && { approxKl, clipFraction }), ...figures, ...(yield* wholeUpdate()) };
  }

  /** The KL of the whole update, where it is measured, which sets β for the next one. */
  function* wholeUpdate(): Work<Figures> {
    if (measureKl === undefined) return {};
    const kl = yield* measureKl();
    if (!penalises) return { kl };
    const used = klCoef;
    klCoef = nextMultiplier(klCoef, kl, options);
    return { kl, klCoef: used };
  }

  const ownForm = z.object({
    rowOrder: orderOf(parts.count, "rows of a rollout"),
    klCoef: z.number().min(0),
    klCoefSetting: z.number().min(0),
  });
  return collectingLearner({
    algorithm,
    collector,
    network: settings,
    blocks: { parameters: block },
    optimisers: { [options.optimiser]: optimiser },
    randomStreams: { order },
    annealSteps,
    extra: {
      // Each epoch shuffles the order the last one left.
      save: () => ({ rowOrder: [...partOrder], klCoef, klCoefSetting: options.klCoef }),
      load: (saved) => {
        const state = requireForm(ownForm, saved);
        partOrder.set(state.rowOrder);
        // β goes on from where it was steered to, unless the setting is another one by now.
        klCoef = state.klCoefSetting === options.klCoef ? state.klCoef : options.klCoef;
      },
    },
    update,
  });
}

interface Scalars {
  clipRange: number;
  clipRangeVf: number;
  entCoef: number;
}

/** Lengths of the parts of the gradient that are cut apart: a policy and a critic that share layers are one. */
function partsOfGradient(network: ActorCritic, { shared }: Options): number[] {
  const lists = shared ? [network.parameters] : [network.policyParameters, network.valueParameters];
  return lists.map((tensors) => flatLayout(tensors).length);
}

function optimiserOptions({ optimiser, adamEpsilon: epsilon }: Options): OptimiserOptions {
  // The decay of squared gradients is the one A2C's published settings have.
  if (optimiser === "rmsprop") return { kind: "rmsprop", alpha: 0.99, epsilon };
  return optimiser === "sgd" ? { kind: "sgd" } : { kind: "adam", epsilon };
}

/**
 * Loss, gradient and figures of a minibatch of `size` parts picked from the rollout by the input "rows".
 *
 * @param old for a KL penalty.
 */
function* compileUpdate(
  engine: Engine,
  size: number,
  network: ActorCritic,
  block: ParameterBlock,
  rollout: Rollout,
  options: Options,
  old: PolicySnapshot | undefined,
): Work<Program> {
  const { bindings, ...batch } = minibatch(rollout, size);
  const before = old?.network.distribution(batch.observations, { mask: batch.masks, memory: batch.memory });
  const parts = surrogateLoss(network, batch, options, before);
  if (due()) yield;
  const gradient = yield* differentiating(parts.loss, block.tensors);
  return yield* compiling(engine, {
    name: `surrogate update of ${size * partsOf(rollout).rows} rows`,
    parameters: old === undefined ? [block] : [block, old.block],
    bindings,
    outputs: { ...parts, gradient },
  });
}
