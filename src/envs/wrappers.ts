/**
 * Wrappers around one environment: each takes an environment and gives another. They pass masks, saved state, scenes and close
 * through, where the wrapped environment has them; what they remember is in the saved state. The order matters: see docs/worlds.md.
 */
export { actionRepeat } from "./wrappers/actionRepeat.ts";
export { clipAction } from "./wrappers/clipAction.ts";
export { type DrawFramesOptions, drawFrames, type Frame } from "./wrappers/drawFrames.ts";
export {
  type EpisodeStatistics,
  type EpisodeStatisticsOptions,
  episodeStatistics,
} from "./wrappers/episodeStatistics.ts";
export { frameStack } from "./wrappers/frameStack.ts";
export {
  type Normalized,
  type NormalizeObservationOptions,
  normalizeObservation,
} from "./wrappers/normalizeObservation.ts";
export { type NormalizeRewardOptions, normalizeReward } from "./wrappers/normalizeReward.ts";
export { type GoldenEpisode, type RecordGoldenOptions, recordGolden } from "./wrappers/recordGolden.ts";
export { rescaleAction } from "./wrappers/rescaleAction.ts";
export { timeLimit } from "./wrappers/timeLimit.ts";
export { transformReward } from "./wrappers/transformReward.ts";
