/** A policy for a study when none is given: small, and trained a little, so that episodes differ in what they are worth. */

import {
  checkArgument,
  checkOptions,
  engine as engineCheck,
  type OptionChecks,
  seed as seedCheck,
  text,
  wholeNumber,
} from "../arguments/checks.ts";
import type { PolicyDescription } from "../policies/description.ts";
import type { Engine } from "../tensor/engine.ts";
import { createLearner, runLearner } from "../training/train.ts";

export interface WarmPolicyOptions {
  environment: string;
  /** Environment steps of PPO; 0 leaves the policy as it was initialised. */
  steps: number;
  seed: number;
}

const warmOptions: OptionChecks<WarmPolicyOptions> = { environment: text, steps: wholeNumber(), seed: seedCheck };

/** PPO with the environment's preset and one hidden layer of 32. */
export async function warmPolicy(engine: Engine, options: WarmPolicyOptions): Promise<PolicyDescription> {
  checkArgument("warmPolicy: engine", engineCheck, engine);
  checkOptions("warmPolicy", warmOptions, options);
  const { environment, steps, seed } = options;
  const { learner } = await createLearner("ppo", { environment, seed, engine, options: { hidden: [32] } });
  try {
    await runLearner(learner, steps);
    return { ...learner.policy(), algorithm: steps === 0 ? "untrained" : `ppo (${learner.steps} steps)` };
  } finally {
    learner.close?.();
  }
}
