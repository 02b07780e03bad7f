/**
 * The network at work in a batch of environments: what it does in each step, what it thinks a state is worth, and what it
 * remembers from step to step. What becomes of that is the collector's business.
 */

import type { BatchedEnvironment } from "../envs/batched.ts";
import { flatSize, maskSize } from "../envs/spaces.ts";
import type { ActorCritic } from "../policies/actorCritic.ts";
import { clipToSpace } from "../policies/clipToSpace.ts";
import type { ObservationScaler } from "../policies/observationScaling.ts";
import { streams, writeKey } from "../random/index.ts";
import { compile } from "../tensor/compile.ts";
import type { Engine } from "../tensor/engine.ts";
import { input } from "../tensor/graph.ts";
import { randomKey } from "../tensor/ops/random.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";
import type { Program } from "../tensor/program.ts";
import { refuseDecision, requireChoice } from "./collectChecks.ts";
import { timesZero } from "./finite.ts";
import type { Rollout } from "./rollout.ts";

export class Actor {
  /** For the environments, clipped to their space [environments × actionSize]. */
  readonly actions: Float32Array;
  /** Remembered before the next step: zeros where an episode begins [environments × stateSize]. */
  readonly state: Float32Array;
  /** Remembered behind the last step, also of episodes that ended there. */
  readonly stateBehind: Float32Array;
  /** Decisions since the start: the counter of the action randomness. */
  steps = 0;
  readonly #environment: BatchedEnvironment;
  /** With all the digits the environment gives. */
  readonly #observations: Float32Array | Float64Array;
  readonly #seed: number;
  readonly #scaler: Pick<ObservationScaler, "apply"> | undefined;
  readonly #act: Program;
  readonly #value: Program;

  /** @param scaler through which observations are seen; undefined: as they are. */
  constructor(
    engine: Engine,
    environment: BatchedEnvironment,
    network: ActorCritic,
    parameters: readonly ParameterBlock[],
    { seed, scaler }: { seed: number; scaler: Pick<ObservationScaler, "apply"> | undefined },
  ) {
    const { observationSpace, actionSpace, count, actionSize, actionMasks } = environment;
    this.#environment = environment;
    this.#observations = environment.exactObservations ?? environment.observations;
    this.#seed = seed;
    this.#scaler = scaler;
    const observation = input("observation", [count, flatSize(observationSpace)]);
    const mask = actionMasks && input("mask", [count, maskSize(actionSpace) ?? 0]);
    const stateSize = network.memory?.stateSize ?? 0;
    const memory = stateSize > 0 ? { state: input("state", [count, stateSize]) } : undefined;
    const distribution = network.distribution(observation, { mask, memory });
    const action = distribution.sample(randomKey());
    const value = network.value(observation, memory);
    this.#act = compile(engine, {
      name: "act",
      parameters,
      outputs: {
        action,
        logProb: distribution.logProb(action),
        value,
        ...(memory && { state: network.memory!.after(observation, memory) }),
      },
    });
    this.#value = compile(engine, { name: "value", parameters, outputs: { value } });
    this.actions = new Float32Array(count * actionSize);
    this.state = new Float32Array(count * stateSize);
    this.stateBehind = new Float32Array(count * stateSize);
  }

  /** Writes observations as the environments give them into a program, as the network is to see them. */
  #show(program: Program, observations: Float32Array | Float64Array): Float32Array {
    const seen = program.input("observation");
    if (this.#scaler === undefined) seen.set(observations);
    else this.#scaler.apply(observations, seen);
    return seen;
  }

  /** One decision for every environment, left in `actions` and recorded as step t of the rollout. */
  decide(t: number, { views }: Rollout): void {
    const { count, observationSize, actionSize, actionSpace, actionMasks } = this.#environment;
    const act = this.#act;
    const seen = this.#show(act, this.#observations);
    if (this.state.length > 0) act.input("state").set(this.state);
    if (actionMasks !== undefined) {
      requireChoice(this.#environment, t);
      act.input("mask").set(actionMasks);
      views.masks.set(actionMasks, t * actionMasks.length);
    }
    writeKey(act.inputInts("randomKey"), this.#seed, streams.actions, this.steps++);
    act.run();
    const action = act.output("action");
    const logProb = act.output("logProb");
    const value = act.output("value");
    const zero = timesZero(seen) + timesZero(value) + timesZero(action) + timesZero(logProb);
    if (zero !== 0) refuseDecision(this.#environment, act, t);
    const row = t * count;
    views.observations.set(seen, row * observationSize);
    views.actions.set(action, row * actionSize);
    views.logProbs.set(logProb, row);
    views.values.set(value, row);
    views.oldValues.set(value, row);
    clipToSpace(actionSpace, action, this.actions);
    if (this.state.length > 0) this.stateBehind.set(act.output("state"));
  }

  /**
   * Moves on to the next step's states: what is behind this one, zeros where an episode ended.
   *
   * @param next number of the next step; where it is still the rollout's, what begins there is recorded.
   */
  moveOn(next: number, { views, shape }: Rollout): void {
    const { stateSize = 0, steps } = shape;
    if (stateSize === 0) return;
    const { count, terminated, truncated } = this.#environment;
    this.state.set(this.stateBehind);
    for (let i = 0; i < count; i++) {
      const ended = terminated[i] !== 0 || truncated[i] !== 0;
      if (ended) this.state.fill(0, i * stateSize, (i + 1) * stateSize);
      if (next < steps) views.starts[next * count + i] = ended ? 1 : 0;
    }
  }

  /**
   * V of observations as the environments give them. Every row must be an observation of the space.
   *
   * @param state what the network remembers of what came before [environments × stateSize].
   * @returns the program that computed it, with the output "value" [environments] and, normalised, the input "observation".
   */
  value(observations: Float32Array | Float64Array, state: Float32Array): Program {
    this.#show(this.#value, observations);
    if (state.length > 0) this.#value.input("state").set(state);
    this.#value.run();
    return this.#value;
  }
}
