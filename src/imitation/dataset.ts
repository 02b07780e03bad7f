/**
 * Recorded episodes as flat arrays: what behaviour cloning learns from. Whoever has episodes of another origin (a person's,
 * another program's) fills in an `EpisodeDataset` and writes it with `encodeDataset` (datasetFile.ts).
 */

import { type Check, having } from "../arguments/checks.ts";
import type { Space } from "../envs/spaces.ts";

export interface EpisodeDataset<ObservationSpace extends Space = Space, ActionSpace extends Space = Space> {
  /** Id of the environment. */
  environment: string;
  observationSpace: ObservationSpace;
  actionSpace: ActionSpace;
  /** What acted: an algorithm's name, "random", … */
  policy: string;
  /** Of the environments and of sampled actions. */
  seed: number;
  /** Episode k is the steps offsets[k] … offsets[k + 1] − 1 [episodes + 1]. */
  offsets: Int32Array;
  /** As the environment gave them, before the step [steps × observation columns]. */
  observations: Float32Array;
  /** As the environment got them [steps × action columns]. */
  actions: Float32Array;
  /** What was allowed [steps × mask size]; absent without masks. */
  masks?: Uint8Array;
  /** [steps] */
  rewards: Float64Array;
  /** Each [steps], 1 at the last step of an episode only. */
  terminated: Uint8Array;
  truncated: Uint8Array;
  /** The observation each episode ended on [episodes × observation columns]. */
  finalObservations: Float32Array;
}

/** Recorded episodes, by their parts; `checkDataset` looks into them. */
export const datasetCheck: Check = {
  ...having("recorded episodes", "observationSpace", "actionSpace", "offsets", "observations", "actions", "rewards"),
  fix: "Give what recordEpisodes, decodeDataset or (await readDataset(path)).dataset gives.",
};
