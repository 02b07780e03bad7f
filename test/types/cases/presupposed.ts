/** What code in the documents takes for granted: the README's Walk, and what came of earlier code. */

import { createLearner, createPolicy, type Info, type Space, train } from "ascent-rl";
import { loadLanguageModel } from "ascent-rl/node";
import type { Scene } from "ascent-rl/scenes";
import { Walk } from "./walk.js";

export { type Info, type Scene, type Space, Walk };
export const environment = () => new Walk();
export const { policy } = await train("ppo", { environment });
export const { learner } = await createLearner("ppo", { environment: "CartPole-v1" });
export const model = await loadLanguageModel("my-model");
export const observation = [0.2];
export const mask = new Uint8Array(2);
export const batch = await createPolicy(policy.description, { rows: 64 });
export const observations = new Float32Array(64);
export const actions = new Float32Array(64);
export const [steps, mean, low, high, otherMean] = [
  [1, 2],
  [0, 1],
  [0, 1],
  [0, 1],
  [0, 1],
];
