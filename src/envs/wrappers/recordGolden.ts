/**
 * Episodes written down step by step as they are played, in the form that `replayGolden` and `ascent replay` follow. What is
 * learnt from is another form: `recordEpisodes` and `ascent record`.
 */
import { z } from "zod";
import { callback, checkArguments, checkOptions, type OptionChecks, optional } from "../../arguments/checks.ts";
import { environmentCheck } from "../contract.ts";
import type { Environment } from "../environment.ts";
import { flatSize, type Space, writeFlat } from "../spaces.ts";
import { passThrough, remembering } from "./passThrough.ts";

/** One episode of a recording: { env, episodes: [...] } is the file. Values are rows of columns, as `writeFlat` lays them out. */
export interface GoldenEpisode {
  /** What the environment's `startFrom` begins from. */
  initial?: Record<string, number[]> | undefined;
  obs0: number[];
  actions: number[][];
  obs: number[][];
  rewards: number[];
  terminated: boolean[];
  truncated: boolean[];
}

export interface RecordGoldenOptions {
  /** Asked after each reset: how the episode began, in the form that the environment's `startFrom` takes. */
  initial?: () => Record<string, number[]>;
}

const goldenOptions: OptionChecks<RecordGoldenOptions> = { initial: optional(callback) };
const goldenArguments = { environment: environmentCheck, onEpisode: callback };
const rows = z.array(z.array(z.number()));
const form = z.object({
  episode: z
    .object({
      initial: z.record(z.string(), z.array(z.number())).optional(),
      ...{ obs0: z.array(z.number()), actions: rows, obs: rows, rewards: z.array(z.number()) },
      ...{ terminated: z.array(z.boolean()), truncated: z.array(z.boolean()) },
    })
    .nullable(),
});

/**
 * Gives every episode to `onEpisode` when it ends; one that a reset or close() breaks off too, if it has a step. The episode so
 * far is in the saved state, so that a recording goes on where it was.
 */
export function recordGolden<Observation, Action, ObservationSpace extends Space, ActionSpace extends Space>(
  environment: Environment<Observation, Action, ObservationSpace, ActionSpace>,
  onEpisode: (episode: GoldenEpisode) => void,
  options: RecordGoldenOptions = {},
): Environment<Observation, Action, ObservationSpace, ActionSpace> {
  checkArguments("recordGolden", goldenArguments, { environment, onEpisode });
  checkOptions("recordGolden", goldenOptions, options);
  const { observationSpace, actionSpace } = environment;
  let episode: GoldenEpisode | undefined;
  const give = () => {
    const done = episode;
    episode = undefined;
    if (done !== undefined && done.rewards.length > 0) onEpisode(done);
  };
  return passThrough(environment, {
    reset(resetOptions) {
      give();
      const result = environment.reset(resetOptions);
      const initial = options.initial?.();
      episode = {
        ...(initial !== undefined && { initial }),
        obs0: columnsOf(observationSpace, result.observation),
        ...{ actions: [], obs: [], rewards: [], terminated: [], truncated: [] },
      };
      return result;
    },
    step(action) {
      // Before the step: an environment may write into what it was given.
      const taken = columnsOf(actionSpace, action);
      const result = environment.step(action);
      if (episode === undefined) return result;
      episode.actions.push(taken);
      episode.obs.push(columnsOf(observationSpace, result.observation));
      episode.rewards.push(result.reward);
      episode.terminated.push(result.terminated);
      episode.truncated.push(result.truncated);
      if (result.terminated || result.truncated) give();
      return result;
    },
    close() {
      give();
      environment.close?.();
    },
    ...remembering("recordGolden", environment, {
      form,
      save: () => ({ episode: structuredClone(episode ?? null) }),
      load: (kept) => {
        episode = structuredClone(kept.episode) ?? undefined;
      },
    }),
  });
}

function columnsOf(space: Space, value: unknown): number[] {
  const columns = new Float64Array(flatSize(space));
  writeFlat(space, value, columns, 0);
  return [...columns];
}
