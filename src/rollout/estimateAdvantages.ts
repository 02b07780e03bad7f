/**
 * Advantages and value targets of a rollout, by GAE from its rewards and the values it holds, written where the update programs
 * read them. The numbers are estimators/gae.ts; here is only where they come from and go to, and that they are finite.
 */

import { AscentError } from "../errors.ts";
import { writeAdvantages } from "../estimators/gae.ts";
import { timesZero } from "./finite.ts";
import type { Rollout } from "./rollout.ts";

/** @throws AscentError "non-finite" when an advantage is too large for float32: before anything is learnt from it. */
export function estimateAdvantages(rollout: Rollout, { gamma, gaeLambda }: { gamma: number; gaeLambda: number }): void {
  const { steps, environments } = rollout.shape;
  const { values, advantages, targets } = rollout.views;
  const { rewards, terminated, truncated, finalValues, lastValues } = rollout;
  const returns = { rewards, values, terminated, truncated, finalValues, lastValues };
  writeAdvantages({ ...returns, steps, environments, gamma, lambda: gaeLambda }, advantages, targets);
  if (timesZero(advantages) === 0) return;
  const strange = advantages.findIndex((x) => !Number.isFinite(x));
  throw new AscentError("non-finite", {
    what: "Estimating advantages stopped",
    got: `${advantages[strange]} at step ${Math.floor(strange / environments)} of the rollout, environment ${strange % environments}`,
    expected: "finite numbers",
    fix: "Normalise or scale the rewards: they are too large for float32.",
  });
}
