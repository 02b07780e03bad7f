/** HalfCheetah-v5: run to the right as fast as possible; it cannot fall so that an episode would end (Wawrzyński 2009). */
import { halfCheetahModel } from "../models/halfCheetah.ts";
import { actionCost } from "../numpySums.ts";
import type { MujocoTask } from "../task.ts";
import { completeOptions } from "./options.ts";
import { copyInto, noisyStart } from "./parts.ts";
import { facts } from "./taskFacts.ts";

const defaults = {
  forwardRewardWeight: 1,
  ctrlCostWeight: 0.1,
  resetNoiseScale: 0.1,
  excludeCurrentPositionsFromObservation: true,
};

export type HalfCheetahOptions = Partial<typeof defaults>;

/** @throws AscentError "option" for options that are none. */
export function halfCheetah(options: HalfCheetahOptions = {}): MujocoTask {
  const chosen = completeOptions("halfCheetah", defaults, options);
  const skipped = chosen.excludeCurrentPositionsFromObservation ? 1 : 0;
  return {
    ...facts["HalfCheetah-v5"],
    model: halfCheetahModel,
    frameSkip: 5,
    observationSize: 18 - skipped,
    observe: ({ qpos, qvel }, out, at) => copyInto(out, copyInto(out, at, qpos, skipped), qvel),
    start: noisyStart(chosen.resetNoiseScale, "normal"),
    rememberSize: 1,
    remember({ qpos }, out) {
      out[0] = qpos[0];
    },
    judge({ qpos }, step) {
      const xVelocity = (qpos[0] - step.before[0]) / step.seconds;
      const forward = chosen.forwardRewardWeight * xVelocity;
      const cost = actionCost(chosen.ctrlCostWeight, step.actions, step.from, step.count);
      step.reward = forward - cost;
      step.info.xPosition = qpos[0];
      step.info.xVelocity = xVelocity;
      step.info.rewardForward = forward;
      step.info.rewardCtrl = -cost;
    },
    describeStart({ qpos }, info) {
      info.xPosition = qpos[0];
    },
    view: { follow: "torso", width: 5, height: 2.3 },
  };
}
