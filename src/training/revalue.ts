/** The values of a whole rollout under the parameters of now, as one program. */

import type { ActorCritic } from "../policies/actorCritic.ts";
import { compile } from "../tensor/compile.ts";
import type { Engine } from "../tensor/engine.ts";
import { input } from "../tensor/graph.ts";
import { mul } from "../tensor/ops/elementwise.ts";
import { reshape, sliceAxis } from "../tensor/ops/layout.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";
import type { Program } from "../tensor/program.ts";
import { wholeRollout } from "./minibatch.ts";
import type { Rollout } from "./rollout.ts";

/**
 * Reads "finalObservations", normalised [rows, observationSize]; gives "value" and "finalValue" [rows]. With a memory it also
 * reads "going", 0 where an episode ended with the rollout [environments], and gives "lastStates" [environments, stateSize]
 * for the value behind the last step.
 */
export function compileRevalue(
  engine: Engine,
  network: ActorCritic,
  parameters: readonly ParameterBlock[],
  rollout: Rollout,
): Program {
  const { environments, observationSize } = rollout.shape;
  const { bindings, observations, memory } = wholeRollout(rollout);
  const finals = input("finalObservations", [rollout.rows, observationSize]);
  const value = network.value(observations, memory);
  const options = { name: "revalue", parameters, bindings };
  if (memory === undefined)
    return compile(engine, { ...options, outputs: { value, finalValue: network.value(finals) } });
  // What an episode ended on is seen with the state behind its last step.
  const states = network.memory!.after(observations, memory);
  const going = reshape(input("going", [environments]), [environments, 1]);
  const lastStates = mul(sliceAxis(states, 0, rollout.rows - environments, environments), going);
  return compile(engine, {
    ...options,
    outputs: { value, finalValue: network.value(finals, { state: states }), lastStates },
  });
}

/** Writes 0 where an episode ended with the rollout, 1 where it goes on [environments]. */
export function writeGoing({ terminated, truncated, rows }: Rollout, out: Float32Array): void {
  const first = rows - out.length;
  for (let i = 0; i < out.length; i++) out[i] = terminated[first + i] === 0 && truncated[first + i] === 0 ? 1 : 0;
}
