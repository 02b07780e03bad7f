/** Valid arguments of the wrappers around environments. */

import * as envs from "../../../src/envs/index.ts";
import { maybe, options } from "./harness.ts";

const cartPole = () => envs.environmentSpec("CartPole-v1").makeSingle();
const pendulum = () => envs.environmentSpec("Pendulum-v1").makeSingle();
const moments = { mean: [0, 0, 0, 0], variance: [1, 1, 1, 1], count: 1 };

export const wrapperRows: Record<string, () => unknown[]> = {
  actionRepeat: () => [cartPole(), 2],
  clipAction: () => [pendulum()],
  drawFrames: () => [cartPole(), () => undefined, options({ every: 2, width: 100 })],
  episodeStatistics: () => [cartPole(), options({ clock: () => 0 })],
  frameStack: () => [cartPole(), 2],
  normalizeObservation: () => [cartPole(), options({ clip: 5, update: false, moments })],
  normalizeReward: () => [cartPole(), options({ gamma: 0.9, clip: 5 })],
  recordGolden: () => [cartPole(), () => undefined, options({ initial: () => ({}) })],
  rescaleAction: () => [pendulum(), maybe(-1), maybe(1)],
  timeLimit: () => [cartPole(), 10],
  transformReward: () => [cartPole(), (reward: number) => reward],
};
