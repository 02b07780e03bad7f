/**
 * Proximal policy optimisation (Schulman et al. 2017), clipped, with the details that its results rest on (Huang et al.
 * 2022, "The 37 implementation details of PPO"). In order: collect, estimate advantages, several epochs of minibatch steps
 * on the clipped surrogate. A2C is the same body with one epoch over one batch and nothing clipped.
 */

import { z } from "zod";
import type { BatchedEnvironment } from "../envs/batched.ts";
import { AscentError } from "../errors.ts";
import { explainedVariance } from "../estimators/explainedVariance.ts";
import { generalisedAdvantages } from "../estimators/gae.ts";
import { clippedSurrogate, probabilityRatio } from "../objectives/clippedSurrogate.ts";
import { klK3 } from "../objectives/klEstimators.ts";
import { clippedValueLoss, valueLoss } from "../objectives/value.ts";
import { type ActorCritic, actorCritic, type NetworkOptions } from "../policies/actorCritic.ts";
import { weightsOf } from "../policies/description.ts";
import { RandomStream, streams } from "../random/index.ts";
import { compile } from "../tensor/compile.ts";
import type { Engine } from "../tensor/engine.ts";
import { grad } from "../tensor/grad.ts";
import { input, label, type Tensor } from "../tensor/graph.ts";
import { abs, add, greater, mul, neg, sub } from "../tensor/ops/elementwise.ts";
import { mean, standardise } from "../tensor/ops/reduce.ts";
import { clipScale, norm, Optimiser } from "../tensor/optimisers.ts";
import { ParameterBlock } from "../tensor/parameters.ts";
import type { Program } from "../tensor/program.ts";
import { scheduleValue } from "../tensor/schedules.ts";
import { Collector } from "../training/collector.ts";
import { type Learner, type Metrics, onPolicyLearner, requireFit } from "../training/learner.ts";
import { type Minibatch, minibatch } from "../training/minibatch.ts";
import type { Rollout } from "../training/rollout.ts";
import { annealOptions, collectOptions, networkOptions, pickNetwork, schedule, seedOption } from "./options.ts";

export const ppoOptions = z.strictObject({
  ...seedOption,
  ...collectOptions,
  ...networkOptions,
  ...annealOptions,
  batchSize: z.int().min(1).default(64).describe("rows of a minibatch"),
  nEpochs: z.int().min(1).default(10).describe("passes over each rollout"),
  learningRate: schedule.default(3e-4).describe("of Adam; a number or a schedule such as linear:3e-4"),
  adamEpsilon: z.number().positive().default(1e-5).describe("ε of Adam"),
  clipRange: schedule.default(0.2).describe("ε of the clipped surrogate"),
  clipRangeVf: schedule.optional().describe("how far a value may move in one update; default: not limited"),
  normalizeAdvantage: z.boolean().default(true).describe("standardise advantages within each minibatch"),
  entCoef: schedule.default(0).describe("weight of the entropy bonus"),
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
  const options = ppoOptions.parse(given);
  const { seed } = options;
  const annealSteps = options.annealSteps ?? totalSteps;
  const { observationSpace, actionSpace } = environment;

  const networkSettings = pickNetwork(options) as NetworkOptions;
  const network = actorCritic(observationSpace, actionSpace, networkSettings);
  const block = new ParameterBlock(engine, network.parameters);
  network.initialise(block, seed);
  const collector = new Collector(engine, environment, network, [block], {
    nSteps: options.nSteps,
    gamma: options.gamma,
    clipObservations: options.normalizeObservations ? options.clipObservations : undefined,
    clipRewards: options.normalizeRewards ? options.clipRewards : undefined,
    seed,
    revalues: options.recomputeAdvantages,
  });
  const { rollout } = collector;
  const optimiser = new Optimiser(engine, block.region, { kind: "adam", epsilon: options.adamEpsilon });
  const order = new RandomStream(seed, streams.minibatches);
  const rowOrder = Int32Array.from({ length: rollout.rows }, (_, i) => i);
  const batchSize = Math.min(options.batchSize, rollout.rows);
  const programs = new Map<number, Program>();
  for (const size of [batchSize, rollout.rows % batchSize]) {
    if (size > 0) programs.set(size, compileUpdate(engine, size, network, block, rollout, options));
  }

  /** One gradient step on the rows order[start … start + size); false when the KL says to stop instead. */
  function step(start: number, size: number, rate: number, scalars: Scalars, totals: Totals): boolean {
    const program = programs.get(size)!;
    const rows = program.inputInts("rows");
    for (let i = 0; i < size; i++) rows[i] = rowOrder[start + i];
    program.input("clipRange")[0] = scalars.clipRange;
    program.input("entCoef")[0] = scalars.entCoef;
    if (options.clipRangeVf !== undefined) program.input("clipRangeVf")[0] = scalars.clipRangeVf;
    program.run();
    const gradient = program.outputRegion("gradient");
    const gradientNorm = norm(gradient);
    if (!Number.isFinite(program.scalar("loss") + gradientNorm)) program.requireFinite("The PPO update");
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
    estimate(rollout, options);
    const { values, targets } = rollout.views;
    const explained = explainedVariance(values, targets);
    const totals = new Totals();
    let epochs = 0;
    for (let going = true; going && epochs < options.nEpochs; epochs++) {
      if (options.recomputeAdvantages && epochs > 0) {
        collector.revalue();
        estimate(rollout, options);
      }
      order.shuffle(rowOrder);
      for (let start = 0; going && start < rollout.rows; start += batchSize) {
        going = step(start, Math.min(batchSize, rollout.rows - start), rate, scalars, totals);
      }
    }
    return { ...totals.means(), explainedVariance: explained, learningRate: rate, epochs, ...spread(network, block) };
  }

  return onPolicyLearner({
    algorithm: "ppo",
    collector,
    blocks: { parameters: block },
    optimisers: { adam: optimiser },
    randomStreams: { order },
    extra: {
      // Each epoch shuffles the order the last one left.
      save: () => [...rowOrder],
      load: (saved) => {
        requireFit("rows of a rollout", (saved as number[]).length, rowOrder.length);
        rowOrder.set(saved as number[]);
      },
    },
    update,
    describePolicy: () => ({
      algorithm: "ppo",
      environment: environment.id,
      observationSpace,
      actionSpace,
      network: networkSettings,
      scaling: collector.scaling(),
      weights: weightsOf(block),
    }),
  });
}

interface Scalars {
  clipRange: number;
  clipRangeVf: number;
  entCoef: number;
}

function estimate(rollout: Rollout, { gamma, gaeLambda }: Options): void {
  const { steps, environments } = rollout.shape;
  const { values, advantages, targets } = rollout.views;
  const { rewards, terminated, truncated, finalValues, lastValues } = rollout;
  const returns = { rewards, values, terminated, truncated, finalValues, lastValues };
  generalisedAdvantages({ ...returns, steps, environments, gamma, lambda: gaeLambda }, advantages, targets);
  // Before the first minibatch, so that no step is made on a rollout that holds a number too large for float32.
  const strange = advantages.findIndex((x) => !Number.isFinite(x));
  if (strange < 0) return;
  throw new AscentError("non-finite", {
    what: "Estimating advantages stopped",
    got: `${advantages[strange]} at step ${Math.floor(strange / environments)} of the rollout, environment ${strange % environments}`,
    expected: "finite numbers",
    fix: "Normalise or scale the rewards: they are too large for float32.",
  });
}

/** What the loss is made of, and the figures of it that are logged: scalars. */
export interface PpoLoss {
  loss: Tensor;
  policyLoss: Tensor;
  valueLoss: Tensor;
  entropy: Tensor;
  approxKl: Tensor;
  clipFraction: Tensor;
}

/** The loss of a minibatch; reads the scalar inputs "clipRange", "entCoef" and, with that option, "clipRangeVf". */
export function ppoLoss(
  network: ActorCritic,
  batch: Omit<Minibatch, "bindings">,
  options: Pick<Options, "normalizeAdvantage" | "clipRangeVf" | "vfCoef">,
): PpoLoss {
  const clipRange = input("clipRange", []);
  const distribution = network.distribution(batch.observations, { mask: batch.masks });
  const logProb = label(distribution.logProb(batch.actions), "log-probability");
  const oldLogProb = batch.logProbs;
  const advantage = options.normalizeAdvantage ? normalised(batch.advantages) : batch.advantages;

  const objective = clippedSurrogate({ logProb, oldLogProb, advantage }, clipRange);
  const value = label(network.value(batch.observations), "value");
  const critic =
    options.clipRangeVf === undefined
      ? valueLoss(value, batch.targets)
      : clippedValueLoss(value, batch.values, batch.targets, input("clipRangeVf", []));
  const entropy = mean(distribution.entropy());
  const bonus = mul(entropy, input("entCoef", []));
  const ratio = probabilityRatio(logProb, oldLogProb);
  return {
    loss: label(sub(sub(mul(critic, options.vfCoef), objective), bonus), "loss"),
    policyLoss: neg(objective),
    valueLoss: critic,
    entropy,
    approxKl: klK3(logProb, oldLogProb),
    clipFraction: mean(greater(abs(add(ratio, -1)), clipRange)),
  };
}

/**
 * Standardised advantages. The mean is taken off twice: once leaves its rounding, which is all there is when advantages are
 * equal, and dividing it by a deviation of its own size would make it ±1. A single row has no deviation: it stays as it is.
 */
function normalised(advantages: Tensor): Tensor {
  return advantages.shape[0] === 1 ? advantages : standardise(sub(advantages, mean(advantages)));
}

/** Loss, gradient and figures of a minibatch of `size` rows picked from the rollout by the input "rows". */
function compileUpdate(
  engine: Engine,
  size: number,
  network: ActorCritic,
  block: ParameterBlock,
  rollout: Rollout,
  options: Options,
): Program {
  const { bindings, ...batch } = minibatch(rollout, size);
  const parts = ppoLoss(network, batch, options);
  return compile(engine, {
    name: `ppo update of ${size} rows`,
    parameters: [block],
    bindings,
    outputs: { ...parts, gradient: grad(parts.loss, block.tensors) },
  });
}

/** Means of the figures of all minibatch steps of one update. */
class Totals {
  static readonly #names = ["loss", "policyLoss", "valueLoss", "entropy", "approxKl", "clipFraction"] as const;
  readonly #sums = new Float64Array(Totals.#names.length);
  #gradientNorm = 0;
  #count = 0;

  add(program: Program, gradientNorm: number): void {
    for (let i = 0; i < this.#sums.length; i++) this.#sums[i] += program.scalar(Totals.#names[i]);
    this.#gradientNorm += gradientNorm;
    this.#count++;
  }

  means(): Metrics {
    const figures: Metrics = { updates: this.#count, gradientNorm: this.#gradientNorm / this.#count };
    Totals.#names.forEach((name, i) => {
      figures[name] = this.#sums[i] / this.#count;
    });
    return figures;
  }
}

/** Mean σ of a Gaussian policy with its own log σ. */
function spread(network: ActorCritic, block: ParameterBlock): Metrics {
  const [own] = network.head.parameters;
  if (own === undefined) return {};
  const logStd = block.values(own.tensor.attributes.name!);
  return { logStd: logStd.reduce((a, b) => a + b, 0) / logStd.length };
}
