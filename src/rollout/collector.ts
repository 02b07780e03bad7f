/**
 * Runs the current policy in a batch of environments and writes what happens into a rollout. It owns everything that moves
 * while collecting (environments, normalisers, episode statistics, the acting network's memory), so its state is what a
 * resumed run needs to see the same future.
 */

import type { z } from "zod";
import type { BatchedEnvironment } from "../envs/batched.ts";
import { RewardNormaliser } from "../envs/rewardNormaliser.ts";
import { maskSize } from "../envs/spaces.ts";
import { due, finish, type Work } from "../pauses.ts";
import type { ActorCritic } from "../policies/actorCritic.ts";
import type { PolicyDescription } from "../policies/description.ts";
import { numericColumns } from "../policies/encode.ts";
import { ObservationScaler } from "../policies/observationScaling.ts";
import { deriveSeed, streams } from "../random/index.ts";
import type { Engine } from "../tensor/engine.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";
import { type ActionsAtBound, actionsAtBound } from "./actionsAtBound.ts";
import { Actor } from "./actor.ts";
import { requireFiniteEnd, requireFiniteFinal, requireFiniteStep } from "./collectChecks.ts";
import { type CollectorState, collectorForm } from "./collectorState.ts";
import { EpisodeTracker } from "./episodes.ts";
import { ObservationNormaliser } from "./normalise.ts";
import { observationScale } from "./observationScale.ts";
import { Rollout } from "./rollout.ts";
import { copyRollout, loadRollout, type RolloutCopy } from "./rolloutCopy.ts";
import { ValueRecomputation } from "./valueRecomputation.ts";

export interface CollectorOptions {
  /** Steps of each environment in a rollout. */
  nSteps: number;
  gamma: number;
  /** Clip normalised observations here; undefined: do not normalise. */
  clipObservations: number | undefined;
  /** Of a policy that is not trained any more: its observations are scaled by this, whatever is seen. */
  scaling?: PolicyDescription["scaling"];
  /** Clip normalised rewards here; undefined: do not normalise. */
  clipRewards: number | undefined;
  seed: number;
  /** Whether `revalue` will be called. Default false. */
  revalues?: boolean;
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
  /** Of what `save` gives. */
  readonly form: z.ZodType<CollectorState>;
  readonly #options: CollectorOptions;
  readonly #actor: Actor;
  readonly #atBound: ActionsAtBound | undefined;
  readonly #numeric: readonly boolean[];
  readonly #recomputation: ValueRecomputation | undefined;
  /** What the environments give, with all the digits they have [environments × observationSize]. */
  readonly #observations: Float32Array | Float64Array;
  readonly #finalObservations: Float32Array | Float64Array;
  /** What lies behind a step: where an episode was cut off, its last observation [environments × observationSize]. */
  readonly #behind: Float64Array;

  constructor(
    engine: Engine,
    environment: BatchedEnvironment,
    network: ActorCritic,
    parameters: readonly ParameterBlock[],
    options: CollectorOptions,
  ) {
    const { observationSpace, actionSpace, count, observationSize, actionSize, actionMasks } = environment;
    const { clipObservations, clipRewards, gamma, nSteps, seed } = options;
    this.environment = environment;
    this.#options = options;
    this.#observations = environment.exactObservations ?? environment.observations;
    this.#finalObservations = environment.exactFinalObservations ?? environment.finalObservations;
    if (clipObservations !== undefined) {
      this.observationNormaliser = new ObservationNormaliser(observationSpace, clipObservations);
    }
    const fixed = options.scaling && new ObservationScaler(observationSpace, options.scaling);
    const scaler = fixed ?? this.observationNormaliser;
    this.#actor = new Actor(engine, environment, network, parameters, { seed, scaler });
    this.rollout = new Rollout(engine, {
      steps: nSteps,
      environments: count,
      observationSize,
      actionSize,
      maskSize: actionMasks === undefined ? 0 : (maskSize(actionSpace) ?? 0),
      stateSize: network.memory?.stateSize ?? 0,
    });
    this.#atBound = actionsAtBound(actionSpace);
    this.#numeric = numericColumns(observationSpace);
    this.episodes = new EpisodeTracker(count);
    this.#behind = new Float64Array(count * observationSize);
    if (options.revalues) this.#recomputation = new ValueRecomputation(engine, network, parameters, this.rollout);
    if (clipRewards !== undefined) this.rewardNormaliser = new RewardNormaliser(count, gamma, clipRewards);
    const { episodes, observationNormaliser, rewardNormaliser } = this;
    const kept = { rows: this.rollout.rows, memory: this.#actor.state.length };
    this.form = collectorForm({ ...kept, episodes, observationNormaliser, rewardNormaliser });
    environment.reset(seed);
    this.#observe();
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
    finish(this.collecting());
  }

  /** As `collect`, as work that stops now and then. */
  *collecting(): Work<void> {
    const { steps } = this.rollout.shape;
    this.#begin();
    let clock = performance.now();
    for (let t = 0; t < steps; t++) {
      clock = this.#advance(t, clock);
      if (!due(clock)) continue;
      yield;
      clock = performance.now();
    }
    this.#finish(steps);
  }

  /**
   * One whole episode of every environment, all begun afresh: what Monte-Carlo returns need. Environment i's episode is the
   * rows of its first `lengths[i]` steps; an episode longer than `nSteps` is cut there, and `lastValues` has the value behind.
   * Only these episodes count in `episodes`: those begun while others were still going on would mostly be short ones.
   *
   * @param batch number of the batch: with the seed it decides the starting states.
   * @param lengths written: steps of each episode [environments].
   * @param cut written: 1 where the episode had to be cut [environments].
   * @returns environment steps made, those after an early end included.
   * @throws AscentError "non-finite" as `collect`.
   */
  collectEpisodes(batch: number, lengths: Int32Array, cut: Uint8Array): number {
    return finish(this.collectingEpisodes(batch, lengths, cut));
  }

  /** As `collectEpisodes`, as work that stops now and then. */
  *collectingEpisodes(batch: number, lengths: Int32Array, cut: Uint8Array): Work<number> {
    const { environment, rollout } = this;
    const { steps } = rollout.shape;
    environment.reset(deriveSeed(this.#options.seed, streams.episodeBatches, 0, batch));
    this.#restart();
    this.#begin();
    lengths.fill(0);
    let open = environment.count;
    let t = 0;
    let clock = performance.now();
    for (; t < steps && open > 0; t++) {
      clock = this.#advance(t, clock, lengths);
      if (due(clock)) {
        yield;
        clock = performance.now();
      }
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
    this.#finish(t);
    return t * environment.count;
  }

  /** What the rollout just collected says of the scale of observations and of actions at their bounds (docs/metrics.md). */
  signs(): { observationScale: number; actionsAtBound?: number } {
    const { views, filled, shape } = this.rollout;
    const scale = observationScale(views.observations, filled * shape.environments, this.#numeric);
    return { observationScale: scale, ...(this.#atBound && { actionsAtBound: this.#atBound.take() }) };
  }

  #begin(): void {
    this.times.act = 0;
    this.times.env = 0;
    this.rollout.views.states.set(this.#actor.state);
    this.#recomputation?.ends.clear();
  }

  /**
   * Step t of the rollout, in every environment.
   *
   * @param begin the clock before it: reading one takes its time.
   * @param done not 0 where what happens is no longer to be counted.
   * @returns the clock behind it.
   */
  #advance(t: number, begin: number, done?: Int32Array): number {
    const { environment, rollout } = this;
    const offset = t * environment.count;
    this.#actor.decide(t, rollout);
    const decided = performance.now();
    this.#atBound?.count(this.#actor.actions);
    environment.step(this.#actor.actions);
    requireFiniteStep(environment, t);
    const { rewards, terminated, truncated } = environment;
    this.episodes.step(rewards, terminated, truncated, done);
    rollout.terminated.set(terminated, offset);
    rollout.truncated.set(truncated, offset);
    if (this.rewardNormaliser === undefined) rollout.rewards.set(rewards, offset);
    else this.rewardNormaliser.apply(rewards, terminated, truncated, rollout.rewards, offset);
    const stepped = performance.now();
    this.#valueFinalObservations(t);
    this.#actor.moveOn(t + 1, rollout);
    this.#observe();
    const end = performance.now();
    this.times.act += decided - begin + (end - stepped);
    this.times.env += stepped - decided;
    return end;
  }

  /** A cut-off episode goes on in principle: its last observation, not the next episode's first, gives the value behind it. */
  #valueFinalObservations(t: number): void {
    const { environment } = this;
    const { terminated, truncated, count, observationSize: size } = environment;
    let cutOff = 0;
    for (let i = 0; i < count; i++) {
      if (truncated[i] === 0 || terminated[i] !== 0) continue;
      // Final observations of the others mean nothing, and need not even be of the space.
      if (cutOff++ === 0) this.#behind.set(this.#observations);
      for (let j = i * size; j < (i + 1) * size; j++) this.#behind[j] = this.#finalObservations[j];
    }
    if (cutOff === 0) return;
    const program = this.#actor.value(this.#behind, this.#actor.stateBehind);
    requireFiniteFinal(environment, program, t);
    const value = program.output("value");
    for (let i = 0; i < count; i++) {
      if (truncated[i] === 0 || terminated[i] !== 0) continue;
      this.rollout.finalValues[t * count + i] = value[i];
      this.#recomputation?.ends.add(t * count + i, program.input("observation"), i);
    }
  }

  /** Lets the normaliser see what the environments show now. */
  #observe(): void {
    this.observationNormaliser?.update(this.#observations, this.environment.count);
  }

  #finish(steps: number): void {
    const { environment, rollout } = this;
    rollout.finish(steps);
    const program = this.#actor.value(this.#observations, this.#actor.state);
    rollout.lastValues.set(program.output("value"));
    this.#recomputation?.ends.last.set(program.input("observation"));
    requireFiniteEnd(environment, rollout, program);
  }

  /** All environments have begun anew: nothing of the old episodes counts for them. */
  #restart(): void {
    this.episodes.restart();
    this.rewardNormaliser?.restart();
    this.#actor.state.fill(0);
  }

  /** Computes the rollout's values anew, with the parameters of now; needs the option `revalues`. */
  revalue(): void {
    finish(this.revaluing());
  }

  /** As `revalue`, as work that stops now and then. */
  revaluing(): Work<void> {
    return this.#requireRecomputation().running();
  }

  /** All of the rollout that learning reads, to be put back later with `loadRollout`; needs the option `revalues`. */
  copyRollout(): RolloutCopy {
    return copyRollout(this.rollout, this.#requireRecomputation().ends);
  }

  /** Puts a copied rollout back; its values are to be computed anew by `revalue`. */
  loadRollout(copy: RolloutCopy): void {
    loadRollout(this.rollout, this.#requireRecomputation().ends, copy);
  }

  #requireRecomputation(): ValueRecomputation {
    if (this.#recomputation === undefined) throw new Error("Collector: made without the option revalues");
    return this.#recomputation;
  }

  /** What a policy must carry to see observations as this one does now; undefined without normalisation. */
  scaling(): PolicyDescription["scaling"] {
    return this.observationNormaliser?.scaling();
  }

  save(): CollectorState {
    const { observationNormaliser, rewardNormaliser } = this;
    const { steps, state } = this.#actor;
    return {
      step: steps,
      rows: this.rollout.rows,
      environments: this.environment.saveState(),
      episodes: this.episodes.save(),
      ...(state.length > 0 && { memory: [...state] }),
      ...(observationNormaliser && { observationMoments: observationNormaliser.save() }),
      ...(rewardNormaliser && { rewardMoments: rewardNormaliser.save() }),
    };
  }

  /**
   * @param state of this collector's `form`.
   * @throws AscentError "file" when the environments refuse theirs; nothing else has been loaded then.
   */
  load(state: CollectorState): void {
    this.environment.loadState(state.environments);
    this.#actor.steps = state.step;
    this.episodes.load(state.episodes);
    if (state.memory !== undefined) this.#actor.state.set(state.memory);
    if (state.observationMoments !== undefined) this.observationNormaliser?.load(state.observationMoments);
    if (state.rewardMoments !== undefined) this.rewardNormaliser?.load(state.rewardMoments);
    if (!this.environment.exactState) this.#restart();
  }
}
