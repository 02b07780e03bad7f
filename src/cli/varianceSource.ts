/** What `ascent variance` measures on: an exact world by name, a run's policy, or a small one trained for it. */
import { listEnvironments, prepareEnvironment } from "../envs/environmentRegistry.ts";
import { AscentError } from "../errors.ts";
import {
  environmentSource,
  exactWorld,
  exactWorldNames,
  type GradientSource,
  tabularSource,
  warmPolicy,
} from "../variance/index.ts";

export interface SourceFlags {
  env?: string;
  policy?: string;
  trajectories: number;
  gamma?: number;
  trainSteps: number;
  seed: number;
}

/** @throws AscentError "option" without --env and --policy, or for options an exact world does not take. */
export async function sourceOf({
  env,
  policy,
  trajectories,
  gamma,
  trainSteps,
  seed,
}: SourceFlags): Promise<GradientSource> {
  const world = env === undefined ? undefined : exactWorld(env);
  if (world !== undefined) {
    if (policy !== undefined || gamma !== undefined) {
      throw new AscentError("option", {
        what: `The exact world "${env}" has its own policy and discount`,
        got: policy === undefined ? "--gamma" : "--policy",
        fix: "Leave the option out.",
      });
    }
    return tabularSource(env!, world, { trajectories, seed });
  }
  const { createEngine } = await import("../tensor/engine.ts");
  const engine = await createEngine();
  const { readPolicy } = await import("../node/loadPolicy.ts");
  if (policy === undefined && env === undefined) {
    throw new AscentError("option", {
      what: "ascent variance needs something to measure on",
      expected: `--env ID (${[...listEnvironments().map(({ id }) => id), ...exactWorldNames].join(", ")}) or --policy DIR`,
      fix: "Start with --env chain: it takes seconds, and its gradient is known.",
    });
  }
  const description =
    policy === undefined
      ? await warmPolicy(engine, { environment: env!, steps: trainSteps, seed })
      : await readPolicy(policy);
  if (env !== undefined && env !== description.environment) {
    throw new AscentError("option", {
      what: "The policy is of another environment",
      got: `--env ${env}, a policy of ${description.environment}`,
      fix: "Leave --env out.",
    });
  }
  await prepareEnvironment(description.environment);
  return environmentSource(engine, description, { trajectories, seed, gamma: gamma ?? 0.99 });
}
