/** Swimmer-v5: three rods in a fluid, to be moved to the right (Coulom 2002). */
import { swimmerModel } from "../models/swimmer.ts";
import { actionCost } from "../numpySums.ts";
import type { MujocoTask } from "../task.ts";
import { completeOptions } from "./options.ts";
import { copyInto, distanceFromOrigin, noisyStart } from "./parts.ts";
import { facts } from "./taskFacts.ts";

const defaults = {
  forwardRewardWeight: 1,
  ctrlCostWeight: 1e-4,
  resetNoiseScale: 0.1,
  excludeCurrentPositionsFromObservation: true,
};

export type SwimmerOptions = Partial<typeof defaults>;

/** @throws AscentError "option" for options that are none. */
export function swimmer(options: SwimmerOptions = {}): MujocoTask {
  const chosen = completeOptions("swimmer", defaults, options);
  const skipped = chosen.excludeCurrentPositionsFromObservation ? 2 : 0;
  return {
    ...facts["Swimmer-v5"],
    model: swimmerModel,
    frameSkip: 4,
    observationSize: 10 - skipped,
    observe: ({ qpos, qvel }, out, at) => copyInto(out, copyInto(out, at, qpos, skipped), qvel),
    start: noisyStart(chosen.resetNoiseScale),
    rememberSize: 2,
    remember({ qpos }, out) {
      out[0] = qpos[0];
      out[1] = qpos[1];
    },
    judge(physics, step) {
      const { qpos } = physics;
      const xVelocity = (qpos[0] - step.before[0]) / step.seconds;
      const forward = chosen.forwardRewardWeight * xVelocity;
      const cost = actionCost(chosen.ctrlCostWeight, step.actions, step.from, step.count);
      step.reward = forward - cost;
      step.info.xPosition = qpos[0];
      step.info.yPosition = qpos[1];
      step.info.distanceFromOrigin = distanceFromOrigin(physics);
      step.info.xVelocity = xVelocity;
      step.info.yVelocity = (qpos[1] - step.before[1]) / step.seconds;
      step.info.rewardForward = forward;
      step.info.rewardCtrl = -cost;
    },
    describeStart(physics, info) {
      info.xPosition = physics.qpos[0];
      info.yPosition = physics.qpos[1];
      info.distanceFromOrigin = distanceFromOrigin(physics);
    },
    view: { from: "above", follow: "torso", width: 8, height: 4.5 },
  };
}
