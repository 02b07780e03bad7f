/**
 * V(s) of a collected rollout again, under the parameters of now: for PPO's and A2C's `recomputeAdvantages` and for replayed
 * batches, where the values of the time of collecting are out of date. All rows are one program; the observations that returns
 * are bootstrapped from (`ends`, which the collector fills in) go through a second one, as many at a time as there are
 * environments. Writes values only: advantages are estimateAdvantages.ts, what the values were when collected is the rollout's.
 */

import type { Work } from "../pauses.ts";
import type { ActorCritic } from "../policies/actorCritic.ts";
import { compile } from "../tensor/compile.ts";
import type { Engine } from "../tensor/engine.ts";
import { input } from "../tensor/graph.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";
import type { Program } from "../tensor/program.ts";
import { BootstrapObservations } from "./bootstrapObservations.ts";
import { wholeRollout } from "./minibatch.ts";
import type { Rollout } from "./rollout.ts";

export class ValueRecomputation {
  readonly ends: BootstrapObservations;
  readonly #rollout: Rollout;
  /** V of all rows, and with a memory the states behind them. */
  readonly #rows: Program;
  /** V of one normalised observation for each environment, with a memory given the state before it. */
  readonly #behind: Program;

  constructor(engine: Engine, network: ActorCritic, parameters: readonly ParameterBlock[], rollout: Rollout) {
    const { environments, observationSize, stateSize = 0 } = rollout.shape;
    this.#rollout = rollout;
    this.ends = new BootstrapObservations(environments, observationSize);
    const { bindings, observations, memory } = wholeRollout(rollout);
    const states = memory && { states: network.memory!.after(observations, memory) };
    const outputs = { value: network.value(observations, memory), ...states };
    this.#rows = compile(engine, { name: "revalue", parameters, bindings, outputs });
    const behind = input("observation", [environments, observationSize]);
    const before = memory && { state: input("state", [environments, stateSize]) };
    const value = network.value(behind, before);
    this.#behind = compile(engine, { name: "value behind ends", parameters, outputs: { value } });
  }

  /** Writes the rollout's `values`, `finalValues` and `lastValues` anew; what the values were when collected stays. */
  *running(): Work<void> {
    yield* this.#rows.running();
    this.#rollout.views.values.set(this.#rows.output("value"));
    yield* this.#valueCutOffs();
    this.#valueLast();
  }

  *#valueCutOffs(): Work<void> {
    const { rows, observations, count } = this.ends;
    const { environments, observationSize: size } = this.#rollout.shape;
    for (let start = 0; start < count; start += environments) {
      const found = Math.min(environments, count - start);
      const seen = this.#behind.input("observation");
      for (let i = 0; i < environments; i++) {
        // The network sees real observations only: a short end is filled up with its first.
        const k = start + (i < found ? i : 0);
        seen.set(observations.subarray(k * size, (k + 1) * size), i * size);
        this.#remember(i, rows[k]);
      }
      yield* this.#behind.running();
      const value = this.#behind.output("value");
      for (let i = 0; i < found; i++) this.#rollout.finalValues[rows[start + i]] = value[i];
    }
  }

  #valueLast(): void {
    const { terminated, truncated, rows, shape, lastValues } = this.#rollout;
    this.#behind.input("observation").set(this.ends.last);
    for (let i = 0; i < shape.environments; i++) {
      const row = rows - shape.environments + i;
      // Where an episode ended with the rollout, the next one remembers nothing.
      this.#remember(i, terminated[row] === 0 && truncated[row] === 0 ? row : undefined);
    }
    this.#behind.run();
    lastValues.set(this.#behind.output("value"));
  }

  /** Gives row i of the program behind ends the state that the network had behind a row; undefined: an empty one. */
  #remember(i: number, row: number | undefined): void {
    const { stateSize = 0 } = this.#rollout.shape;
    if (stateSize === 0) return;
    const state = this.#behind.input("state");
    if (row === undefined) state.fill(0, i * stateSize, (i + 1) * stateSize);
    else state.set(this.#rows.output("states").subarray(row * stateSize, (row + 1) * stateSize), i * stateSize);
  }
}
