/**
 * The one body that steps any classic-control task in batches: seeds, time limit, autoreset, checks and saved state.
 * What differs between the tasks is data (dynamics.ts).
 */

import { z } from "zod";
import { checkArgument, having } from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import { checkSeed, RandomStream } from "../../random/stream.ts";
import { streams } from "../../random/streams.ts";
import type { Scene } from "../../scenes/scene.ts";
import type { BatchedEnvironment, EnvironmentSpec } from "../batched.ts";
import {
  checkActionsLength,
  checkCount,
  checkFirstIndex,
  checkIndex,
  checkSavedLength,
  parseSaved,
  refuseAction,
  refuseBeforeReset,
} from "../checks.ts";
import { exactNumber } from "../exactNumberForm.ts";
import { fromExact, toExact } from "../exactNumbers.ts";
import { singleFromBatched } from "../singleFromBatched.ts";
import { describe, type Space, whyNotFlat } from "../spaces.ts";
import type { Dynamics } from "./dynamics.ts";

const savedForm = z.object({
  id: z.string(),
  seed: z.int().min(0),
  episodes: z.array(z.int().min(0)),
  steps: z.array(z.int().min(0)),
  state: z.array(exactNumber),
});

const dynamicsCheck = {
  ...having("the dynamics of a task", "id", "observationSpace", "actionSpace"),
  fix: "Give cartPole, pendulum or dynamics of your own.",
};

export class ClassicControl implements BatchedEnvironment {
  readonly id: string;
  readonly count: number;
  readonly firstIndex: number;
  readonly observationSpace: Space;
  readonly actionSpace: Space;
  readonly observationSize: number;
  readonly actionSize = 1;
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly exactState = true;
  readonly scene?: (index: number) => Scene;
  readonly finalScene?: (index: number) => Scene;
  readonly #dynamics: Dynamics;
  /** [count × stateSize] */
  readonly #state: Float64Array;
  /** [count × stateSize]; row i is the state that episode ended in, as finalObservations. */
  readonly #finalState: Float64Array;
  /** [count]; what the last step was taken with, for pictures; NaN where that is not known. */
  readonly #actions: Float32Array;
  readonly #steps: Int32Array;
  readonly #episodes: Float64Array;
  /** One stream an environment; each episode takes stateSize numbers, so the episode number says where to read. */
  #random: RandomStream[] = [];

  /** count: integer ≥ 1; firstIndex: of a slice, the number of its first environment. */
  constructor(dynamics: Dynamics, count: number, firstIndex = 0) {
    checkArgument("ClassicControl: dynamics", dynamicsCheck, dynamics);
    checkCount(dynamics.id, count);
    checkFirstIndex(dynamics.id, firstIndex);
    this.id = dynamics.id;
    this.count = count;
    this.firstIndex = firstIndex;
    this.observationSpace = dynamics.observationSpace;
    this.actionSpace = dynamics.actionSpace;
    this.observationSize = dynamics.observationSpace.low.length;
    this.observations = new Float32Array(count * this.observationSize);
    this.finalObservations = new Float32Array(count * this.observationSize);
    this.rewards = new Float64Array(count);
    this.terminated = new Uint8Array(count);
    this.truncated = new Uint8Array(count);
    this.#dynamics = dynamics;
    this.#state = new Float64Array(count * dynamics.initialLow.length);
    this.#finalState = new Float64Array(this.#state.length);
    this.#actions = new Float32Array(count);
    this.#steps = new Int32Array(count);
    this.#episodes = new Float64Array(count);
    const draw = dynamics.scene;
    if (draw === undefined) return;
    this.scene = (index) => this.#draw(draw, index, this.#state, this.#steps[index] > 0);
    this.finalScene = (index) => this.#draw(draw, index, this.#finalState, true);
  }

  reset(seed: number): void {
    this.#seed(seed);
    this.#episodes.fill(0);
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
    for (let i = 0; i < this.count; i++) this.#start(i);
  }

  step(actions: Float32Array): void {
    if (this.#random.length === 0) refuseBeforeReset(this.id, "step");
    checkActionsLength(this.id, actions, this.count);
    this.#checkActions(actions);
    const { count, observations, rewards, terminated, truncated } = this;
    const { maxEpisodeSteps, advance, observe } = this.#dynamics;
    const state = this.#state;
    const steps = this.#steps;
    const lastActions = this.#actions;
    advance(state, actions, rewards, terminated, count);
    observe(state, observations, 0, count);
    for (let i = 0; i < count; i++) {
      const taken = steps[i] + 1;
      steps[i] = taken;
      // One store in a loop that runs anyway: a call that copies would cost a small batch a hundredth of its step.
      lastActions[i] = actions[i];
      const cut = taken >= maxEpisodeSteps;
      truncated[i] = cut ? 1 : 0;
      if (cut || terminated[i] === 1) this.#restart(i);
    }
  }

  saveState(): unknown {
    if (this.#random.length === 0) refuseBeforeReset(this.id, "saveState");
    return {
      id: this.id,
      seed: this.#random[0].seed,
      episodes: [...this.#episodes],
      steps: [...this.#steps],
      state: toExact(this.#state),
    };
  }

  /** A state that is refused (AscentError "file") changes nothing. */
  loadState(saved: unknown): void {
    const { seed, episodes, steps, state } = parseSaved(this, savedForm, saved);
    checkSavedLength(this, "episode numbers", episodes.length, this.count);
    checkSavedLength(this, "step counts", steps.length, this.count);
    checkSavedLength(this, "numbers of state", state.length, this.#state.length);
    const numbers = Float64Array.from(fromExact(state));
    const observations = new Float32Array(this.observations.length);
    this.#dynamics.observe(numbers, observations, 0, this.count);
    for (let i = 0; i < this.count; i++) {
      const reason = whyNotFlat(this.observationSpace, observations, i * this.observationSize);
      if (reason === undefined) continue;
      throw new AscentError("file", {
        what: `The saved state of ${this.id} is not one of a running episode`,
        got: `an observation of environment ${this.firstIndex + i} with ${reason}`,
        expected: `one of ${describe(this.observationSpace)}`,
        fix: "Load what saveState of this environment gave, unchanged.",
      });
    }
    this.#seed(seed);
    this.#episodes.set(episodes);
    this.#steps.set(steps);
    this.#actions.fill(Number.NaN);
    this.#state.set(numbers);
    this.observations.set(observations);
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
  }

  #seed(seed: number): void {
    checkSeed(seed);
    const { count, firstIndex } = this;
    this.#random = Array.from(
      { length: count },
      (_, i) => new RandomStream(seed, streams.environmentStates, firstIndex + i),
    );
  }

  #draw(draw: NonNullable<Dynamics["scene"]>, index: number, state: Float64Array, moved: boolean): Scene {
    checkIndex(this, index);
    if (this.#random.length === 0) refuseBeforeReset(this.id, "scene");
    const size = this.#dynamics.initialLow.length;
    const action = this.#actions[index];
    const known = moved && !Number.isNaN(action);
    return draw(state.slice(index * size, (index + 1) * size), known ? action : undefined);
  }

  /** Keeps the observation and the state the episode ended on, then starts the next episode. */
  #restart(i: number): void {
    const from = i * this.observationSize;
    for (let j = from; j < from + this.observationSize; j++) this.finalObservations[j] = this.observations[j];
    const size = this.#dynamics.initialLow.length;
    for (let j = i * size; j < (i + 1) * size; j++) this.#finalState[j] = this.#state[j];
    this.#episodes[i]++;
    this.#start(i);
  }

  #start(i: number): void {
    const { initialLow, initialHigh, initialSingle } = this.#dynamics;
    const random = this.#random[i];
    const size = initialLow.length;
    random.counter = this.#episodes[i] * size;
    for (let j = 0; j < size; j++) {
      const value = random.uniformBetween(initialLow[j], initialHigh[j]);
      this.#state[i * size + j] = initialSingle ? Math.fround(value) : value;
    }
    this.#steps[i] = 0;
    this.#dynamics.observe(this.#state, this.observations, i, i + 1);
  }

  /** All actions before the first is taken, so that a bad one changes nothing. Continuous ones need only be finite. */
  #checkActions(actions: Float32Array): void {
    const { count, actionSpace } = this;
    const n = actionSpace.kind === "discrete" ? actionSpace.n : 0;
    for (let i = 0; i < count; i++) {
      const action = actions[i];
      if (n > 0 ? (action | 0) === action && action >= 0 && action < n : action - action === 0) continue;
      const reason = n > 0 ? (whyNotFlat(actionSpace, actions, i) ?? "") : `${action} is not finite`;
      refuseAction(this, i, this.#steps[i], reason);
    }
  }
}

/** The registry's entry for a task. */
export function classicSpec(dynamics: Dynamics): EnvironmentSpec {
  checkArgument("classicSpec: dynamics", dynamicsCheck, dynamics);
  const { id, summary, maxEpisodeSteps, rewardThreshold } = dynamics;
  return {
    id,
    summary,
    maxEpisodeSteps,
    rewardThreshold,
    make: (count, firstIndex) => new ClassicControl(dynamics, count, firstIndex),
    makeSingle: () => singleFromBatched(new ClassicControl(dynamics, 1)),
    startFrom(environment, initial) {
      const { count } = environment;
      const size = dynamics.initialLow.length;
      const first = initial["state"] ?? [];
      if (first.length !== size) {
        throw new AscentError("file", {
          what: `The recording does not say how its episode of ${id} began`,
          got: initial["state"] === undefined ? "no initial.state" : `${first.length} numbers in initial.state`,
          expected: `${size} numbers`,
          fix: "Record the environment's own state after reset with each episode: initial: { state: [...] }.",
        });
      }
      const zeros = new Array<number>(count).fill(0);
      const state = [...first, ...new Array<number>((count - 1) * size).fill(0)];
      environment.loadState({ id, seed: 0, episodes: zeros, steps: zeros, state });
    },
  };
}
