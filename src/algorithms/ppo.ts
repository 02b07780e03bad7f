/**
 * Proximal policy optimisation (Schulman et al. 2017) with the details that its results rest on (Huang et al. 2022, "The
 * 37 implementation details of PPO"). In order: collect, estimate advantages, several epochs of minibatch steps on a
 * surrogate: clipped, KL-penalised, or bare. A2C is the same body with one epoch over one batch and nothing clipped.
 */

import { z } from "zod";
import type { BatchedEnvironment } from "../envs/batched.ts";
import { explainedVariance } from "../estimators/explainedVariance.ts";
import { type ActorCritic, actorCritic } from "../policies/actorCritic.ts";
import { type PolicySnapshot, policySnapshot } from "../policies/snapshot.ts";
import { RandomStream, streams } from "../random/index.ts";
import { compile } from "../tensor/compile.ts";
import type { Engine } from "../tensor/engine.ts";
import { grad } from "../tensor/grad.ts";
import { mean } from "../tensor/ops/reduce.ts";
import { clipScale, norm, Optimiser, type OptimiserOptions } from "../tensor/optimisers.ts";
import { ParameterBlock } from "../tensor/parameters.ts";
import type { Program } from "../tensor/program.ts";
import { scheduleValue } from "../tensor/schedules.ts";
import { Collector } from "../training/collector.ts";
import { estimateAdvantages } from "../training/estimate.ts";
import { describePolicy, type Learner, type Metrics, onPolicyLearner, requireFit } from "../training/learner.ts";
import { minibatch, partsInBatch, partsOf, wholeRollout, writeRows } from "../training/minibatch.ts";
import type { Rollout } from "../training/rollout.ts";
import * as shared from "./options.ts";
import { spread, Totals } from "./surrogate/figures.ts";
import { ppoLoss } from "./surrogate/loss.ts";
import { nextMultiplier } from "./surrogate/multiplier.ts";

export { type PpoLoss, ppoLoss } from "./surrogate/loss.ts";

export const ppoOptions = z.strictObject({
  ...shared.seedOption,
  ...shared.collectOptions,
  ...shared.networkOptions,
  ...shared.annealOptions,
  batchSize: z
    .int()
    .min(1)
    .default(64)
    .describe("rows of a minibatch; with a memory whole environments, as many as come nearest"),
  nEpochs: z.int().min(1).default(10).describe("passes over each rollout"),
  learningRate: shared.schedule.default(3e-4).describe("a number or a schedule such as linear:3e-4"),
  optimiser: z.enum(["adam", "rmsprop", "sgd"]).default("adam").describe("what turns gradients into steps"),
  adamEpsilon: z.number().positive().default(1e-5).describe("ε of Adam or RMSprop"),
  objective: z.enum(["clip", "penalty", "none"]).default("clip").describe("what holds the policy near the old one"),
  clipRange: shared.schedule.default(0.2).describe("ε of the clipped surrogate"),
  clipRangeVf: shared.schedule.optional().describe("how far a value may move in one update; default: not limited"),
  klCoef: z.number().min(0).default(1).describe("β of the KL penalty at the start"),
  klTarget: z.number().positive().default(0.01).describe("KL that β is steered towards"),
  klRule: z.enum(["adaptive", "fixed", "dual"]).default("adaptive").describe("how β changes between updates"),
  klRate: z.number().min(0).default(10).describe("α of the dual rule"),
  normalizeAdvantage: z.boolean().default(true).describe("standardise advantages within each minibatch"),
  entCoef: shared.schedule.default(0).describe("weight of the entropy bonus"),
  vfCoef: z.number().min(0).default(0.5).describe("weight of the value loss"),
  maxGradNorm: z.number().positive().default(0.5).describe("global gradient norm is cut to this"),
  targetKl: z.number().positive().optional().describe("stop an update once approxKl passes 1.5 × this"),
  recomputeAdvantages: z.boolean().default(false).describe("estimate advantages anew before every epoch"),
});

export type PpoOptions = z.input<typeof ppoOptions>;
type Options = z.output<typeof ppoOptions>;

/**
 * A PPO learner on a batch of environments.
 *
 * @param totalSteps the run's planned length, over which schedules anneal unless `annealSteps` is given.
 * @throws ZodError for unknown or ill-typed options.
 */
export function ppo(
  engine: Engine,
  environment: BatchedEnvironment,
  given: PpoOptions = {},
  totalSteps = 1e6,
): Learner {
  return surrogateLearner("ppo", engine, environment, ppoOptions.parse(given), totalSteps);
}

/** The body that PPO and A2C share. */
export function surrogateLearner(
  algorithm: string,
  engine: Engine,
  environment: BatchedEnvironment,
  options: Options,
  totalSteps: number,
): Learner {
  const { seed, objective } = options;
  const annealSteps = options.annealSteps ?? totalSteps;
  const settings = shared.pickNetwork(options);
  const makeNetwork = () => actorCritic(environment.observationSpace, environment.actionSpace, settings);
  const network = makeNetwork();
  const block = new ParameterBlock(engine, network.parameters);
  network.initialise(block, seed);
  const collecting = { ...shared.pickCollector(options), revalues: options.recomputeAdvantages };
  const collector = new Collector(engine, environment, network, [block], collecting);
  const { rollout } = collector;
  const old = objective === "penalty" ? policySnapshot(engine, makeNetwork(), block) : undefined;
  const measureKl = old && compileKl(engine, network, block, old, rollout);
  const optimiser = new Optimiser(engine, block.region, optimiserOptions(options));
  const order = new RandomStream(seed, streams.minibatches);
  const parts = partsOf(rollout);
  const partOrder = Int32Array.from({ length: parts.count }, (_, i) => i);
  const batchSize = partsInBatch(parts, options.batchSize);
  const programs = new Map<number, Program>();
  for (const size of [batchSize, parts.count % batchSize]) {
    if (size > 0) programs.set(size, compileUpdate(engine, size, network, block, rollout, options, old));
  }
  let klCoef = options.klCoef;

  /** One gradient step on the parts partOrder[start … start + size); false when the KL says to stop instead. */
  function step(start: number, size: number, rate: number, scalars: Scalars, totals: Totals): boolean {
    const program = programs.get(size)!;
    writeRows(parts, partOrder, start, size, program.inputInts("rows"));
    program.input("clipRange")[0] = scalars.clipRange;
    program.input("entCoef")[0] = scalars.entCoef;
    if (options.clipRangeVf !== undefined) program.input("clipRangeVf")[0] = scalars.clipRangeVf;
    if (old !== undefined) program.input("klCoef")[0] = klCoef;
    program.run();
    const gradient = program.outputRegion("gradient");
    const gradientNorm = norm(gradient);
    if (!Number.isFinite(program.scalar("loss") + gradientNorm)) program.requireFinite(`The ${algorithm} update`);
    totals.add(program, gradientNorm);
    if (options.targetKl !== undefined && program.scalar("approxKl") > 1.5 * options.targetKl) return false;
    optimiser.step(gradient, rate, clipScale(gradientNorm, options.maxGradNorm));
    return true;
  }

  function update(steps: number): Metrics {
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
    const totals = new Totals();
    let epochs = 0;
    for (let going = true; going && epochs < options.nEpochs; epochs++) {
      if (options.recomputeAdvantages && epochs > 0) {
        collector.revalue();
        estimateAdvantages(rollout, options);
      }
      order.shuffle(partOrder);
      for (let start = 0; going && start < parts.count; start += batchSize) {
        going = step(start, Math.min(batchSize, parts.count - start), rate, scalars, totals);
      }
    }
    const figures = { explainedVariance: explained, learningRate: rate, epochs, ...spread(network, block) };
    return { ...totals.means(), ...figures, ...steerMultiplier() };
  }

  /** Measures the KL of the whole update and sets β for the next one. */
  function steerMultiplier(): Metrics {
    if (measureKl === undefined) return {};
    measureKl.run();
    const kl = measureKl.scalar("kl");
    const used = klCoef;
    klCoef = nextMultiplier(klCoef, kl, options);
    return { kl, klCoef: used };
  }

  return onPolicyLearner({
    algorithm,
    collector,
    blocks: { parameters: block },
    optimisers: { [options.optimiser]: optimiser },
    randomStreams: { order },
    extra: {
      // Each epoch shuffles the order the last one left.
      save: () => ({ rowOrder: [...partOrder], klCoef }),
      load: (saved) => {
        const state = saved as { rowOrder: number[]; klCoef: number };
        requireFit("rows of a rollout", state.rowOrder.length, partOrder.length);
        partOrder.set(state.rowOrder);
        klCoef = state.klCoef;
      },
    },
    update,
    describePolicy: () => describePolicy(algorithm, collector, settings, [block]),
  });
}

interface Scalars {
  clipRange: number;
  clipRangeVf: number;
  entCoef: number;
}

function optimiserOptions({ optimiser, adamEpsilon: epsilon }: Options): OptimiserOptions {
  // The decay of squared gradients is the one A2C's published settings have.
  if (optimiser === "rmsprop") return { kind: "rmsprop", alpha: 0.99, epsilon };
  return optimiser === "sgd" ? { kind: "sgd" } : { kind: "adam", epsilon };
}

/** Loss, gradient and figures of a minibatch of `size` parts picked from the rollout by the input "rows". */
function compileUpdate(
  engine: Engine,
  size: number,
  network: ActorCritic,
  block: ParameterBlock,
  rollout: Rollout,
  options: Options,
  old: PolicySnapshot | undefined,
): Program {
  const { bindings, ...batch } = minibatch(rollout, size);
  const before = old?.network.distribution(batch.observations, { mask: batch.masks, memory: batch.memory });
  const parts = ppoLoss(network, batch, options, before);
  return compile(engine, {
    name: `surrogate update of ${size * partsOf(rollout).rows} rows`,
    parameters: old === undefined ? [block] : [block, old.block],
    bindings,
    outputs: { ...parts, gradient: grad(parts.loss, block.tensors) },
  });
}

/** Mean KL(old ‖ new) over the rollout. */
function compileKl(
  engine: Engine,
  network: ActorCritic,
  block: ParameterBlock,
  old: PolicySnapshot,
  rollout: Rollout,
): Program {
  const { bindings, observations, masks: mask, memory } = wholeRollout(rollout);
  const before = old.network.distribution(observations, { mask, memory });
  const kl = mean(before.klDivergence(network.distribution(observations, { mask, memory })));
  return compile(engine, { name: "KL of the update", parameters: [block, old.block], bindings, outputs: { kl } });
}
