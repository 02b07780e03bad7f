/**
 * What every algorithm looks like to the loop that runs it: iterate (collect, estimate, update), save, load, and a policy
 * to take away. `onPolicyLearner` puts it together from a collector, the trainable parts and the algorithm's own update.
 */

import { AscentError } from "../errors.ts";
import type { CheckpointArray } from "../files/checkpoint.ts";
import type { JsonValue } from "../files/exactJson.ts";
import type { NetworkOptions } from "../policies/actorCritic.ts";
import { type PolicyDescription, weightsOf } from "../policies/description.ts";
import type { RandomStream } from "../random/stream.ts";
import type { Optimiser } from "../tensor/optimisers.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";
import type { Collector, CollectorState } from "./collector.ts";
import { policyMovement } from "./movement.ts";

/** Figures of one iteration, by the names of docs/metrics.md. */
export type Metrics = Record<string, number>;

/** Milliseconds of one iteration. */
export interface IterationTimes {
  act: number;
  env: number;
  learn: number;
}

export interface LearnerSnapshot {
  arrays: Record<string, CheckpointArray>;
  state: JsonValue;
}

export interface Learner {
  readonly algorithm: string;
  /** Environment steps made so far, all environments counted; of an algorithm that learns from data, samples seen. */
  readonly steps: number;
  /** True once there is no use in going on, such as after early stopping. */
  readonly finished?: boolean;
  /** Steps of one iteration, or the most there can be when iterations differ. */
  readonly stepsPerIteration: number;
  readonly times: IterationTimes;
  /** Whether a saved state resumes bit for bit; false with a user's environment that cannot save its state. */
  readonly exactResume: boolean;
  /** One iteration. @throws AscentError "non-finite" naming the stage, before anything non-finite is learnt. */
  iterate(): Metrics;
  save(): LearnerSnapshot;
  load(snapshot: LearnerSnapshot): void;
  /** The policy as it is now, with all that acting needs. */
  policy(): PolicyDescription;
}

export interface OnPolicyParts {
  algorithm: string;
  collector: Collector;
  /** All that is trained, by the name it has in checkpoints. */
  blocks: Readonly<Record<string, ParameterBlock>>;
  optimisers: Readonly<Record<string, Optimiser>>;
  /** Streams whose position must survive a resume. */
  randomStreams: Readonly<Record<string, RandomStream>>;
  /** Further state of the algorithm's own. */
  extra?: { save(): JsonValue; load(state: JsonValue): void };
  /** Fills the rollout and returns the environment steps made; default: the collector's fixed number. */
  collect?(): number;
  /** Learns from the rollout just collected. @param steps environment steps before this rollout. */
  update(steps: number): Metrics;
  describePolicy(): PolicyDescription;
}

interface SavedState {
  steps: number;
  collector: CollectorState;
  optimiserSteps: Record<string, number>;
  counters: Record<string, number>;
  extra: JsonValue;
}

/** @throws AscentError "file" unless saved numbers are as many as the learner has. */
export function requireFit(name: string, saved: number | undefined, own: number): void {
  if (saved === own) return;
  throw new AscentError("file", {
    what: `The saved state does not fit this learner: "${name}"`,
    got: saved === undefined ? "nothing" : `${saved} numbers`,
    expected: `${own}`,
    fix: "Resume with the algorithm, environment and options that the run was started with.",
  });
}

export function onPolicyLearner(parts: OnPolicyParts): Learner {
  const { collector, blocks, optimisers, randomStreams } = parts;
  const times: IterationTimes = { act: 0, env: 0, learn: 0 };
  const movement = policyMovement(Object.values(blocks));
  let steps = 0;

  const figures = <T, V>(entries: Readonly<Record<string, T>>, read: (value: T) => V) =>
    Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, read(value)]));
  const arrays = () => {
    const all: Record<string, Float32Array> = figures(blocks, (block) => block.flat());
    for (const [name, optimiser] of Object.entries(optimisers)) {
      optimiser.state().forEach((vector, i) => {
        all[`optimiser.${name}.${i}`] = vector;
      });
    }
    return all;
  };

  return {
    algorithm: parts.algorithm,
    get steps() {
      return steps;
    },
    stepsPerIteration: collector.stepsPerRollout,
    times,
    exactResume: collector.environment.exactState,
    iterate() {
      let made = collector.stepsPerRollout;
      if (parts.collect === undefined) collector.collect();
      else made = parts.collect();
      const begin = performance.now();
      movement.begin();
      const metrics = parts.update(steps);
      steps += made;
      times.act = collector.times.act;
      times.env = collector.times.env;
      times.learn = performance.now() - begin;
      const { episodes } = collector;
      return {
        steps,
        episodes: episodes.finished,
        episodeReturn: episodes.meanReturn,
        episodeLength: episodes.meanLength,
        ...metrics,
        parameterDistance: movement.distance(),
      };
    },
    save() {
      const state: SavedState = {
        steps,
        collector: collector.save(),
        optimiserSteps: figures(optimisers, (optimiser) => optimiser.steps),
        counters: figures(randomStreams, (stream) => stream.counter),
        extra: parts.extra?.save() ?? null,
      };
      const stored = figures(arrays(), (data) => ({ shape: [data.length], data: data.slice() }));
      return { arrays: stored, state: state as unknown as JsonValue };
    },
    load(snapshot) {
      const state = snapshot.state as unknown as SavedState;
      const targets = Object.entries(arrays());
      for (const [name, target] of targets) requireFit(name, snapshot.arrays[name]?.data.length, target.length);
      for (const [name, target] of targets) target.set(snapshot.arrays[name].data as Float32Array);
      for (const [name, optimiser] of Object.entries(optimisers)) optimiser.steps = state.optimiserSteps[name];
      for (const [name, stream] of Object.entries(randomStreams)) stream.counter = state.counters[name];
      collector.load(state.collector);
      parts.extra?.load(state.extra);
      steps = state.steps;
    },
    policy: parts.describePolicy,
  };
}

/** The policy that a learner's collector acts with, as data. */
export function describePolicy(
  algorithm: string,
  collector: Collector,
  network: NetworkOptions,
  blocks: readonly ParameterBlock[],
): PolicyDescription {
  const { id, observationSpace, actionSpace } = collector.environment;
  return {
    algorithm,
    environment: id,
    observationSpace,
    actionSpace,
    network,
    scaling: collector.scaling(),
    weights: Object.assign({}, ...blocks.map(weightsOf)),
  };
}
