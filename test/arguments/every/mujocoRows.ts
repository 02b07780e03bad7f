/** Valid arguments of "ascent-rl/mujoco". */
import { models } from "../../../src/mujoco/index.ts";
import { maybe, options, parts } from "./harness.ts";

const seen = {
  resetNoiseScale: 0.1,
  excludeCurrentPositionsFromObservation: true,
};
const everything = {
  ...seen,
  includeCinertInObservation: true,
  includeCvelInObservation: true,
  includeQfrcActuatorInObservation: true,
  includeCfrcExtInObservation: true,
};
const running = { ...seen, forwardRewardWeight: 1, ctrlCostWeight: 0.1 };
const walking = { ...running, healthyReward: 1, terminateWhenUnhealthy: true, healthyZRange: [0.7, 2] };

export const mujocoRows: Record<string, () => unknown[]> = {
  mujocoSpec: () => [
    parts({
      id: "Own-v0",
      model: models["Hopper-v5"],
      frameSkip: maybe(4),
      maxEpisodeSteps: maybe(100),
      observationSize: maybe(12),
      judge: () => undefined,
    }),
  ],
  loadMujoco: () => [options({})],
  halfCheetah: () => [options(running)],
  hopper: () => [options({ ...walking, healthyStateRange: [-100, 100], healthyAngleRange: [-0.2, 0.2] })],
  walker2d: () => [options({ ...walking, healthyAngleRange: [-1, 1] })],
  ant: () => [
    options({
      ...walking,
      contactCostWeight: 5e-4,
      contactForceRange: [-1, 1],
      includeCfrcExtInObservation: true,
    }),
  ],
  humanoid: () => [options({ ...walking, ...everything, contactCostWeight: 5e-7, contactCostRange: [-1, 10] })],
  humanoidStandup: () => [
    options({
      ...everything,
      uphCostWeight: 1,
      ctrlCostWeight: 0.1,
      impactCostWeight: 5e-7,
      impactCostRange: [-1, 10],
    }),
  ],
  swimmer: () => [options(running)],
  reacher: () => [options({ rewardDistWeight: 1, rewardControlWeight: 1 })],
  pusher: () => [options({ rewardNearWeight: 0.5, rewardDistWeight: 1, rewardControlWeight: 0.1 })],
  invertedPendulum: () => [options({ resetNoiseScale: 0.01 })],
  invertedDoublePendulum: () => [options({ resetNoiseScale: 0.1, healthyReward: 10 })],
};
