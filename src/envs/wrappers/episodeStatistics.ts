/** Return, length and time of each episode, in the info of its last step. */
import { z } from "zod";
import { callback, checkArgument, checkOptions, type OptionChecks, optional } from "../../arguments/checks.ts";
import { environmentCheck } from "../contract.ts";
import type { Environment } from "../environment.ts";
import type { Space } from "../spaces.ts";
import { passThrough, remembering } from "./passThrough.ts";

/** `info.episode` of an episode's last step. */
export interface EpisodeStatistics {
  /** Sum of the rewards. */
  return: number;
  /** Steps. */
  length: number;
  /** Seconds from reset to the end, by the clock. */
  seconds: number;
}

export interface EpisodeStatisticsOptions {
  /** Milliseconds from any moment on. Default performance.now. */
  clock?: () => number;
}

const statisticsOptions: OptionChecks<EpisodeStatisticsOptions> = { clock: optional(callback) };
const form = z.object({ return: z.number(), length: z.int().min(0), seconds: z.number() });

/** Adds `episode` to the info of the step that ends an episode; all else passes through. */
export function episodeStatistics<Observation, Action, ObservationSpace extends Space, ActionSpace extends Space>(
  environment: Environment<Observation, Action, ObservationSpace, ActionSpace>,
  options: EpisodeStatisticsOptions = {},
): Environment<Observation, Action, ObservationSpace, ActionSpace> {
  checkArgument("episodeStatistics: environment", environmentCheck, environment);
  checkOptions("episodeStatistics", statisticsOptions, options);
  const { clock = () => performance.now() } = options;
  let total = 0;
  let length = 0;
  let began = clock();
  const now = (): EpisodeStatistics => ({ return: total, length, seconds: (clock() - began) / 1000 });
  return passThrough(environment, {
    reset(resetOptions) {
      total = 0;
      length = 0;
      began = clock();
      return environment.reset(resetOptions);
    },
    step(action) {
      const result = environment.step(action);
      total += result.reward;
      length++;
      if (!result.terminated && !result.truncated) return result;
      return { ...result, info: { ...result.info, episode: now() } };
    },
    ...remembering("episodeStatistics", environment, {
      form,
      save: now,
      load(kept) {
        total = kept.return;
        length = kept.length;
        began = clock() - 1000 * kept.seconds;
      },
    }),
  });
}
