/**
 * Rewards of one environment divided by the running deviation of the discounted return. Training has `normalizeRewards` for a whole
 * batch: this is for loops of one's own.
 */
import { above, checkArgument, checkOptions, type OptionChecks, optional, share } from "../../arguments/checks.ts";
import { environmentCheck } from "../contract.ts";
import type { Environment } from "../environment.ts";
import { RewardNormaliser } from "../rewardNormaliser.ts";
import type { Space } from "../spaces.ts";
import { passThrough, remembering } from "./passThrough.ts";

export interface NormalizeRewardOptions {
  /** Discount of the return whose deviation rewards are divided by: the training's. Default 0.99. */
  gamma?: number;
  /** Scaled rewards are held in ±clip. Default 10. */
  clip?: number;
}

const rewardOptions: OptionChecks<NormalizeRewardOptions> = { gamma: optional(share), clip: optional(above(0)) };

/**
 * Rewards as r / √(variance + 1e-8) of the discounted returns so far, in ±clip; their mean stays where it is. The statistics outlast
 * episodes and are in the saved state. `episodeStatistics` around it counts scaled rewards, within it the task's own.
 */
export function normalizeReward<Observation, Action, ObservationSpace extends Space, ActionSpace extends Space>(
  environment: Environment<Observation, Action, ObservationSpace, ActionSpace>,
  options: NormalizeRewardOptions = {},
): Environment<Observation, Action, ObservationSpace, ActionSpace> {
  checkArgument("normalizeReward: environment", environmentCheck, environment);
  checkOptions("normalizeReward", rewardOptions, options);
  const { gamma = 0.99, clip = 10 } = options;
  const normaliser = new RewardNormaliser(1, gamma, clip);
  const rewards = new Float64Array(1);
  const terminated = new Uint8Array(1);
  const truncated = new Uint8Array(1);
  return passThrough(environment, {
    reset(resetOptions) {
      const result = environment.reset(resetOptions);
      normaliser.restart();
      return result;
    },
    step(action) {
      const result = environment.step(action);
      rewards[0] = result.reward;
      terminated[0] = Number(result.terminated);
      truncated[0] = Number(result.truncated);
      normaliser.apply(rewards, terminated, truncated, rewards, 0);
      return { ...result, reward: rewards[0] };
    },
    ...remembering("normalizeReward", environment, {
      form: normaliser.form,
      save: () => normaliser.save(),
      load: (kept) => normaliser.load(kept),
    }),
  });
}
