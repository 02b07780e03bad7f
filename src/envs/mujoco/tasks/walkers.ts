/**
 * Hopper-v5 and Walker2d-v5: move to the right without falling (Erez, Tassa and Todorov 2011). They are judged alike: speed, a
 * reward for each step in which they are healthy, a cost of the action.
 */
import { hopperModel } from "../models/hopper.ts";
import { walker2dModel } from "../models/walker2d.ts";
import { actionCost } from "../numpySums.ts";
import type { Physics } from "../physics.ts";
import type { Judgement, MujocoTask } from "../task.ts";
import { completeOptions, type Range } from "./options.ts";
import { copyClipped, copyInto, noisyStart, within } from "./parts.ts";
import { facts } from "./taskFacts.ts";

const common = {
  forwardRewardWeight: 1,
  ctrlCostWeight: 1e-3,
  healthyReward: 1,
  terminateWhenUnhealthy: true,
  resetNoiseScale: 5e-3,
  excludeCurrentPositionsFromObservation: true,
};

const hopperDefaults = {
  ...common,
  healthyStateRange: [-100, 100] as Range,
  healthyZRange: [0.7, Infinity] as Range,
  healthyAngleRange: [-0.2, 0.2] as Range,
};
const walker2dDefaults = {
  ...common,
  healthyZRange: [0.8, 2] as Range,
  healthyAngleRange: [-1, 1] as Range,
};

export type HopperOptions = Partial<typeof hopperDefaults>;
export type Walker2dOptions = Partial<typeof walker2dDefaults>;

/** @throws AscentError "option" for options that are none. */
export function hopper(options: HopperOptions = {}): MujocoTask {
  const chosen = completeOptions("hopper", hopperDefaults, options);
  const isHealthy = ({ qpos, qvel }: Physics) => {
    for (let j = 2; j < qpos.length; j++) if (!within(qpos[j], chosen.healthyStateRange)) return false;
    for (let j = 0; j < qvel.length; j++) if (!within(qvel[j], chosen.healthyStateRange)) return false;
    return within(qpos[1], chosen.healthyZRange) && within(qpos[2], chosen.healthyAngleRange);
  };
  return { ...facts["Hopper-v5"], model: hopperModel, ...walking(chosen, 12, isHealthy) };
}

/** @throws AscentError "option" for options that are none. */
export function walker2d(options: Walker2dOptions = {}): MujocoTask {
  const chosen = completeOptions("walker2d", walker2dDefaults, options);
  const isHealthy = ({ qpos }: Physics) =>
    within(qpos[1], chosen.healthyZRange) && within(qpos[2], chosen.healthyAngleRange);
  return { ...facts["Walker2d-v5"], model: walker2dModel, ...walking(chosen, 18, isHealthy) };
}

/** What is the same in both; `columns` with the position that is usually left out. */
function walking(chosen: typeof common, columns: number, isHealthy: (physics: Physics) => boolean) {
  const skipped = chosen.excludeCurrentPositionsFromObservation ? 1 : 0;
  const describePlace = ({ qpos }: Physics, info: Record<string, number>) => {
    info.xPosition = qpos[0];
    info.zDistanceFromOrigin = qpos[1] - INITIAL_HEIGHT;
  };
  return {
    frameSkip: 4,
    observationSize: columns - skipped,
    observe: ({ qpos, qvel }: Physics, out: Float64Array, at: number) =>
      copyClipped(out, copyInto(out, at, qpos, skipped), qvel, 10),
    start: noisyStart(chosen.resetNoiseScale),
    rememberSize: 1,
    remember({ qpos }: Physics, out: Float64Array) {
      out[0] = qpos[0];
    },
    judge(physics: Physics, step: Judgement) {
      const xVelocity = (physics.qpos[0] - step.before[0]) / step.seconds;
      const healthy = isHealthy(physics);
      const forward = chosen.forwardRewardWeight * xVelocity;
      const survive = healthy ? chosen.healthyReward : 0;
      const cost = actionCost(chosen.ctrlCostWeight, step.actions, step.from, step.count);
      step.reward = forward + survive - cost;
      step.terminated = !healthy && chosen.terminateWhenUnhealthy;
      describePlace(physics, step.info);
      step.info.xVelocity = xVelocity;
      step.info.rewardForward = forward;
      step.info.rewardCtrl = -cost;
      step.info.rewardSurvive = survive;
    },
    describeStart: describePlace,
    view: { follow: "torso", width: 5, height: 2.3 },
  };
}

const INITIAL_HEIGHT = 1.25;
