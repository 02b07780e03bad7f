/** Rewards as a function of rewards. */
import { callback, checkArguments } from "../../arguments/checks.ts";
import { environmentCheck } from "../contract.ts";
import type { Environment } from "../environment.ts";
import type { Space } from "../spaces.ts";
import { passThrough } from "./passThrough.ts";

const transformArguments = { environment: environmentCheck, transform: callback };

/** Replaces every reward by transform(reward). */
export function transformReward<Observation, Action, ObservationSpace extends Space, ActionSpace extends Space>(
  environment: Environment<Observation, Action, ObservationSpace, ActionSpace>,
  transform: (reward: number) => number,
): Environment<Observation, Action, ObservationSpace, ActionSpace> {
  checkArguments("transformReward", transformArguments, { environment, transform });
  return passThrough(environment, {
    step(action) {
      const result = environment.step(action);
      return { ...result, reward: transform(result.reward) };
    },
  });
}
