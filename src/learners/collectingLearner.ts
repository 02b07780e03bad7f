/**
 * A learner put together from a collector, the trainable parts and the algorithm's own update: what every algorithm that acts
 * has in common, on-policy or not.
 */

import { z } from "zod";
import type { JsonValue } from "../files/exactJson.ts";
import type { TypedArray } from "../files/safetensors.ts";
import { requireFit, requireForm, requireSame } from "../files/savedState.ts";
import type { Work } from "../pauses.ts";
import type { NetworkOptions } from "../policies/actorCritic.ts";
import { type PolicyDescription, weightsOf } from "../policies/description.ts";
import type { RandomStream } from "../random/stream.ts";
import type { Collector } from "../rollout/collector.ts";
import type { Optimiser } from "../tensor/optimisers.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";
import { iterations, timed } from "./iterations.ts";
import type { Figures, IterationTimes, Learner } from "./learner.ts";
import { policyMovement } from "./movement.ts";

/** Arrays of the algorithm's own whose number and lengths change as it goes. */
export interface ArrayStore {
  save(): Record<string, TypedArray>;
  /** @throws AscentError "file" unless `load` will take these. */
  check(saved: Readonly<Record<string, TypedArray>>): void;
  load(saved: Readonly<Record<string, TypedArray>>): void;
}

export interface CollectingParts {
  algorithm: string;
  collector: Collector;
  /** All that is trained, by the name it has in checkpoints. */
  blocks: Readonly<Record<string, ParameterBlock>>;
  optimisers: Readonly<Record<string, Optimiser>>;
  /** Streams whose position must survive a resume. */
  randomStreams: Readonly<Record<string, RandomStream>>;
  /** Environment steps over which schedules run. */
  annealSteps: number;
  /** Large state of the algorithm's own, by the name it has in checkpoints. */
  stores?: Readonly<Record<string, ArrayStore>>;
  /** Further, small state of the algorithm's own; `load` throws before it has changed anything. */
  extra?: { save(): JsonValue; load(state: JsonValue): void };
  /** Fills the rollout and returns the environment steps made; default: the collector's fixed number. */
  collect?(): Work<number>;
  /** Learns from the rollout just collected. @param steps environment steps before this rollout. */
  update(steps: number): Work<Figures>;
  describePolicy(): PolicyDescription;
}

const wholeNumbers = (names: readonly string[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, z.int().min(0)])));

export function collectingLearner(parts: CollectingParts): Learner {
  const { collector, blocks, optimisers, randomStreams, stores = {}, algorithm, annealSteps } = parts;
  const { environment } = collector;
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
  const form = z.object({
    annealSteps: z.int().min(1),
    steps: z.int().min(0),
    collector: collector.form,
    optimiserSteps: wholeNumbers(Object.keys(optimisers)),
    counters: wholeNumbers(Object.keys(randomStreams)),
    extra: z.unknown(),
  });

  /** Loads what may still refuse, although its form is right; when it does, puts back what there was. */
  function loadOrKeep(load: () => void): void {
    const before = { extra: parts.extra?.save(), environments: environment.saveState() };
    try {
      load();
    } catch (error) {
      if (before.extra !== undefined) parts.extra?.load(before.extra);
      environment.loadState(before.environments);
      throw error;
    }
  }

  const own = iterations(algorithm, function* () {
    let made = collector.stepsPerRollout;
    if (parts.collect === undefined) yield* collector.collecting();
    else made = yield* parts.collect();
    movement.begin();
    const metrics = yield* timed(parts.update(steps), times);
    steps += made;
    times.act = collector.times.act;
    times.env = collector.times.env;
    const { episodes } = collector;
    return {
      steps,
      episodes: episodes.finished,
      episodeReturn: episodes.meanReturn,
      episodeLength: episodes.meanLength,
      ...metrics,
      parameterDistance: movement.distance(),
    };
  });

  return {
    algorithm,
    get steps() {
      return steps;
    },
    stepsPerIteration: collector.stepsPerRollout,
    times,
    exactResume: environment.exactState,
    iterate: own.iterate,
    iteration: own.iteration,
    save() {
      own.requireSavable();
      const state = {
        algorithm,
        environment: environment.id,
        annealSteps,
        steps,
        collector: collector.save(),
        optimiserSteps: figures(optimisers, (optimiser) => optimiser.steps),
        counters: figures(randomStreams, (stream) => stream.counter),
        extra: parts.extra?.save() ?? null,
      };
      const saved: Record<string, TypedArray> = figures(arrays(), (data) => data.slice());
      for (const [name, store] of Object.entries(stores)) Object.assign(saved, withPrefix(`${name}.`, store.save()));
      const stored = figures(saved, (data) => ({ shape: [data.length], data }));
      return { arrays: stored, state: state as unknown as JsonValue };
    },
    load(snapshot) {
      own.requireLoadable();
      const { algorithm: theirs, environment: id } = (snapshot.state ?? {}) as Record<string, unknown>;
      requireSame("algorithm", theirs, algorithm);
      requireSame("environment", id, environment.id);
      const targets = Object.entries(arrays());
      for (const [name, target] of targets) requireFit(name, snapshot.arrays[name]?.data.length, target.length);
      const state = requireForm(form, snapshot.state);
      const kept = figures(snapshot.arrays, ({ data }) => data);
      const stored = Object.entries(stores).map(([name, store]) => [store, partOf(`${name}.`, kept)] as const);
      for (const [store, saved] of stored) store.check(saved);

      loadOrKeep(() => {
        parts.extra?.load(state.extra as JsonValue);
        collector.load(state.collector);
      });
      for (const [name, target] of targets) target.set(snapshot.arrays[name].data as Float32Array);
      for (const [store, saved] of stored) store.load(saved);
      for (const [name, optimiser] of Object.entries(optimisers)) optimiser.steps = state.optimiserSteps[name];
      for (const [name, stream] of Object.entries(randomStreams)) stream.counter = state.counters[name];
      steps = state.steps;
      own.loaded();
    },
    close: () => environment.close?.(),
    policy: parts.describePolicy,
  };
}

function withPrefix(prefix: string, arrays: Record<string, TypedArray>): Record<string, TypedArray> {
  return Object.fromEntries(Object.entries(arrays).map(([name, data]) => [prefix + name, data]));
}

/** Those whose names begin with the prefix, without it. */
function partOf(prefix: string, arrays: Readonly<Record<string, TypedArray>>): Record<string, TypedArray> {
  const own = Object.entries(arrays).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, data]) => [name.slice(prefix.length), data]));
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
