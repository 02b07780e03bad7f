/** Whole episodes of whoever acts, in environments of their own: what evaluating and recording have in common. */

import type { BatchedEnvironment } from "../envs/batched.ts";
import { type BatchOptions, type EnvironmentSource, makeBatched, prepareEnvironment } from "../envs/index.ts";
import { AscentError } from "../errors.ts";
import { due, othersFirst } from "../pauses.ts";

export interface PlayOptions {
  episodes: number;
  /** Of the environments. */
  seed: number;
  environmentOptions: BatchOptions | undefined;
  /** An episode of more steps than this surely has no end: an error. */
  longestEpisode: number;
  /** Ends it in its midst, with the signal's reason thrown. */
  signal?: AbortSignal | undefined;
  /** Called some times a second while it takes that long, and at the end. */
  onProgress?: ((progress: PlayProgress) => void) | undefined;
}

export interface PlayProgress {
  /** Episodes that have ended, of those asked for. */
  done: number;
  episodes: number;
  /** Steps of all environments. */
  steps: number;
  /** Steps of the longest episode that is running. */
  longest: number;
}

/**
 * Steps after which an episode surely has no end, where nobody says otherwise: several times those of the longest usual
 * tasks (half an hour of an Atari game is 27,000), and with all environments still some seconds of a quick one.
 */
export const LONGEST_EPISODE = 100_000;

export interface Player {
  /** Writes actions for what the environments show now; `starts` is 1 where an episode begins. */
  act(actions: Float32Array, starts: Uint8Array): void;
  /** Environment i is about to take its step: what it shows can still be seen. */
  before?(i: number, actions: Float32Array): void;
  /** Environment i has taken its step; `ended` says whether its episode ended with it. */
  after(i: number, ended: boolean): void;
}

/** Environments run side by side. */
const MOST_ENVIRONMENTS = 100;

/**
 * Every environment plays the same number of episodes (give or take one), so that short ones are not more frequent than
 * they are; what an environment plays beyond its share is not reported. The environments are closed at the end.
 *
 * @param begin who plays; called before the first step.
 * @returns what the environments were.
 * @throws AscentError "environment" when an episode passes `longestEpisode`.
 */
export async function playEpisodes(
  source: EnvironmentSource,
  { episodes, seed, environmentOptions, longestEpisode, signal, onProgress }: PlayOptions,
  begin: (environment: BatchedEnvironment) => Player | Promise<Player>,
): Promise<Pick<BatchedEnvironment, "id" | "observationSpace" | "actionSpace">> {
  const count = Math.min(episodes, MOST_ENVIRONMENTS);
  await prepareEnvironment(source);
  const environment = makeBatched(source, count, environmentOptions);
  try {
    const player = await begin(environment);
    const left = Int32Array.from(
      { length: count },
      (_, i) => Math.floor(episodes / count) + (i < episodes % count ? 1 : 0),
    );
    const lengths = new Int32Array(count);
    const actions = new Float32Array(count * environment.actionSize);
    const starts = new Uint8Array(count).fill(1);
    let done = 0;
    let steps = 0;
    const tell = () => onProgress?.({ done, episodes, steps, longest: lengths.reduce((a, b) => Math.max(a, b), 0) });
    environment.reset(seed);
    for (let open = count; open > 0; ) {
      if (due()) {
        tell();
        await othersFirst();
      }
      signal?.throwIfAborted();
      player.act(actions, starts);
      for (let i = 0; i < count; i++) if (left[i] > 0) player.before?.(i, actions);
      environment.step(actions);
      steps += count;
      for (let i = 0; i < count; i++) {
        starts[i] = environment.terminated[i] | environment.truncated[i];
        if (left[i] === 0) continue;
        if (++lengths[i] > longestEpisode) endless(environment.id, longestEpisode, done, episodes);
        player.after(i, starts[i] === 1);
        if (starts[i] === 0) continue;
        lengths[i] = 0;
        done++;
        if (--left[i] === 0) open--;
      }
    }
    tell();
    return environment;
  } finally {
    environment.close?.();
  }
}

function endless(id: string, limit: number, done: number, episodes: number): never {
  throw new AscentError("environment", {
    what: `An episode of ${id} does not end`,
    got: `more than ${limit} steps, after ${done} of ${episodes} episodes had ended`,
    expected: "terminated or truncated at some step",
    fix:
      "Give it a time limit: environmentOptions: { maxEpisodeSteps }, or timeLimit(environment, steps). Where episodes are " +
      "as long as that, raise longestEpisode (--longest-episode).",
  });
}
