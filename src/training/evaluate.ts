/** How well a policy does: whole episodes in fresh environments, true rewards. */

import { type BatchOptions, type EnvironmentFactory, type EnvironmentSpec, makeBatched } from "../envs/index.ts";
import { AscentError } from "../errors.ts";
import type { PolicyDescription } from "../policies/description.ts";
import { Policy } from "../policies/policy.ts";
import { createEngine, type Engine } from "../tensor/engine.ts";
import { pauses } from "./pauses.ts";

export interface EvaluateOptions {
  /** Default 100. */
  episodes?: number;
  /** Of the environments and of sampled actions. Default 0. */
  seed?: number;
  /** Most probable actions (default true) or sampled ones. */
  deterministic?: boolean;
  engine?: Engine;
  /** For environments of your own: time limit and the like. */
  environmentOptions?: BatchOptions;
  /** An episode of more steps than this surely has no end: an error. Default a million. */
  longestEpisode?: number;
  /** Ends the evaluation in its midst, with the signal's reason thrown. */
  signal?: AbortSignal;
}

export interface Evaluation {
  episodes: number;
  /** Of the episodes' returns. */
  mean: number;
  /** Sample deviation of the returns (divisor n − 1; 0 for one episode). */
  sd: number;
  min: number;
  max: number;
  /** In the order of environments, then of episodes. */
  returns: number[];
  lengths: number[];
}

/** Environments run side by side. */
const MOST_ENVIRONMENTS = 100;
/**
 * Every environment plays the same number of whole episodes (give or take one), so short episodes weigh no more than long
 * ones.
 *
 * @throws AscentError "environment" when an episode passes `longestEpisode`, "option" for a bad count.
 */
export async function evaluatePolicy(
  description: PolicyDescription,
  source: string | EnvironmentSpec | EnvironmentFactory,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { episodes = 100, seed = 0, deterministic = true, longestEpisode = 1_000_000 } = options;
  if (!Number.isInteger(episodes) || episodes < 1) {
    throw new AscentError("option", {
      what: "evaluatePolicy: episodes",
      got: String(episodes),
      expected: "a whole number ≥ 1",
    });
  }
  const count = Math.min(episodes, MOST_ENVIRONMENTS);
  const environment = makeBatched(source, count, options.environmentOptions);
  const engine = options.engine ?? (await createEngine());
  const policy = new Policy(engine, description, { seed, rows: count });
  const actions = new Float32Array(count * environment.actionSize);
  const quota = Array.from({ length: count }, (_, i) => Math.floor(episodes / count) + (i < episodes % count ? 1 : 0));
  const returns: number[][] = quota.map(() => []);
  const lengths: number[][] = quota.map(() => []);
  const total = new Float64Array(count);
  const length = new Int32Array(count);
  const starts = new Uint8Array(count).fill(1);

  environment.reset(seed);
  const pause = pauses();
  for (let open = count; open > 0; ) {
    const turn = pause();
    if (turn !== undefined) await turn;
    options.signal?.throwIfAborted();
    policy.actBatch(environment.observations, actions, { deterministic, mask: environment.actionMasks, starts });
    environment.step(actions);
    for (let i = 0; i < count; i++) {
      total[i] += environment.rewards[i];
      length[i]++;
      if (length[i] > longestEpisode) endless(environment.id, longestEpisode);
      starts[i] = environment.terminated[i] | environment.truncated[i];
      if (starts[i] === 0) continue;
      if (returns[i].length < quota[i]) {
        returns[i].push(total[i]);
        lengths[i].push(length[i]);
        if (returns[i].length === quota[i]) open--;
      }
      total[i] = 0;
      length[i] = 0;
    }
  }
  environment.close?.();
  return summarise(returns.flat(), lengths.flat());
}

function summarise(returns: number[], lengths: number[]): Evaluation {
  const n = returns.length;
  const mean = returns.reduce((a, b) => a + b, 0) / n;
  const squares = returns.reduce((a, b) => a + (b - mean) * (b - mean), 0);
  const sd = n > 1 ? Math.sqrt(squares / (n - 1)) : 0;
  return { episodes: n, mean, sd, min: Math.min(...returns), max: Math.max(...returns), returns, lengths };
}

function endless(id: string, limit: number): never {
  throw new AscentError("environment", {
    what: `An episode of ${id} does not end`,
    got: `more than ${limit} steps`,
    expected: "terminated or truncated at some step",
    fix: "Give it a time limit: environmentOptions: { maxEpisodeSteps }, or timeLimit(environment, steps).",
  });
}
