/** Actions brought within their bounds. */
import { checkArgument } from "../../arguments/checks.ts";
import { environmentCheck } from "../contract.ts";
import type { Environment } from "../environment.ts";
import type { Space } from "../spaces.ts";
import { boxOf } from "./boxOf.ts";
import { passThrough } from "./passThrough.ts";

/**
 * Clips Box actions to the bounds of the action space before they reach the environment.
 * @throws AscentError "space" unless actions are a Box.
 */
export function clipAction<Observation, ObservationSpace extends Space, ActionSpace extends Space>(
  environment: Environment<Observation, Float32Array, ObservationSpace, ActionSpace>,
): Environment<Observation, ArrayLike<number>, ObservationSpace, ActionSpace> {
  checkArgument("clipAction: environment", environmentCheck, environment);
  const fix = "Leave clipAction out: only Box actions can be outside their bounds a little.";
  const { low, high } = boxOf("clipAction", "actions", environment.actionSpace, fix);
  return passThrough(environment, {
    step: (action: ArrayLike<number>) =>
      environment.step(Float32Array.from(action, (x, i) => Math.min(Math.max(x, low[i]), high[i]))),
  });
}
