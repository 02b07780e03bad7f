/** A policy for a study when none is given: small, and trained a little, so that episodes differ in what they are worth. */

import type { PolicyDescription } from "../policies/description.ts";
import type { Engine } from "../tensor/engine.ts";
import { createLearner, runLearner } from "../training/train.ts";

export interface WarmPolicyOptions {
  environment: string;
  /** Environment steps of PPO; 0 leaves the policy as it was initialised. */
  steps: number;
  seed: number;
}

/** PPO with the environment's preset and one hidden layer of 32. */
export async function warmPolicy(
  engine: Engine,
  { environment, steps, seed }: WarmPolicyOptions,
): Promise<PolicyDescription> {
  const { learner } = await createLearner("ppo", { environment, seed, engine, options: { hidden: [32] } });
  try {
    await runLearner(learner, steps);
    return { ...learner.policy(), algorithm: steps === 0 ? "untrained" : `ppo (${learner.steps} steps)` };
  } finally {
    learner.close?.();
  }
}
