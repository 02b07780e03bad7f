/**
 * Acrobot-v1: swing a two-link pendulum up by the torque at its elbow (Sutton 1996), as in Gymnasium 1.3.0: the
 * equations of Sutton and Barto's book, one Runge-Kutta step of order 4 over 0.2 s, reward -1 until the tip is above
 * the bar and 0 on the step it gets there.
 */
import { cos, sin } from "../../math/deterministic.ts";
import { box, discrete } from "../spaces.ts";
import { acrobotScene } from "./drawings/acrobot.ts";
import type { Dynamics } from "./dynamics.ts";

const PI = Math.PI;
const SECONDS = 0.2;
const VELOCITY_LIMIT_1 = 4 * PI;
const VELOCITY_LIMIT_2 = 9 * PI;
const GRAVITY = 9.8;
// Both links: mass 1, length 1, centre of mass at 0.5, moment of inertia 1.
const CENTRE = 0.5;
const INERTIA = 1;

/** Runge-Kutta scratch: rows of 4 for the point evaluated, then the four slopes. */
const scratch = new Float64Array(20);
const POINT = 0;

/** Writes the time derivative of the state in scratch[POINT …] to scratch[to …], under a torque of -1, 0 or 1. */
function derive(torque: number, to: number): void {
  const theta1 = scratch[POINT];
  const theta2 = scratch[POINT + 1];
  const velocity1 = scratch[POINT + 2];
  const velocity2 = scratch[POINT + 3];
  const cosine2 = cos(theta2);
  const sine2 = sin(theta2);
  const d1 = CENTRE * CENTRE + (1 + CENTRE * CENTRE + 2 * CENTRE * cosine2) + INERTIA + INERTIA;
  const d2 = CENTRE * CENTRE + CENTRE * cosine2 + INERTIA;
  const phi2 = CENTRE * GRAVITY * cos(theta1 + theta2 - PI / 2);
  const phi1 =
    -CENTRE * (velocity2 * velocity2) * sine2 -
    2 * CENTRE * velocity2 * velocity1 * sine2 +
    (CENTRE + 1) * GRAVITY * cos(theta1 - PI / 2) +
    phi2;
  const acceleration2 =
    (torque + (d2 / d1) * phi1 - CENTRE * (velocity1 * velocity1) * sine2 - phi2) /
    (CENTRE * CENTRE + INERTIA - (d2 * d2) / d1);
  scratch[to] = velocity1;
  scratch[to + 1] = velocity2;
  scratch[to + 2] = -(d2 * acceleration2 + phi1) / d1;
  scratch[to + 3] = acceleration2;
}

/** Adds or takes away whole turns until the angle is within [-π, π]. */
function wrap(angle: number): number {
  let wrapped = angle;
  while (wrapped > PI) wrapped -= 2 * PI;
  while (wrapped < -PI) wrapped += 2 * PI;
  return wrapped;
}

/** State: the two angles (0 is hanging down, the second relative to the first) and their velocities. */
export const acrobot: Dynamics = {
  id: "Acrobot-v1",
  summary: "swing a two-link pendulum above a bar by the torque at its elbow",
  maxEpisodeSteps: 500,
  rewardThreshold: -100,
  observationSpace: box({
    low: [-1, -1, -1, -1, -VELOCITY_LIMIT_1, -VELOCITY_LIMIT_2],
    high: [1, 1, 1, 1, VELOCITY_LIMIT_1, VELOCITY_LIMIT_2],
  }),
  actionSpace: discrete(3),
  initialLow: [-0.1, -0.1, -0.1, -0.1],
  initialHigh: [0.1, 0.1, 0.1, 0.1],
  initialSingle: true,

  advance(state, actions, rewards, terminated, count) {
    for (let i = 0; i < count; i++) {
      const at = 4 * i;
      const torque = actions[i] - 1;
      for (let j = 0; j < 4; j++) scratch[POINT + j] = state[at + j];
      derive(torque, 4);
      for (let j = 0; j < 4; j++) scratch[POINT + j] = state[at + j] + (SECONDS / 2) * scratch[4 + j];
      derive(torque, 8);
      for (let j = 0; j < 4; j++) scratch[POINT + j] = state[at + j] + (SECONDS / 2) * scratch[8 + j];
      derive(torque, 12);
      for (let j = 0; j < 4; j++) scratch[POINT + j] = state[at + j] + SECONDS * scratch[12 + j];
      derive(torque, 16);
      for (let j = 0; j < 4; j++) {
        const slopes = scratch[4 + j] + 2 * scratch[8 + j] + 2 * scratch[12 + j] + scratch[16 + j];
        state[at + j] += (SECONDS / 6) * slopes;
      }
      const theta1 = wrap(state[at]);
      const theta2 = wrap(state[at + 1]);
      state[at] = theta1;
      state[at + 1] = theta2;
      state[at + 2] = Math.min(Math.max(state[at + 2], -VELOCITY_LIMIT_1), VELOCITY_LIMIT_1);
      state[at + 3] = Math.min(Math.max(state[at + 3], -VELOCITY_LIMIT_2), VELOCITY_LIMIT_2);
      const ended = -cos(theta1) - cos(theta2 + theta1) > 1;
      rewards[i] = ended ? 0 : -1;
      terminated[i] = ended ? 1 : 0;
    }
  },

  observe(state, out, from, to) {
    for (let i = from; i < to; i++) {
      const at = 4 * i;
      const row = 6 * i;
      out[row] = cos(state[at]);
      out[row + 1] = sin(state[at]);
      out[row + 2] = cos(state[at + 1]);
      out[row + 3] = sin(state[at + 1]);
      out[row + 4] = state[at + 2];
      out[row + 5] = state[at + 3];
    }
  },

  scene: (state, action) => acrobotScene(state, action === undefined ? undefined : action - 1),
};
