/**
 * MountainCarContinuous-v0: the same valley with a force in [-1, 1] (clipped), as in Gymnasium 1.3.0: 100 at the goal,
 * minus a tenth of the square of the action as given. Gymnasium keeps this state in float32 from the first step on, and
 * so does this: a float64 version drifts from the recordings by 4·10⁻⁷ in 200 steps.
 */
import { cos } from "../../math/deterministic.ts";
import { box } from "../spaces.ts";
import { mountainCarScene } from "./drawings/mountainCar.ts";
import type { Dynamics } from "./dynamics.ts";

const single = Math.fround;
const LEFT = single(-1.2);
const RIGHT = single(0.6);
const SPEED_LIMIT = single(0.07);
const GOAL = single(0.45);
const POWER = 0.0015;

/** State: position and velocity. */
export const mountainCarContinuous: Dynamics = {
  id: "MountainCarContinuous-v0",
  summary: "rock an underpowered car out of a valley with a continuous force",
  maxEpisodeSteps: 999,
  rewardThreshold: 90,
  observationSpace: box({ low: [LEFT, -SPEED_LIMIT], high: [RIGHT, SPEED_LIMIT] }),
  actionSpace: box({ low: -1, high: 1, shape: [1] }),
  initialLow: [-0.6, 0],
  initialHigh: [-0.4, 0],
  initialSingle: false,

  advance(state, actions, rewards, terminated, count) {
    for (let i = 0; i < count; i++) {
      const at = 2 * i;
      const action = actions[i];
      // The initial position is the only one that float32 does not hold, and float64 arithmetic goes on until stored.
      const start = single(state[at]) !== state[at];
      const slope = 0.0025 * cos(start ? 3 * state[at] : single(3 * state[at]));
      // A clipped action is a float64 in Gymnasium, any other a float32.
      const pull =
        action > 1
          ? POWER - slope
          : action < -1
            ? -POWER - slope
            : single(single(action * single(POWER)) - single(slope));
      let velocity = state[at + 1] + pull;
      if (!start) velocity = single(state[at + 1] + single(pull));
      if (velocity > SPEED_LIMIT) velocity = SPEED_LIMIT;
      if (velocity < -SPEED_LIMIT) velocity = -SPEED_LIMIT;
      let position = state[at] + velocity;
      if (!start) position = single(position);
      if (position > RIGHT) position = RIGHT;
      if (position < LEFT) position = LEFT;
      if (position === LEFT && velocity < 0) velocity = 0;
      const ended = position >= GOAL && velocity >= 0;
      state[at] = single(position);
      state[at + 1] = single(velocity);
      rewards[i] = (ended ? 100 : 0) - action * action * 0.1;
      terminated[i] = ended ? 1 : 0;
    }
  },

  observe(state, out, from, to) {
    for (let i = from; i < to; i++) {
      const at = 2 * i;
      const row = 2 * i;
      out[row] = state[at];
      out[row + 1] = state[at + 1];
    }
  },

  scene: (state, action) =>
    mountainCarScene(state, action === undefined ? undefined : Math.min(Math.max(action, -1), 1), GOAL),
};
