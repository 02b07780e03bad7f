/** Ant-v5: move to the right on four legs without falling over (Schulman, Moritz, Levine, Jordan and Abbeel 2015). */
import { antModel } from "../models/ant.ts";
import { actionCost, sumOfSquares } from "../numpySums.ts";
import type { MujocoTask } from "../task.ts";
import { completeOptions, type Range } from "./options.ts";
import { clipped, copyInto, distanceFromOrigin, noisyStart } from "./parts.ts";
import { facts } from "./taskFacts.ts";

const defaults = {
  forwardRewardWeight: 1,
  ctrlCostWeight: 0.5,
  contactCostWeight: 5e-4,
  healthyReward: 1,
  terminateWhenUnhealthy: true,
  healthyZRange: [0.2, 1] as Range,
  contactForceRange: [-1, 1] as Range,
  resetNoiseScale: 0.1,
  excludeCurrentPositionsFromObservation: true,
  includeCfrcExtInObservation: true,
};

export type AntOptions = Partial<typeof defaults>;

/** Numbers of forces, the world's six included. */
const FORCES = 84;
const TORSO = 1;

/** @throws AscentError "option" for options that are none. */
export function ant(options: AntOptions = {}): MujocoTask {
  const chosen = completeOptions("ant", defaults, options);
  const skipped = chosen.excludeCurrentPositionsFromObservation ? 2 : 0;
  const forces = new Float64Array(FORCES);
  const clipForces = (all: Float64Array) => {
    for (let j = 0; j < FORCES; j++) forces[j] = clipped(all[j], chosen.contactForceRange);
  };
  return {
    ...facts["Ant-v5"],
    model: antModel,
    frameSkip: 5,
    contactForces: true,
    observationSize: 29 - skipped + (chosen.includeCfrcExtInObservation ? FORCES - 6 : 0),
    observe({ qpos, qvel, cfrc_ext }, out, at) {
      const next = copyInto(out, copyInto(out, at, qpos, skipped), qvel);
      if (!chosen.includeCfrcExtInObservation) return;
      clipForces(cfrc_ext);
      copyInto(out, next, forces, 6);
    },
    start: noisyStart(chosen.resetNoiseScale, "normal"),
    rememberSize: 2,
    remember({ xpos }, out) {
      out[0] = xpos[3 * TORSO];
      out[1] = xpos[3 * TORSO + 1];
    },
    judge(physics, step) {
      const { qpos, qvel, xpos, cfrc_ext } = physics;
      const xVelocity = (xpos[3 * TORSO] - step.before[0]) / step.seconds;
      const healthy = allFinite(qpos, qvel) && chosen.healthyZRange[0] <= qpos[2] && qpos[2] <= chosen.healthyZRange[1];
      const forward = xVelocity * chosen.forwardRewardWeight;
      const survive = healthy ? chosen.healthyReward : 0;
      const cost = actionCost(chosen.ctrlCostWeight, step.actions, step.from, step.count);
      clipForces(cfrc_ext);
      const contactCost = chosen.contactCostWeight * sumOfSquares(forces, 0, FORCES);
      step.reward = forward + survive - (cost + contactCost);
      step.terminated = !healthy && chosen.terminateWhenUnhealthy;
      step.info.xPosition = qpos[0];
      step.info.yPosition = qpos[1];
      step.info.distanceFromOrigin = distanceFromOrigin(physics);
      step.info.xVelocity = xVelocity;
      step.info.yVelocity = (xpos[3 * TORSO + 1] - step.before[1]) / step.seconds;
      step.info.rewardForward = forward;
      step.info.rewardCtrl = -cost;
      step.info.rewardContact = -contactCost;
      step.info.rewardSurvive = survive;
    },
    describeStart(physics, info) {
      info.xPosition = physics.qpos[0];
      info.yPosition = physics.qpos[1];
      info.distanceFromOrigin = distanceFromOrigin(physics);
    },
    view: { follow: "torso", width: 5, height: 2.3 },
  };
}

function allFinite(qpos: Float64Array, qvel: Float64Array): boolean {
  for (let j = 0; j < qpos.length; j++) if (!Number.isFinite(qpos[j])) return false;
  for (let j = 0; j < qvel.length; j++) if (!Number.isFinite(qvel[j])) return false;
  return true;
}
