/** Every action taken several times in a row. */
import { checkArguments, wholeNumber } from "../../arguments/checks.ts";
import { environmentCheck } from "../contract.ts";
import type { Environment } from "../environment.ts";
import { maskAllows } from "../masks.ts";
import type { Space } from "../spaces.ts";
import { passThrough } from "./passThrough.ts";

const repeatArguments = {
  environment: environmentCheck,
  times: { ...wholeNumber(1), fix: "Give how often each action is taken." },
};

/**
 * Takes each action `times` times; what is seen is the last step, with the sum of the rewards. It stops early at the episode's end,
 * and where the action mask no longer allows the action. Time limits inside count the environment's steps, those around it
 * count repeats.
 *
 * @throws AscentError "option" unless times is an integer ≥ 1.
 */
export function actionRepeat<Observation, Action, ObservationSpace extends Space, ActionSpace extends Space>(
  environment: Environment<Observation, Action, ObservationSpace, ActionSpace>,
  times: number,
): Environment<Observation, Action, ObservationSpace, ActionSpace> {
  checkArguments("actionRepeat", repeatArguments, { environment, times });
  return passThrough(environment, {
    step(action) {
      let result = environment.step(action);
      let { reward } = result;
      for (let taken = 1; taken < times && !result.terminated && !result.truncated; taken++) {
        const mask = environment.actionMask?.();
        if (mask !== undefined && !maskAllows(environment.actionSpace, mask, action)) break;
        result = environment.step(action);
        reward += result.reward;
      }
      return { ...result, reward };
    },
  });
}
