/** What `ascent train` was called with, as commander hands it over. */
import type { ChangeFlag, Settings } from "./arguments.ts";

export interface TrainFlags {
  env?: string;
  data?: string;
  /** Of language models: a folder, or a world's name. */
  model?: string;
  world?: string;
  /** Drawn from the world. */
  rows?: number;
  reference?: string;
  /** Rank. */
  lora?: number;
  sampleEvery?: number;
  steps?: number;
  seed?: number;
  envs?: number;
  envWorkers?: number;
  import?: readonly string[];
  set?: Settings;
  change?: readonly ChangeFlag[];
  config?: string;
  init?: string;
  newCritic?: boolean;
  out?: string;
  resume?: boolean;
  checkpointEvery?: number;
  evalEpisodes?: number;
  kernels: "auto" | "simd" | "fma";
  json?: boolean;
  quiet?: boolean;
  /** False with --no-monitor. */
  monitor: boolean;
}
