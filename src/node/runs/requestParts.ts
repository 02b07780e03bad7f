/** What a request says of the environment and the settings, read alone or beside the config.json of the run it continues. */
import type { TrainOptions } from "../../training/train.ts";
import type { RunRequest } from "../trainRun.ts";
import type { RunConfig } from "./config.ts";

/** The algorithm's options that the request gives, the seed among them. */
export function settingsOf({ options, seed }: RunRequest): Readonly<Record<string, unknown>> {
  return { ...options, ...(seed !== undefined && { seed }) };
}

/** What config.json calls the environment. */
export function environmentId(
  source: NonNullable<RunRequest["environment"]>,
  options: TrainOptions["environmentOptions"],
): string {
  if (typeof source === "function") return options?.id ?? "custom";
  return typeof source === "string" ? source : source.id;
}

/** The part of config.json on the time limit of an environment of one's own. */
export function limitOf({ environmentOptions }: RunRequest): Pick<RunConfig, "maxEpisodeSteps"> {
  const limit = environmentOptions?.maxEpisodeSteps;
  return limit === undefined || limit === Number.POSITIVE_INFINITY ? {} : { maxEpisodeSteps: limit };
}

/** What an environment of one's own is called, and its time limit, as the run in `config` has them. */
export function environmentOptionsOf(
  { environment, environmentOptions }: RunRequest,
  { env, maxEpisodeSteps }: RunConfig,
): Pick<TrainOptions, "environmentOptions"> {
  if (typeof environment !== "function") return environmentOptions === undefined ? {} : { environmentOptions };
  return {
    environmentOptions: { ...environmentOptions, id: env, ...(maxEpisodeSteps !== undefined && { maxEpisodeSteps }) },
  };
}
