/** Advantages and value targets of a rollout, written where the update programs read them. */

import { generalisedAdvantages } from "../estimators/gae.ts";
import type { Rollout } from "./rollout.ts";

export function estimateAdvantages(rollout: Rollout, { gamma, gaeLambda }: { gamma: number; gaeLambda: number }): void {
  const { steps, environments } = rollout.shape;
  const { values, advantages, targets } = rollout.views;
  const { rewards, terminated, truncated, finalValues, lastValues } = rollout;
  const returns = { rewards, values, terminated, truncated, finalValues, lastValues };
  generalisedAdvantages({ ...returns, steps, environments, gamma, lambda: gaeLambda }, advantages, targets);
}
