/**
 * Pendulum-v1: swing a pendulum up and hold it there by a limited torque, as in Gymnasium 1.3.0 with g = 10. It never
 * terminates. The torque is clipped to [-2, 2]; its terms are float32, as the action is there.
 */
import { cos, sin } from "../../math/deterministic.ts";
import { box } from "../spaces.ts";
import { pendulumScene } from "./drawings/pendulum.ts";
import type { Dynamics } from "./dynamics.ts";

const GRAVITY = 10;
const SECONDS = 0.05;
const SPEED_LIMIT = 8;
const TORQUE_LIMIT = 2;
const TWO_PI = 2 * Math.PI;
const TORQUE_COST = Math.fround(0.001);

/** The angle in [-π, π), with the remainder of Python: the sign of the divisor. */
function normalise(angle: number): number {
  const remainder = (angle + Math.PI) % TWO_PI;
  return (remainder < 0 ? remainder + TWO_PI : remainder) - Math.PI;
}

/** State: angle (0 is upright) and angular velocity. */
export const pendulum: Dynamics = {
  id: "Pendulum-v1",
  summary: "swing a pendulum up and hold it with a limited torque",
  maxEpisodeSteps: 200,
  observationSpace: box({ low: [-1, -1, -SPEED_LIMIT], high: [1, 1, SPEED_LIMIT] }),
  actionSpace: box({ low: -TORQUE_LIMIT, high: TORQUE_LIMIT, shape: [1] }),
  initialLow: [-Math.PI, -1],
  initialHigh: [Math.PI, 1],
  initialSingle: false,

  advance(state, actions, rewards, terminated, count) {
    for (let i = 0; i < count; i++) {
      const at = 2 * i;
      const angle = state[at];
      const velocity = state[at + 1];
      const torque = Math.min(Math.max(actions[i], -TORQUE_LIMIT), TORQUE_LIMIT);
      const error = normalise(angle);
      const torqueCost = Math.fround(TORQUE_COST * Math.fround(torque * torque));
      rewards[i] = -(error * error + 0.1 * (velocity * velocity) + torqueCost);

      const acceleration = ((3 * GRAVITY) / 2) * sin(angle) + Math.fround(3 * torque);
      const next = Math.min(Math.max(velocity + acceleration * SECONDS, -SPEED_LIMIT), SPEED_LIMIT);
      state[at] = angle + next * SECONDS;
      state[at + 1] = next;
      terminated[i] = 0;
    }
  },

  observe(state, out, from, to) {
    for (let i = from; i < to; i++) {
      const at = 2 * i;
      const row = 3 * i;
      out[row] = cos(state[at]);
      out[row + 1] = sin(state[at]);
      out[row + 2] = state[at + 1];
    }
  },

  scene(state, action) {
    const torque = action === undefined ? undefined : Math.min(Math.max(action, -TORQUE_LIMIT), TORQUE_LIMIT);
    return pendulumScene(state, torque, TORQUE_LIMIT);
  },
};
