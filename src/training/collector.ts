/**
 * Runs the current policy in a batch of environments and writes what happens into a rollout. It owns everything that moves
 * while collecting (environments, normalisers, episode statistics, the network's memory, the counter of the action
 * randomness), so its state is what a resumed run needs to see the same future.
 */

import type { BatchedEnvironment } from "../envs/batched.ts";
import { maskSize } from "../envs/spaces.ts";
import type { ActorCritic } from "../policies/actorCritic.ts";
import { clipToSpace } from "../policies/clipToSpace.ts";
import type { PolicyDescription } from "../policies/description.ts";
import { numericColumns } from "../policies/encode.ts";
import { observationInput } from "../policies/observationInput.ts";
import { deriveSeed, streams } from "../random/index.ts";
import { compile } from "../tensor/compile.ts";
import type { Engine } from "../tensor/engine.ts";
import { input } from "../tensor/graph.ts";
import { randomKey } from "../tensor/ops/random.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";
import type { Program } from "../tensor/program.ts";
import { requireChoice, requireFiniteDecision, requireFiniteEnd, requireFiniteStep } from "./collectChecks.ts";
import { type EpisodeState, EpisodeTracker } from "./episodes.ts";
import { ObservationNormaliser, RewardNormaliser } from "./normalise.ts";
import { compileRevalue, writeGoing } from "./revalue.ts";
import { Rollout } from "./rollout.ts";

export interface CollectorOptions {
  /** Steps of each environment in a rollout. */
  nSteps: number;
  gamma: number;
  /** Clip normalised observations here; undefined: do not normalise. */
  clipObservations: number | undefined;
  /** Clip normalised rewards here; undefined: do not normalise. */
  clipRewards: number | undefined;
  seed: number;
  /** Whether `revalue` will be called. Default false. */
  revalues?: boolean;
}

export interface CollectorState {
  step: number;
  environments: unknown;
  episodes: EpisodeState;
  /** Of the network's memory, where it has one. */
  memory?: number[];
  observationMoments?: { mean: number[]; variance: number[]; count: number };
  rewardMoments?: { mean: number[]; variance: number[]; count: number; returns: number[] };
}

/** A rollout outside the engine's memory. */
export interface RolloutCopy {
  observations: Float32Array;
  actions: Float32Array;
  masks: Float32Array;
  /** Of the behaviour policy. */
  logProbs: Float32Array;
  rewards: Float64Array;
  terminated: Uint8Array;
  truncated: Uint8Array;
  finalObservations: Float32Array;
  lastObservations: Float32Array;
  states: Float32Array;
  starts: Float32Array;
}

/** Where the time of collecting went, in milliseconds. */
export interface CollectTimes {
  act: number;
  env: number;
}

export class Collector {
  readonly environment: BatchedEnvironment;
  readonly rollout: Rollout;
  readonly episodes: EpisodeTracker;
  readonly observationNormaliser: ObservationNormaliser | undefined;
  readonly rewardNormaliser: RewardNormaliser | undefined;
  readonly times: CollectTimes = { act: 0, env: 0 };
  readonly #options: CollectorOptions;
  readonly #act: Program;
  readonly #valueOf: Program;
  /** V of every row of the rollout, from normalised observations. */
  readonly #revalue: Program | undefined;
  /** Normalised observations that cut-off episodes ended on [rows × observationSize]; kept for revaluing only. */
  readonly #finalObservations: Float32Array | undefined;
  /** Observations behind the last step, as the environments gave them [environments × observationSize]. */
  readonly #lastObservations: Float32Array;
  /** What the network remembers before the next step: zeros where an episode begins [environments × stateSize]. */
  readonly #state: Float32Array;
  /** What it remembered behind the last step, also of episodes that ended there. */
  readonly #stateBehind: Float32Array;
  readonly #clipped: Float32Array;
  readonly #hasMasks: boolean;
  /** Steps of the whole batch since the start: the counter of the action randomness. */
  #step = 0;

  constructor(
    engine: Engine,
    environment: BatchedEnvironment,
    network: ActorCritic,
    parameters: readonly ParameterBlock[],
    options: CollectorOptions,
  ) {
    const { observationSpace, actionSpace, count, observationSize, actionSize } = environment;
    const { clipObservations, clipRewards, gamma, nSteps, seed } = options;
    this.environment = environment;
    this.#options = options;
    this.#hasMasks = environment.actionMasks !== undefined;
    const maskColumns = this.#hasMasks ? (maskSize(actionSpace) ?? 0) : 0;

    const observation = observationInput(observationSpace, count, clipObservations);
    const mask = this.#hasMasks ? input("mask", [count, maskColumns]) : undefined;
    const stateSize = network.memory?.stateSize ?? 0;
    const memory = stateSize > 0 ? { state: input("state", [count, stateSize]) } : undefined;
    const distribution = network.distribution(observation.normalised, { mask, memory });
    const action = distribution.sample(randomKey());
    const value = network.value(observation.normalised, memory);
    this.#act = compile(engine, {
      name: "act",
      parameters,
      outputs: {
        observation: observation.normalised,
        action,
        logProb: distribution.logProb(action),
        value,
        ...(memory && { state: network.memory!.after(observation.normalised, memory) }),
      },
    });
    const outputs = { value, observation: observation.normalised };
    this.#valueOf = compile(engine, { name: "value", parameters, outputs });

    const shape = { steps: nSteps, environments: count, observationSize, actionSize, maskSize: maskColumns, stateSize };
    this.rollout = new Rollout(engine, shape);
    this.episodes = new EpisodeTracker(count);
    this.#clipped = new Float32Array(count * actionSize);
    this.#lastObservations = new Float32Array(count * observationSize);
    this.#state = new Float32Array(count * stateSize);
    this.#stateBehind = new Float32Array(count * stateSize);
    if (options.revalues) {
      this.#revalue = compileRevalue(engine, network, parameters, this.rollout);
      this.#finalObservations = new Float32Array(this.rollout.rows * observationSize);
    }
    if (clipObservations !== undefined) {
      this.observationNormaliser = new ObservationNormaliser(numericColumns(observationSpace));
    }
    if (clipRewards !== undefined) this.rewardNormaliser = new RewardNormaliser(count, gamma, clipRewards);
    environment.reset(seed);
    this.observationNormaliser?.update(environment.observations, count);
  }

  /** Environment steps of one rollout. */
  get stepsPerRollout(): number {
    return this.rollout.rows;
  }

  /**
   * Fills the rollout: `nSteps` steps of every environment under the policy's present parameters.
   *
   * @throws AscentError "non-finite" when an observation, action, value or reward is not a finite number.
   */
  collect(): void {
    const { rollout } = this;
    this.times.act = 0;
    this.times.env = 0;
    rollout.views.states.set(this.#state);
    for (let t = 0; t < rollout.shape.steps; t++) this.#advance(t);
    this.#valueLastObservations();
    requireFiniteEnd(this.environment, rollout, this.#valueOf);
  }

  /**
   * One whole episode of every environment, all begun afresh: what Monte-Carlo returns need. Environment i's episode is the
   * rows of its first `lengths[i]` steps; an episode longer than `nSteps` is cut there, and `lastValues` has the value behind.
   *
   * @param batch number of the batch: with the seed it decides the starting states.
   * @param lengths written: steps of each episode [environments].
   * @param cut written: 1 where the episode had to be cut [environments].
   * @returns environment steps made, those after an early end included.
   */
  collectEpisodes(batch: number, lengths: Int32Array, cut: Uint8Array): number {
    const { environment, rollout } = this;
    const { steps } = rollout.shape;
    this.times.act = 0;
    this.times.env = 0;
    environment.reset(deriveSeed(this.#options.seed, streams.episodeBatches, 0, batch));
    this.episodes.restart();
    this.rewardNormaliser?.returns.fill(0);
    this.#state.fill(0);
    rollout.views.states.set(this.#state);
    lengths.fill(0);
    let open = environment.count;
    let t = 0;
    for (; t < steps && open > 0; t++) {
      this.#advance(t);
      const { terminated, truncated } = environment;
      for (let i = 0; i < lengths.length; i++) {
        if (lengths[i] > 0 || (terminated[i] === 0 && truncated[i] === 0)) continue;
        lengths[i] = t + 1;
        open--;
      }
    }
    for (let i = 0; i < lengths.length; i++) {
      cut[i] = lengths[i] === 0 ? 1 : 0;
      if (cut[i] === 1) lengths[i] = steps;
    }
    this.#valueLastObservations();
    return t * environment.count;
  }

  /** Step t of the rollout, in every environment. */
  #advance(t: number): void {
    const { environment, rollout } = this;
    const { count } = environment;
    const begin = performance.now();
    this.#decide(t);
    const decided = performance.now();
    environment.step(this.#clipped);
    requireFiniteStep(environment, t);
    const { rewards, terminated, truncated } = environment;
    this.episodes.step(rewards, terminated, truncated);
    const offset = t * count;
    rollout.terminated.set(terminated, offset);
    rollout.truncated.set(truncated, offset);
    if (this.rewardNormaliser === undefined) rollout.rewards.set(rewards, offset);
    else this.rewardNormaliser.apply(rewards, terminated, truncated, rollout.rewards, offset);
    const stepped = performance.now();
    this.#valueFinalObservations(offset);
    if (this.#state.length > 0) this.#forgetEnded(t + 1);
    this.observationNormaliser?.update(environment.observations, count);
    this.#step++;
    this.times.act += decided - begin + (performance.now() - stepped);
    this.times.env += stepped - decided;
  }

  /** One decision for every environment, recorded as step t of the rollout. */
  #decide(t: number): void {
    const { environment, rollout } = this;
    const act = this.#act;
    const { observations, actions, logProbs, values, masks } = rollout.views;
    act.input("observation").set(environment.observations);
    if (this.#state.length > 0) act.input("state").set(this.#state);
    this.#writeScaling(act);
    if (this.#hasMasks) {
      requireChoice(environment, t);
      act.input("mask").set(environment.actionMasks!);
      masks.set(environment.actionMasks!, t * environment.actionMasks!.length);
    }
    const key = act.inputInts("randomKey");
    key[0] = this.#options.seed | 0;
    key[1] = Math.floor(this.#options.seed / 2 ** 32);
    key[2] = streams.actions;
    key[3] = this.#step | 0;
    act.run();
    requireFiniteDecision(environment, act, t);
    const action = act.output("action");
    const row = t * environment.count;
    observations.set(act.output("observation"), row * environment.observationSize);
    actions.set(action, row * environment.actionSize);
    logProbs.set(act.output("logProb"), row);
    values.set(act.output("value"), row);
    clipToSpace(environment.actionSpace, action, this.#clipped);
    if (this.#state.length > 0) this.#stateBehind.set(act.output("state"));
  }

  /** The next step's states: what is behind this one, zeros where an episode ended. */
  #forgetEnded(next: number): void {
    const { count, terminated, truncated } = this.environment;
    const { stateSize = 0, steps } = this.rollout.shape;
    const { starts } = this.rollout.views;
    this.#state.set(this.#stateBehind);
    for (let i = 0; i < count; i++) {
      const ended = terminated[i] !== 0 || truncated[i] !== 0;
      if (ended) this.#state.fill(0, i * stateSize, (i + 1) * stateSize);
      if (next < steps) starts[next * count + i] = ended ? 1 : 0;
    }
  }

  #writeScaling(program: Program): void {
    if (this.observationNormaliser === undefined) return;
    this.observationNormaliser.write(program.input("observationMean"), program.input("observationScale"));
  }

  /** @param state what the network remembers of what came before [environments × stateSize]. */
  #evaluate(observations: Float32Array, state: Float32Array): void {
    this.#valueOf.input("observation").set(observations);
    if (state.length > 0) this.#valueOf.input("state").set(state);
    this.#writeScaling(this.#valueOf);
    this.#valueOf.run();
  }

  /** A cut-off episode goes on in principle: its last observation, not the next episode's first, gives the value behind it. */
  #valueFinalObservations(offset: number): void {
    const { terminated, truncated, count, finalObservations } = this.environment;
    let wanted = false;
    for (let i = 0; i < count; i++) wanted ||= truncated[i] !== 0 && terminated[i] === 0;
    if (!wanted) return;
    this.#evaluate(finalObservations, this.#stateBehind);
    const value = this.#valueOf.output("value");
    for (let i = 0; i < count; i++) {
      if (truncated[i] !== 0 && terminated[i] === 0) this.rollout.finalValues[offset + i] = value[i];
    }
    this.#finalObservations?.set(this.#valueOf.output("observation"), offset * this.environment.observationSize);
  }

  /** Computes the rollout's values anew, with the parameters of now; needs the option `revalues`. */
  revalue(): void {
    const program = this.#revalue;
    if (program === undefined) throw new Error("Collector.revalue: made without the option revalues");
    program.input("finalObservations").set(this.#finalObservations!);
    if (this.#state.length > 0) writeGoing(this.rollout, program.input("going"));
    program.run();
    const { rollout } = this;
    rollout.views.values.set(program.output("value"));
    rollout.finalValues.set(program.output("finalValue"));
    const { length } = this.#state;
    this.#evaluate(this.#lastObservations, length > 0 ? program.output("lastStates") : this.#state);
    rollout.lastValues.set(this.#valueOf.output("value"));
  }

  #valueLastObservations(): void {
    this.#lastObservations.set(this.environment.observations);
    this.#evaluate(this.#lastObservations, this.#state);
    this.rollout.lastValues.set(this.#valueOf.output("value"));
  }

  /** All of the rollout that learning reads, to be put back later with `loadRollout`; needs the option `revalues`. */
  copyRollout(): RolloutCopy {
    const { views, rewards, terminated, truncated } = this.rollout;
    const { observations, actions, masks, logProbs, states, starts } = views;
    const arrays = { observations, actions, masks, logProbs, rewards, terminated, truncated, states, starts };
    const last = { finalObservations: this.#finalObservations!, lastObservations: this.#lastObservations };
    return structuredClone({ ...arrays, ...last });
  }

  /** Puts a copied rollout back; its values are those of the network at that time until `revalue` is called. */
  loadRollout(copy: RolloutCopy): void {
    const { views, rewards, terminated, truncated } = this.rollout;
    views.observations.set(copy.observations);
    views.actions.set(copy.actions);
    views.masks.set(copy.masks);
    views.logProbs.set(copy.logProbs);
    views.states.set(copy.states);
    views.starts.set(copy.starts);
    rewards.set(copy.rewards);
    terminated.set(copy.terminated);
    truncated.set(copy.truncated);
    this.#finalObservations!.set(copy.finalObservations);
    this.#lastObservations.set(copy.lastObservations);
  }

  /** What a policy must carry to see observations as this one does now; undefined without normalisation. */
  scaling(): PolicyDescription["scaling"] {
    const { clipObservations: clip } = this.#options;
    if (this.observationNormaliser === undefined || clip === undefined) return undefined;
    const mean = new Float32Array(this.environment.observationSize);
    const scale = new Float32Array(mean.length);
    this.observationNormaliser.write(mean, scale);
    return { mean, scale, clip };
  }

  save(): CollectorState {
    const { observationNormaliser, rewardNormaliser } = this;
    const moments = (m: { mean: Float64Array; variance: Float64Array; count: number }) => ({
      mean: [...m.mean],
      variance: [...m.variance],
      count: m.count,
    });
    return {
      step: this.#step,
      environments: this.environment.saveState(),
      episodes: this.episodes.save(),
      ...(this.#state.length > 0 && { memory: [...this.#state] }),
      ...(observationNormaliser && { observationMoments: moments(observationNormaliser.moments) }),
      ...(rewardNormaliser && {
        rewardMoments: { ...moments(rewardNormaliser.moments), returns: [...rewardNormaliser.returns] },
      }),
    };
  }

  load(state: CollectorState): void {
    this.#step = state.step;
    this.environment.loadState(state.environments);
    this.episodes.load(state.episodes);
    if (state.memory !== undefined) this.#state.set(state.memory);
    if (this.observationNormaliser !== undefined && state.observationMoments !== undefined) {
      this.observationNormaliser.moments.load(state.observationMoments);
    }
    if (this.rewardNormaliser !== undefined && state.rewardMoments !== undefined) {
      this.rewardNormaliser.moments.load(state.rewardMoments);
      this.rewardNormaliser.returns.set(state.rewardMoments.returns);
    }
    // Environments that cannot say where they were have started new episodes: nothing of the old ones counts for them.
    if (!this.environment.exactState) {
      this.episodes.restart();
      this.rewardNormaliser?.returns.fill(0);
      this.#state.fill(0);
    }
  }
}
