/** What a collector saves and loads: enough for a resumed run to see the same future. */

import { z } from "zod";
import type { RewardNormaliser, RewardState } from "../envs/rewardNormaliser.ts";
import { numbers } from "../files/savedState.ts";
import type { MomentsState } from "../math/runningMoments.ts";
import type { EpisodeState, EpisodeTracker } from "./episodes.ts";
import type { ObservationNormaliser } from "./normalise.ts";

export interface CollectorState {
  /** Decisions made in each environment. */
  step: number;
  /** Of the rollout. */
  rows: number;
  environments: unknown;
  episodes: EpisodeState;
  /** Of the network's memory, where it has one. */
  memory?: number[] | undefined;
  observationMoments?: MomentsState | undefined;
  rewardMoments?: RewardState | undefined;
}

/** What the state depends on. */
interface Parts {
  rows: number;
  /** Numbers that the network remembers, all environments counted. */
  memory: number;
  episodes: EpisodeTracker;
  observationNormaliser: ObservationNormaliser | undefined;
  rewardNormaliser: RewardNormaliser | undefined;
}

/** The state's form: normalisers and a memory only, and always, where the collector has them. */
export function collectorForm(parts: Parts): z.ZodType<CollectorState> {
  const { rows, memory, episodes, observationNormaliser, rewardNormaliser } = parts;
  const none = z.undefined().optional();
  return z.object({
    step: z.int().min(0),
    rows: z.literal(rows, "another number of rows of a rollout"),
    environments: z.unknown(),
    episodes: episodes.form,
    memory: memory > 0 ? numbers(memory) : none,
    observationMoments: observationNormaliser?.form ?? none,
    rewardMoments: rewardNormaliser?.form ?? none,
  });
}
