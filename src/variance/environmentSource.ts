/**
 * A policy network in an environment as a source of gradients: whole episodes from a collector, score vectors from one
 * backward pass for each chunk of steps, and a value baseline fitted on episodes that are not used again.
 */

import {
  checkArguments,
  checkOptions,
  engine as engineCheck,
  having,
  type OptionChecks,
  optional,
  seed as seedCheck,
  share,
  wholeNumber,
} from "../arguments/checks.ts";
import { environmentSpec, makeBatched } from "../envs/environmentRegistry.ts";
import type { Output } from "../estimators/episodes.ts";
import { perSampleScores } from "../estimators/perSampleScores.ts";
import { rewardToGo } from "../estimators/returns.ts";
import { criticFit } from "../learners/critic.ts";
import { finish, type Work } from "../pauses.ts";
import { type ActorCritic, actorCritic } from "../policies/actorCritic.ts";
import { fillBlock, type PolicyDescription } from "../policies/description.ts";
import { requireNoMemory } from "../policies/requireNoMemory.ts";
import { separateBlocks } from "../policies/separateBlocks.ts";
import { deriveSeed, RandomStream, streams } from "../random/index.ts";
import { Collector } from "../rollout/collector.ts";
import { episodesOfRollout, type RolloutEpisodes } from "../rollout/episodesOfRollout.ts";
import { minibatch } from "../rollout/minibatch.ts";
import { compile } from "../tensor/compile.ts";
import type { Engine } from "../tensor/engine.ts";
import { input } from "../tensor/graph.ts";
import { matmul } from "../tensor/ops/matmul.ts";
import { Optimiser } from "../tensor/optimisers.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";
import type { Program } from "../tensor/program.ts";
import { sameShape, sizeOf } from "../tensor/shape.ts";
import type { GradientSource } from "./source.ts";

export interface EnvironmentSourceOptions {
  trajectories: number;
  seed: number;
  /** γ in [0, 1]. */
  gamma: number;
  /** Batches of 64 episodes that the value baseline is fitted on, ten passes each. Default 10. */
  fitBatches?: number;
  /** Steps after which an episode is cut, in environments without a limit of their own. Default 1000. */
  maxSteps?: number;
}

const policyCheck = {
  ...having("a policy", "network", "weights", "environment"),
  fix: "Give learner.policy(), warmPolicy(…) or readPolicy(path).",
};
const sourceOptions: OptionChecks<EnvironmentSourceOptions> = {
  trajectories: wholeNumber(1),
  seed: seedCheck,
  gamma: share,
  fitBatches: optional(wholeNumber()),
  maxSteps: optional(wholeNumber(1)),
};

const FIT_EPISODES = 64;
/** Steps of one backward pass; the sum does not depend on it but for rounding. */
const CHUNK = 64;

/**
 * @param policy what `train` or a run's folder gave; its value net, where it has one of its own, is where the fit begins.
 * @throws AscentError "shape" for policies whose scores cannot be taken apart by rows, "option" for those with a memory.
 */
export function environmentSource(
  engine: Engine,
  policy: PolicyDescription,
  options: EnvironmentSourceOptions,
): GradientSource {
  checkArguments("environmentSource", { engine: engineCheck, policy: policyCheck }, { engine, policy });
  checkOptions("environmentSource", sourceOptions, options);
  requireNoMemory("The variance of gradients", policy.network);
  const { trajectories, seed, gamma, fitBatches = 10, maxSteps = 1000 } = options;
  const steps = environmentSpec(policy.environment).maxEpisodeSteps ?? maxSteps;
  const network = actorCritic(policy.observationSpace, policy.actionSpace, ownCritic(policy));
  const blocks = fillBlocks(engine, network, policy, seed);
  const collectorOf = (count: number, from: number) =>
    new Collector(engine, makeBatched(policy.environment, count), network, [blocks.policy, blocks.critic], {
      nSteps: steps,
      gamma,
      seed: from,
      clipObservations: undefined,
      scaling: policy.scaling,
      clipRewards: undefined,
    });
  const width = network.policyParameters.reduce((total, { shape }) => total + sizeOf(shape), 0);
  // Seeds of their own: neither meets the other's episodes, nor those of the training that the policy comes from.
  const fitting = collectorOf(FIT_EPISODES, deriveSeed(seed, streams.variance, 0, 0));
  const fitBaseline = fitter(engine, network, blocks.critic, fitting, { gamma, seed, batches: fitBatches });
  const collector = collectorOf(trajectories, deriveSeed(seed, streams.variance, 0, 1));
  const { rollout } = collector;
  const lengths = new Int32Array(trajectories);
  const cut = new Uint8Array(trajectories);
  const chunk = Math.min(CHUNK, rollout.rows);
  const programs = new Map<number, Program>();
  let batches = 0;
  let fitted = false;
  let drawn: RolloutEpisodes;

  /** Sums of scores over a chunk, weighed by each of `columns` lists at once. */
  function programFor(columns: number): Program {
    const known = programs.get(columns);
    if (known !== undefined) return known;
    const { bindings, ...batch } = minibatch(rollout, chunk);
    const distribution = network.distribution(batch.observations, { mask: batch.masks });
    const scores = perSampleScores(distribution.logProb(batch.actions), network.policyParameters);
    const sums = matmul(input("weights", [columns, chunk]), scores);
    const made = compile(engine, { name: "weighed scores", parameters: [blocks.policy], bindings, outputs: { sums } });
    programs.set(columns, made);
    return made;
  }

  return {
    name: policy.environment,
    parameters: width,
    trajectories,
    policy: `${policy.algorithm} policy; V fitted on ${fitBatches * FIT_EPISODES} other episodes`,
    *next() {
      if (!fitted) {
        yield* fitBaseline();
        fitting.environment.close?.();
        fitted = true;
      }
      yield* collector.collectingEpisodes(batches++, lengths, cut);
      drawn = episodesOfRollout(rollout, lengths, cut, gamma, false);
      return drawn;
    },
    *trajectoryGradients(weights, out) {
      const program = programFor(weights.length);
      const { offsets, rows } = drawn;
      for (const column of out) column.fill(0);
      for (let i = 0; i < trajectories; i++) {
        for (let begin = offsets[i]; begin < offsets[i + 1]; begin += chunk) {
          const count = Math.min(chunk, offsets[i + 1] - begin);
          const picked = program.inputInts("rows");
          const weighed = program.input("weights").fill(0);
          for (let k = 0; k < chunk; k++) picked[k] = rows[begin + (k < count ? k : 0)];
          weights.forEach((weight, column) => {
            for (let k = 0; k < count; k++) weighed[column * chunk + k] = weight[begin + k];
          });
          yield* program.running();
          program.requireFinite("The study of variance");
          addRows(program.output("sums"), out, i * width, width);
        }
      }
    },
  };
}

function addRows(sums: Float32Array, out: readonly Output[], at: number, width: number): void {
  for (let column = 0; column < out.length; column++) {
    const target = out[column];
    for (let j = 0; j < width; j++) target[at + j] += sums[column * width + j];
  }
}

/** The policy's own network, with a value net that shares nothing with it. */
function ownCritic(policy: PolicyDescription): PolicyDescription["network"] {
  return { ...policy.network, shared: false };
}

function fillBlocks(engine: Engine, network: ActorCritic, { weights }: PolicyDescription, seed: number) {
  const { policy, critic } = finish(separateBlocks(engine, network, seed));
  fillBlock(policy, weights);
  // A value net that shares layers, or none at all, is no beginning for one of its own.
  const known = critic.tensors.every(({ attributes, shape }) => {
    const stored = weights[attributes.name!];
    return stored !== undefined && sameShape(stored.shape, shape);
  });
  if (known) fillBlock(critic, weights);
  return { policy, critic };
}

/** Regression of V on rewards-to-go, at a rate that falls to a tenth. */
function fitter(
  engine: Engine,
  network: ActorCritic,
  critic: ParameterBlock,
  collector: Collector,
  { gamma, seed, batches }: { gamma: number; seed: number; batches: number },
): () => Work<void> {
  const { rollout } = collector;
  const optimiser = new Optimiser(engine, critic.region, { kind: "adam" });
  const order = new RandomStream(seed, streams.minibatches);
  const how = { nCriticUpdates: 10, batchSize: 256 };
  const fitCritic = finish(criticFit(engine, network, critic, rollout, optimiser, order, how));
  const lengths = new Int32Array(FIT_EPISODES);
  const cut = new Uint8Array(FIT_EPISODES);
  return function* () {
    for (let batch = 0; batch < batches; batch++) {
      yield* collector.collectingEpisodes(batch, lengths, cut);
      const episodes = episodesOfRollout(rollout, lengths, cut, gamma, false);
      const returns = new Float64Array(episodes.rows.length);
      rewardToGo(episodes, gamma, returns);
      const { targets } = rollout.views;
      for (let k = 0; k < returns.length; k++) targets[episodes.rows[k]] = returns[k];
      yield* fitCritic(3e-3 * (1 - (0.9 * batch) / batches), episodes.rows);
    }
  };
}
