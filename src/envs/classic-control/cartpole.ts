/**
 * CartPole-v1: push a cart left or right to keep a pole upright (Barto, Sutton, Anderson 1983), as in Gymnasium 1.3.0:
 * explicit Euler, reward 1 on every step including the last.
 */
import { sinNearZero } from "../../math/deterministic.ts";
import { box, discrete } from "../spaces.ts";
import { cartPoleScene } from "./drawings/cartpole.ts";
import type { Dynamics } from "./dynamics.ts";

const GRAVITY = 9.8;
const POLE_MASS = 0.1;
const TOTAL_MASS = 0.1 + 1.0;
const HALF_LENGTH = 0.5;
const POLE_MASS_LENGTH = 0.1 * 0.5;
const FORCE = 10;
const SECONDS = 0.02;
const POSITION_LIMIT = 2.4;
const ANGLE_LIMIT = (12 * 2 * Math.PI) / 360;

/** State: position, velocity, pole angle, angular velocity. */
export const cartPole: Dynamics = {
  id: "CartPole-v1",
  summary: "keep a pole upright on a cart by pushing left or right",
  maxEpisodeSteps: 500,
  rewardThreshold: 475,
  observationSpace: box({
    low: [-2 * POSITION_LIMIT, -Infinity, -2 * ANGLE_LIMIT, -Infinity],
    high: [2 * POSITION_LIMIT, Infinity, 2 * ANGLE_LIMIT, Infinity],
  }),
  actionSpace: discrete(2),
  initialLow: [-0.05, -0.05, -0.05, -0.05],
  initialHigh: [0.05, 0.05, 0.05, 0.05],
  initialSingle: false,

  advance(state, actions, rewards, terminated, count) {
    for (let i = 0; i < count; i++) {
      const at = 4 * i;
      const velocity = state[at + 1];
      const angularVelocity = state[at + 3];
      // A running episode's angle is within ANGLE_LIMIT, and loadState lets in none beyond twice that; a call to the
      // general functions, even if never made, would cost this loop a third of its speed.
      const sine = sinNearZero(state[at + 2]);
      // So near to 0 this is as exact as a series, and one square root.
      const cosine = Math.sqrt(1 - sine * sine);
      // Not a choice of two: half the branches would be predicted wrong.
      const force = FORCE * (2 * actions[i] - 1);
      const push = (force + POLE_MASS_LENGTH * (angularVelocity * angularVelocity) * sine) / TOTAL_MASS;
      const angularAcceleration =
        (GRAVITY * sine - cosine * push) / (HALF_LENGTH * (4 / 3 - (POLE_MASS * (cosine * cosine)) / TOTAL_MASS));
      const acceleration = push - (POLE_MASS_LENGTH * angularAcceleration * cosine) / TOTAL_MASS;

      const position = state[at] + SECONDS * velocity;
      const angle = state[at + 2] + SECONDS * angularVelocity;
      state[at] = position;
      state[at + 1] = velocity + SECONDS * acceleration;
      state[at + 2] = angle;
      state[at + 3] = angularVelocity + SECONDS * angularAcceleration;
      rewards[i] = 1;
      const ended =
        position < -POSITION_LIMIT || position > POSITION_LIMIT || angle < -ANGLE_LIMIT || angle > ANGLE_LIMIT;
      terminated[i] = ended ? 1 : 0;
    }
  },

  observe(state, out, from, to) {
    for (let i = from; i < to; i++) {
      const at = 4 * i;
      const row = 4 * i;
      out[row] = state[at];
      out[row + 1] = state[at + 1];
      out[row + 2] = state[at + 2];
      out[row + 3] = state[at + 3];
    }
  },

  scene: (state, action) => cartPoleScene(state, action, { position: POSITION_LIMIT, angle: ANGLE_LIMIT }),
};
