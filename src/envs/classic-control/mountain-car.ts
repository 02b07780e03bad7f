/**
 * MountainCar-v0: rock an underpowered car out of a valley (Moore 1990), as in Gymnasium 1.3.0: reward -1 on every step.
 */
import { cos } from "../../math/deterministic.ts";
import { box, discrete } from "../spaces.ts";
import { mountainCarScene } from "./drawings/mountainCar.ts";
import type { Dynamics } from "./dynamics.ts";

const LEFT = -1.2;
const RIGHT = 0.6;
const SPEED_LIMIT = 0.07;
const GOAL = 0.5;
const FORCE = 0.001;
const GRAVITY = 0.0025;

/** State: position and velocity. */
export const mountainCar: Dynamics = {
  id: "MountainCar-v0",
  summary: "rock an underpowered car out of a valley: left, coast or right",
  maxEpisodeSteps: 200,
  rewardThreshold: -110,
  observationSpace: box({ low: [LEFT, -SPEED_LIMIT], high: [RIGHT, SPEED_LIMIT] }),
  actionSpace: discrete(3),
  initialLow: [-0.6, 0],
  initialHigh: [-0.4, 0],
  initialSingle: false,

  advance(state, actions, rewards, terminated, count) {
    for (let i = 0; i < count; i++) {
      const at = 2 * i;
      const pull = (actions[i] - 1) * FORCE + cos(3 * state[at]) * -GRAVITY;
      let velocity = Math.min(Math.max(state[at + 1] + pull, -SPEED_LIMIT), SPEED_LIMIT);
      const position = Math.min(Math.max(state[at] + velocity, LEFT), RIGHT);
      if (position === LEFT && velocity < 0) velocity = 0;
      state[at] = position;
      state[at + 1] = velocity;
      rewards[i] = -1;
      const ended = position >= GOAL && velocity >= 0;
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

  scene: (state, action) => mountainCarScene(state, action === undefined ? undefined : action - 1, GOAL),
};
