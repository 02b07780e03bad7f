/** How well a policy does: whole episodes in fresh environments, true rewards. */

import {
  anything,
  callback,
  checkArgument,
  checkOptions,
  engine as engineCheck,
  type OptionChecks,
  optional,
  seed as seedCheck,
  signal as signalCheck,
  trueOrFalse,
  wholeNumber,
} from "../arguments/checks.ts";
import { batchOptionNames } from "../envs/batchFromFactory.ts";
import { requireSource } from "../envs/contract.ts";
import type { BatchOptions, EnvironmentSource } from "../envs/index.ts";
import { type ReturnSummary, summarise } from "../estimators/returnSummary.ts";
import { descriptionCheck, type PolicyDescription } from "../policies/description.ts";
import { Policy } from "../policies/policy.ts";
import { requireSameSpaces } from "../policies/sameSpaces.ts";
import { deriveSeed, streams } from "../random/index.ts";
import { LONGEST_EPISODE, type PlayProgress, playEpisodes } from "../rollout/playEpisodes.ts";
import { type Engine, type EngineOptions, engineFor } from "../tensor/engine.ts";

export interface EvaluateOptions extends EngineOptions {
  /** Default 100. */
  episodes?: number;
  /** Of the environments and of sampled actions; never those of a training with the same seed. Default 0. */
  seed?: number;
  /** Most probable actions (default true) or sampled ones. */
  deterministic?: boolean;
  /** Default: one of its own. A call compiles the policy into it, and an engine's memory is given back with the engine only. */
  engine?: Engine;
  /** For environments of your own: time limit and the like. */
  environmentOptions?: BatchOptions;
  /** An episode of more steps than this surely has no end: an error. Default 100,000. */
  longestEpisode?: number;
  /** Ends the evaluation in its midst, with the signal's reason thrown. */
  signal?: AbortSignal;
  /** Called some times a second while it takes that long, and at the end: how many episodes have ended, in how many steps. */
  onProgress?(progress: PlayProgress): void;
}

const evaluateOptions: OptionChecks<EvaluateOptions> = {
  episodes: optional(wholeNumber(1)),
  seed: optional(seedCheck),
  deterministic: optional(trueOrFalse),
  engine: optional(engineCheck),
  kernels: optional(anything),
  environmentOptions: optional(anything),
  longestEpisode: optional(wholeNumber(1)),
  signal: optional(signalCheck),
  onProgress: optional(callback),
};

/** With what the returns of the episodes come to. */
export interface Evaluation extends ReturnSummary {
  episodes: number;
  /** In the order of environments, then of episodes. */
  returns: number[];
  lengths: number[];
}

/**
 * Every environment plays the same number of whole episodes (give or take one), so short episodes weigh no more than long
 * ones.
 *
 * @throws AscentError "space" when the policy is of other spaces, "environment" when an episode passes `longestEpisode`,
 *   "option" for a bad count.
 */
export async function evaluatePolicy(
  description: PolicyDescription,
  source: EnvironmentSource,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  checkArgument("evaluatePolicy: the policy", descriptionCheck, description);
  requireSource("evaluatePolicy", source);
  checkOptions("evaluatePolicy", evaluateOptions, options, { environmentOptions: batchOptionNames });
  const {
    episodes = 100,
    deterministic = true,
    longestEpisode = LONGEST_EPISODE,
    environmentOptions,
    signal,
  } = options;
  // Of a stream of its own, so that no evaluation meets the episodes that a training with the same seed went through.
  const seed = deriveSeed(options.seed ?? 0, streams.evaluation, 0, 0);
  const returns: number[][] = [];
  const lengths: number[][] = [];
  const play = { episodes, seed, environmentOptions, longestEpisode, signal, onProgress: options.onProgress };
  await playEpisodes(source, play, async (environment) => {
    requireSameSpaces("The policy", description, environment);
    const { count, actionMasks: mask, rewards } = environment;
    const observations = environment.exactObservations ?? environment.observations;
    const policy = new Policy(await engineFor(options), description, { seed, rows: count });
    const total = new Float64Array(count);
    const length = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      returns.push([]);
      lengths.push([]);
    }
    return {
      act: (actions, starts) => policy.actBatch(observations, actions, { deterministic, mask, starts }),
      after: (i, ended) => {
        total[i] += rewards[i];
        length[i]++;
        if (!ended) return;
        returns[i].push(total[i]);
        lengths[i].push(length[i]);
        total[i] = 0;
        length[i] = 0;
      },
    };
  });
  const all = returns.flat();
  return { episodes: all.length, ...summarise(all), returns: all, lengths: lengths.flat() };
}
