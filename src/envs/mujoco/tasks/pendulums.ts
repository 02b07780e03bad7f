/**
 * InvertedPendulum-v5 and InvertedDoublePendulum-v5: keep one pole, or two on top of each other, upright by pushing a cart
 * (Barto, Sutton and Anderson 1983).
 */
import { cos, sin } from "../../../math/deterministic.ts";
import { degrees, spoken } from "../../../scenes/phrases.ts";
import { invertedDoublePendulumModel } from "../models/invertedDoublePendulum.ts";
import { invertedPendulumModel } from "../models/invertedPendulum.ts";
import type { MujocoTask } from "../task.ts";
import { completeOptions } from "./options.ts";
import { copyInto, noisyStart } from "./parts.ts";
import { facts } from "./taskFacts.ts";

const pendulumDefaults = { resetNoiseScale: 0.01 };
const doubleDefaults = { healthyReward: 10, resetNoiseScale: 0.1 };

export type InvertedPendulumOptions = Partial<typeof pendulumDefaults>;
export type InvertedDoublePendulumOptions = Partial<typeof doubleDefaults>;

/** @throws AscentError "option" for options that are none. */
export function invertedPendulum(options: InvertedPendulumOptions = {}): MujocoTask {
  const chosen = completeOptions("invertedPendulum", pendulumDefaults, options);
  return {
    ...facts["InvertedPendulum-v5"],
    model: invertedPendulumModel,
    frameSkip: 2,
    observationSize: 4,
    observe: ({ qpos, qvel }, out, at) => copyInto(out, copyInto(out, at, qpos), qvel),
    start: noisyStart(chosen.resetNoiseScale),
    judge({ qpos }, step) {
      step.terminated = Math.abs(qpos[1]) > 0.2;
      step.reward = step.terminated ? 0 : 1;
      step.info.rewardSurvive = step.reward;
    },
    view: {
      width: 3,
      height: 1.4,
      center: [0, 0.4],
      words: ({ qpos }) => `The cart is at ${spoken(qpos[0], 2)} and the pole leans ${degrees(qpos[1], 1)}.`,
    },
  };
}

/** @throws AscentError "option" for options that are none. */
export function invertedDoublePendulum(options: InvertedDoublePendulumOptions = {}): MujocoTask {
  const chosen = completeOptions("invertedDoublePendulum", doubleDefaults, options);
  return {
    ...facts["InvertedDoublePendulum-v5"],
    model: invertedDoublePendulumModel,
    frameSkip: 5,
    observationSize: 9,
    observe({ qpos, qvel, qfrc_constraint }, out, at) {
      out[at] = qpos[0];
      for (let j = 1; j < 3; j++) {
        out[at + j] = sin(qpos[j]);
        out[at + 2 + j] = cos(qpos[j]);
      }
      for (let j = 0; j < 3; j++) out[at + 5 + j] = Math.min(Math.max(qvel[j], -10), 10);
      out[at + 8] = Math.min(Math.max(qfrc_constraint[0], -10), 10);
    },
    start: noisyStart(chosen.resetNoiseScale, "normal"),
    judge({ qvel, site_xpos }, step) {
      const [x, height] = [site_xpos[0], site_xpos[2]];
      step.terminated = height <= 1;
      const distancePenalty = 0.01 * (x * x) + (height - 2) * (height - 2);
      const velocityPenalty = 1e-3 * (qvel[1] * qvel[1]) + 5e-3 * (qvel[2] * qvel[2]);
      const survive = step.terminated ? 0 : chosen.healthyReward;
      step.reward = survive - distancePenalty - velocityPenalty;
      step.info.rewardSurvive = survive;
      step.info.distancePenalty = -distancePenalty;
      step.info.velocityPenalty = -velocityPenalty;
    },
    view: {
      width: 3.6,
      height: 1.9,
      center: [0, 0.55],
      words: ({ qpos }) =>
        `The cart is at ${spoken(qpos[0], 2)}, the lower pole leans ${degrees(qpos[1], 1)}, the upper one ` +
        `${degrees(qpos[1] + qpos[2], 1)}.`,
    },
  };
}
