/**
 * A learner put together from a collector, the trainable parts and the algorithm's own update: what every algorithm that acts
 * has in common, on-policy or not.
 */

import { z } from "zod";
import { copyExact, type JsonValue } from "../files/exactJson.ts";
import type { TypedArray } from "../files/safetensors.ts";
import { partsOfSnapshot, requireArrays, requireForm, requireSame } from "../files/savedState.ts";
import { timed, type Work } from "../pauses.ts";
import type { NetworkOptions } from "../policies/actorCritic.ts";
import { weightsOf } from "../policies/description.ts";
import { momentsOf } from "../policies/moments.ts";
import { networkIdentity, requireSavedNetwork } from "../policies/sameNetwork.ts";
import type { RandomStream } from "../random/stream.ts";
import type { Collector } from "../rollout/collector.ts";
import type { Optimiser } from "../tensor/optimisers.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";
import { type OwnPolicy, takeWeights } from "./initialPolicy.ts";
import { iterations } from "./iterations.ts";
import type { Figures, IterationTimes, PolicyLearner } from "./learner.ts";
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
  /** Its options, complete. */
  network: NetworkOptions;
  /** All that is trained, by the name it has in checkpoints; together all parameters of the network. */
  blocks: Readonly<Record<string, ParameterBlock>>;
  optimisers: Readonly<Record<string, Optimiser>>;
  /** Streams whose position must survive a resume. */
  randomStreams: Readonly<Record<string, RandomStream>>;
  /** Environment steps over which schedules run. */
  annealSteps: number;
  /** Large state of the algorithm's own, by the name it has in checkpoints. */
  stores?: Readonly<Record<string, ArrayStore>>;
  /** Further, small state of the algorithm's own; `load` takes any form, and throws before it has changed anything. */
  extra?: { save(): JsonValue; load(state: JsonValue): void };
  /** Fills the rollout and returns the environment steps made; default: the collector's fixed number. */
  collect?(): Work<number>;
  /** Learns from the rollout just collected. @param steps environment steps before this rollout. */
  update(steps: number): Work<Figures>;
}

const wholeNumbers = (names: readonly string[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, z.int().min(0)])));

export function collectingLearner(parts: CollectingParts): PolicyLearner {
  const { collector, blocks, optimisers, randomStreams, stores = {}, algorithm, annealSteps } = parts;
  const { environment } = collector;
  const times: IterationTimes = { act: 0, env: 0, learn: 0 };
  const movement = policyMovement(Object.values(blocks));
  let steps = 0;
  const { observationSpace, actionSpace } = environment;
  const spaces = { observationSpace, actionSpace };
  const identity = networkIdentity({ ...spaces, network: parts.network });

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
    extra: parts.extra === undefined ? z.null() : z.unknown(),
  });

  /** The policy as it is now, without its weights. */
  function describe(): OwnPolicy {
    const scaling = collector.scaling();
    const moments = collector.observationNormaliser?.save();
    return {
      algorithm,
      environment: environment.id,
      ...spaces,
      network: parts.network,
      ...(scaling && { scaling: { ...scaling, ...(moments && { moments }) } }),
    };
  }

  /** Loads what may still refuse, although its form is right; when it does, puts back what there was. */
  function loadOrKeep(load: () => void): void {
    // Copies: what a refused load has touched must not reach what is put back.
    const before = { extra: copyExact(parts.extra?.save() ?? null), environments: copyExact(environment.saveState()) };
    try {
      load();
    } catch (error) {
      parts.extra?.load(before.extra);
      environment.loadState(before.environments);
      throw error;
    }
  }

  const own = iterations(algorithm, function* () {
    let made = collector.stepsPerRollout;
    if (parts.collect === undefined) yield* collector.collecting();
    else made = yield* parts.collect();
    movement.begin();
    times.learn = 0;
    const metrics = yield* timed(parts.update(steps), (milliseconds) => {
      times.learn += milliseconds;
    });
    steps += made;
    times.act = collector.times.act;
    times.env = collector.times.env;
    const { episodes } = collector;
    return {
      steps,
      episodes: episodes.finished,
      episodeReturn: episodes.meanReturn,
      episodeLength: episodes.meanLength,
      ...collector.signs(),
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
        network: identity,
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
      return { arrays: stored, state: copyExact(state) };
    },
    load(snapshot) {
      own.requireLoadable();
      const { arrays: kept, state: saved } = partsOfSnapshot(snapshot);
      requireSame("algorithm", saved["algorithm"], algorithm);
      requireSame("environment", saved["environment"], environment.id);
      requireSavedNetwork(saved["network"], identity);
      const targets = arrays();
      requireArrays(kept, targets);
      const state = requireForm(form, saved);
      const stored = Object.entries(stores).map(([name, store]) => [store, partOf(`${name}.`, kept)] as const);
      for (const [store, saved] of stored) store.check(saved);

      loadOrKeep(() => {
        parts.extra?.load(state.extra as JsonValue);
        collector.load(state.collector);
      });
      for (const [name, target] of Object.entries(targets)) target.set(kept[name] as Float32Array);
      for (const [store, saved] of stored) store.load(saved);
      for (const [name, optimiser] of Object.entries(optimisers)) optimiser.steps = state.optimiserSteps[name];
      for (const [name, stream] of Object.entries(randomStreams)) stream.counter = state.counters[name];
      steps = state.steps;
      own.loaded();
    },
    close: () => environment.close?.(),
    startFrom(initial, choice = {}) {
      own.requireSavable();
      const critic = takeWeights(Object.values(blocks), initial, describe(), choice);
      const { observationNormaliser: normaliser } = collector;
      if (initial.scaling !== undefined) normaliser?.load(requireForm(normaliser.form, momentsOf(initial.scaling)));
      return { critic };
    },
    policy: () => ({ ...describe(), weights: Object.assign({}, ...Object.values(blocks).map(weightsOf)) }),
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
