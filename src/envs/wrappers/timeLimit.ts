/** A limit on the steps of an episode. */
import { z } from "zod";
import { checkArguments, wholeNumber } from "../../arguments/checks.ts";
import { environmentCheck } from "../contract.ts";
import type { Environment } from "../environment.ts";
import type { Space } from "../spaces.ts";
import { passThrough, remembering } from "./passThrough.ts";

const form = z.object({ steps: z.int().min(0) });

const timeLimitArguments = {
  environment: environmentCheck,
  steps: { ...wholeNumber(1), fix: "Give the number of steps after which an episode is cut off." },
};

/**
 * Truncates episodes at `steps` steps. An episode that also terminates on its last step reports both. Throws AscentError
 * "option" unless steps is an integer ≥ 1.
 */
export function timeLimit<Observation, Action, ObservationSpace extends Space, ActionSpace extends Space>(
  environment: Environment<Observation, Action, ObservationSpace, ActionSpace>,
  steps: number,
): Environment<Observation, Action, ObservationSpace, ActionSpace> {
  checkArguments("timeLimit", timeLimitArguments, { environment, steps });
  let taken = 0;
  return passThrough(environment, {
    reset(options) {
      taken = 0;
      return environment.reset(options);
    },
    step(action) {
      const result = environment.step(action);
      taken++;
      return taken >= steps ? { ...result, truncated: true } : result;
    },
    ...remembering("timeLimit", environment, {
      form,
      save: () => ({ steps: taken }),
      load: (kept) => {
        taken = kept.steps;
      },
    }),
  });
}
