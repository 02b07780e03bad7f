/** Reacher-v5: bring the tip of an arm of two links to a target that is somewhere else in each episode. */
import { cos, sin } from "../../../math/deterministic.ts";
import { spoken } from "../../../scenes/phrases.ts";
import { reacherModel } from "../models/reacher.ts";
import { actionCost } from "../numpySums.ts";
import type { MujocoTask } from "../task.ts";
import { completeOptions } from "./options.ts";
import { distanceOf } from "./parts.ts";
import { facts } from "./taskFacts.ts";

const defaults = { rewardDistWeight: 1, rewardControlWeight: 1 };

export type ReacherOptions = Partial<typeof defaults>;

const FINGERTIP = 3;
const TARGET = 4;

/** @throws AscentError "option" for options that are none. */
export function reacher(options: ReacherOptions = {}): MujocoTask {
  const chosen = completeOptions("reacher", defaults, options);
  return {
    ...facts["Reacher-v5"],
    model: reacherModel,
    frameSkip: 2,
    observationSize: 10,
    observe({ qpos, qvel, xpos }, out, at) {
      out[at] = cos(qpos[0]);
      out[at + 1] = cos(qpos[1]);
      out[at + 2] = sin(qpos[0]);
      out[at + 3] = sin(qpos[1]);
      out[at + 4] = qpos[2];
      out[at + 5] = qpos[3];
      out[at + 6] = qvel[0];
      out[at + 7] = qvel[1];
      out[at + 8] = xpos[3 * FINGERTIP] - xpos[3 * TARGET];
      out[at + 9] = xpos[3 * FINGERTIP + 1] - xpos[3 * TARGET + 1];
    },
    start({ qpos, qvel }, random) {
      for (let j = 0; j < 2; j++) qpos[j] += random.uniformBetween(-0.1, 0.1);
      // Within a circle of 0.2.
      do for (let j = 2; j < 4; j++) qpos[j] = random.uniformBetween(-0.2, 0.2);
      while (Math.sqrt(qpos[2] * qpos[2] + qpos[3] * qpos[3]) >= 0.2);
      for (let j = 0; j < 2; j++) qvel[j] += random.uniformBetween(-0.005, 0.005);
    },
    judge(physics, step) {
      const near = -distanceOf(physics, FINGERTIP, TARGET) * chosen.rewardDistWeight;
      const cost = actionCost(chosen.rewardControlWeight, step.actions, step.from, step.count);
      step.reward = near - cost;
      step.info.rewardDist = near;
      step.info.rewardCtrl = -cost;
    },
    view: {
      from: "above",
      width: 0.9,
      height: 0.66,
      words: (physics) => `The fingertip is ${spoken(distanceOf(physics, FINGERTIP, TARGET), 2)} from the target.`,
    },
  };
}
