/** Pusher-v5: push a cylinder to a mark with an arm of seven joints. */
import { spoken } from "../../../scenes/phrases.ts";
import { pusherModel } from "../models/pusher.ts";
import { actionCost } from "../numpySums.ts";
import type { MujocoTask } from "../task.ts";
import { completeOptions } from "./options.ts";
import { distanceOf } from "./parts.ts";
import { facts } from "./taskFacts.ts";

const defaults = { rewardNearWeight: 0.5, rewardDistWeight: 1, rewardControlWeight: 0.1 };

export type PusherOptions = Partial<typeof defaults>;

const TIPS = 10;
const OBJECT = 11;
const GOAL = 12;

/** @throws AscentError "option" for options that are none. */
export function pusher(options: PusherOptions = {}): MujocoTask {
  const chosen = completeOptions("pusher", defaults, options);
  return {
    ...facts["Pusher-v5"],
    model: pusherModel,
    frameSkip: 5,
    observationSize: 23,
    observe({ qpos, qvel, xpos }, out, at) {
      for (let j = 0; j < 7; j++) {
        out[at + j] = qpos[j];
        out[at + 7 + j] = qvel[j];
      }
      // Three bodies in a row: the tips, the object, the goal.
      for (let j = 0; j < 9; j++) out[at + 14 + j] = xpos[3 * TIPS + j];
    },
    start({ qpos, qvel }, random) {
      // The goal is at 0; the object in a rectangle beside it, but not too near.
      do {
        qpos[7] = random.uniformBetween(-0.3, 0);
        qpos[8] = random.uniformBetween(-0.2, 0.2);
      } while (Math.sqrt(qpos[7] * qpos[7] + qpos[8] * qpos[8]) <= 0.17);
      for (let j = 0; j < 7; j++) qvel[j] += random.uniformBetween(-0.005, 0.005);
    },
    judge(physics, step) {
      const near = -distanceOf(physics, OBJECT, TIPS) * chosen.rewardNearWeight;
      const reached = -distanceOf(physics, OBJECT, GOAL) * chosen.rewardDistWeight;
      const cost = actionCost(chosen.rewardControlWeight, step.actions, step.from, step.count);
      step.reward = reached - cost + near;
      step.info.rewardDist = reached;
      step.info.rewardCtrl = -cost;
      step.info.rewardNear = near;
    },
    view: {
      from: "above",
      width: 2.4,
      height: 1.7,
      center: [0.35, -0.15],
      words: (physics) =>
        `The object is ${spoken(distanceOf(physics, OBJECT, GOAL), 2)} from the goal, the arm's tips are ` +
        `${spoken(distanceOf(physics, OBJECT, TIPS), 2)} from the object.`,
    },
  };
}
