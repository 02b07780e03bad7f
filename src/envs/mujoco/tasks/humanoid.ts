/**
 * Humanoid-v5 and HumanoidStandup-v5: walk without falling, and get up from lying on the back (Tassa, Erez and Todorov 2012). Both
 * see the same 348 numbers: positions, velocities, inertias, velocities about the centre of mass, motors, forces from outside.
 */
import { humanoidModel, humanoidStandupModel } from "../models/humanoid.ts";
import { sumOfSquares } from "../numpySums.ts";
import type { Physics } from "../physics.ts";
import type { MujocoTask } from "../task.ts";
import { completeOptions, type Range } from "./options.ts";
import { clipped, copyInto, distanceFromOrigin, noisyStart, within } from "./parts.ts";
import { facts } from "./taskFacts.ts";

const seen = {
  resetNoiseScale: 1e-2,
  excludeCurrentPositionsFromObservation: true,
  includeCinertInObservation: true,
  includeCvelInObservation: true,
  includeQfrcActuatorInObservation: true,
  includeCfrcExtInObservation: true,
};

const humanoidDefaults = {
  forwardRewardWeight: 1.25,
  ctrlCostWeight: 0.1,
  contactCostWeight: 5e-7,
  contactCostRange: [-Infinity, 10] as Range,
  healthyReward: 5,
  terminateWhenUnhealthy: true,
  healthyZRange: [1, 2] as Range,
  ...seen,
};

const standupDefaults = {
  uphCostWeight: 1,
  ctrlCostWeight: 0.1,
  impactCostWeight: 0.5e-6,
  impactCostRange: [-Infinity, 10] as Range,
  ...seen,
};

export type HumanoidOptions = Partial<typeof humanoidDefaults>;
export type HumanoidStandupOptions = Partial<typeof standupDefaults>;

const BODIES = 14;

/** @throws AscentError "option" for options that are none. */
export function humanoid(options: HumanoidOptions = {}): MujocoTask {
  const chosen = completeOptions("humanoid", humanoidDefaults, options);
  return {
    ...facts["Humanoid-v5"],
    model: humanoidModel,
    ...seeing(chosen),
    rememberSize: 2,
    remember: writeMassCenter,
    judge(physics, step) {
      const { qpos, ctrl, cfrc_ext } = physics;
      writeMassCenter(physics, center);
      const xVelocity = (center[0] - step.before[0]) / step.seconds;
      const healthy = within(qpos[2], chosen.healthyZRange);
      const forward = chosen.forwardRewardWeight * xVelocity;
      const survive = healthy ? chosen.healthyReward : 0;
      const cost = chosen.ctrlCostWeight * sumOfSquares(ctrl, 0, ctrl.length);
      const forces = chosen.contactCostWeight * sumOfSquares(cfrc_ext, 0, cfrc_ext.length);
      const contactCost = clipped(forces, chosen.contactCostRange);
      step.reward = forward + survive - (cost + contactCost);
      step.terminated = !healthy && chosen.terminateWhenUnhealthy;
      describePlace(physics, step.info);
      step.info.distanceFromOrigin = distanceFromOrigin(physics);
      step.info.xVelocity = xVelocity;
      step.info.yVelocity = (center[1] - step.before[1]) / step.seconds;
      step.info.rewardSurvive = survive;
      step.info.rewardForward = forward;
      step.info.rewardCtrl = -cost;
      step.info.rewardContact = -contactCost;
    },
    describeStart(physics, info) {
      describePlace(physics, info);
      info.distanceFromOrigin = distanceFromOrigin(physics);
    },
    view: { follow: "torso", width: 5, height: 2.3 },
  };
}

/** @throws AscentError "option" for options that are none. */
export function humanoidStandup(options: HumanoidStandupOptions = {}): MujocoTask {
  const chosen = completeOptions("humanoidStandup", standupDefaults, options);
  return {
    ...facts["HumanoidStandup-v5"],
    model: humanoidStandupModel,
    ...seeing(chosen),
    judge(physics, step) {
      const { qpos, ctrl, cfrc_ext } = physics;
      const up = (chosen.uphCostWeight * qpos[2]) / physics.model.opt.timestep;
      const cost = chosen.ctrlCostWeight * sumOfSquares(ctrl, 0, ctrl.length);
      const forces = chosen.impactCostWeight * sumOfSquares(cfrc_ext, 0, cfrc_ext.length);
      const impactCost = clipped(forces, chosen.impactCostRange);
      step.reward = up - cost - impactCost + 1;
      describePlace(physics, step.info);
      step.info.zDistanceFromOrigin = qpos[2] - LYING_HEIGHT;
      step.info.rewardLinup = up;
      step.info.rewardQuadctrl = -cost;
      step.info.rewardImpact = -impactCost;
    },
    describeStart(physics, info) {
      describePlace(physics, info);
      info.zDistanceFromOrigin = physics.qpos[2] - LYING_HEIGHT;
    },
    view: { follow: "torso", width: 5, height: 2.3 },
  };
}

const LYING_HEIGHT = 0.105;

/** What both see, and how both start. */
function seeing(chosen: typeof seen) {
  const skipped = chosen.excludeCurrentPositionsFromObservation ? 2 : 0;
  const parts: readonly [included: boolean, columns: number][] = [
    [chosen.includeCinertInObservation, 10 * (BODIES - 1)],
    [chosen.includeCvelInObservation, 6 * (BODIES - 1)],
    [chosen.includeQfrcActuatorInObservation, 17],
    [chosen.includeCfrcExtInObservation, 6 * (BODIES - 1)],
  ];
  return {
    frameSkip: 5,
    contactForces: true,
    observationSize: parts.reduce((sum, [included, columns]) => sum + (included ? columns : 0), 47 - skipped),
    observe(physics: Physics, out: Float64Array, at: number) {
      let next = copyInto(out, at, physics.qpos, skipped);
      next = copyInto(out, next, physics.qvel);
      // Of bodies all but the world, of motors all but the six directions of the root.
      if (chosen.includeCinertInObservation) next = copyInto(out, next, physics.cinert, 10);
      if (chosen.includeCvelInObservation) next = copyInto(out, next, physics.cvel, 6);
      if (chosen.includeQfrcActuatorInObservation) next = copyInto(out, next, physics.qfrc_actuator, 6);
      if (chosen.includeCfrcExtInObservation) copyInto(out, next, physics.cfrc_ext, 6);
    },
    start: noisyStart(chosen.resetNoiseScale),
  };
}

const center = new Float64Array(2);

/** x and y of the centre of mass, summed in NumPy's order: the total in eight running sums, the moments one after the other. */
function writeMassCenter({ model, xipos }: Physics, out: Float64Array): void {
  const masses = model.body_mass;
  let [x, y] = [0, 0];
  for (let body = 0; body < BODIES; body++) {
    x += masses[body] * xipos[3 * body];
    y += masses[body] * xipos[3 * body + 1];
  }
  let total = masses[0] + masses[1] + (masses[2] + masses[3]) + (masses[4] + masses[5] + (masses[6] + masses[7]));
  for (let body = 8; body < BODIES; body++) total += masses[body];
  out[0] = x / total;
  out[1] = y / total;
}

function describePlace({ qpos, ten_length, ten_velocity }: Physics, info: Record<string, number>): void {
  info.xPosition = qpos[0];
  info.yPosition = qpos[1];
  info.leftTendonLength = ten_length[0];
  info.rightTendonLength = ten_length[1];
  info.leftTendonVelocity = ten_velocity[0];
  info.rightTendonVelocity = ten_velocity[1];
}
