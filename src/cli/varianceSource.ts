/** What `ascent variance` measures on: an exact world by name, a run's policy, or a small one trained for it. */
import { listEnvironments } from "../envs/registry.ts";
import { AscentError } from "../errors.ts";
import { softmaxPolicy, type TabularMdp } from "../mdp/index.ts";
import { RandomStream, streams } from "../random/index.ts";
import {
  environmentSource,
  exactWorld,
  exactWorldNames,
  type GradientSource,
  tabularSource,
  type WeightVarianceRow,
  warmPolicy,
  weightVarianceByHorizon,
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
  return environmentSource(engine, description, { trajectories, seed, gamma: gamma ?? 0.99 });
}

/** A random softmax policy and one near it, on an exact world. @throws AscentError "option" for other names. */
export function weightVarianceOnWorld(
  name: string,
  seed: number,
  horizons: readonly number[],
  trajectories: number,
): WeightVarianceRow[] {
  const world: TabularMdp | undefined = exactWorld(name);
  if (world === undefined) {
    throw new AscentError("option", {
      what: "--off-policy compares with a closed form, which only exact worlds have",
      got: `--env ${name}`,
      expected: exactWorldNames.join(", "),
    });
  }
  const random = new RandomStream(seed, streams.parameters);
  const logits = Float64Array.from({ length: world.states * world.actions }, () => 0.5 * random.normal());
  const moved = logits.map((logit) => logit + 0.5 * random.normal());
  const [behaviour, target] = [softmaxPolicy(logits, world.actions), softmaxPolicy(moved, world.actions)];
  const sampling = new RandomStream(seed, streams.episodeBatches);
  return weightVarianceByHorizon(world, behaviour, target, { horizons, trajectories, random: sampling });
}
