/** Whole episodes of a policy, or of random actions, written down as a dataset. */

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
import type { BatchedEnvironment } from "../envs/batched.ts";
import { batchOptionNames } from "../envs/batchFromFactory.ts";
import { requireSource } from "../envs/contract.ts";
import type { BatchOptions, EnvironmentSource, SpacesOf } from "../envs/index.ts";
import { choiceColumns, maskSize, sampleFlat } from "../envs/spaces.ts";
import { descriptionCheck, type PolicyDescription } from "../policies/description.ts";
import { Policy } from "../policies/policy.ts";
import { requireSameSpaces } from "../policies/sameSpaces.ts";
import { deriveSeed, RandomStream, streams } from "../random/index.ts";
import { LONGEST_EPISODE, type Player, type PlayProgress, playEpisodes } from "../rollout/playEpisodes.ts";
import { type EngineOptions, engineFor } from "../tensor/engine.ts";
import type { EpisodeDataset } from "./dataset.ts";
import { EpisodeBuffer, joinEpisodes, type RecordedEpisode } from "./episodeBuffer.ts";

export interface RecordOptions extends EngineOptions {
  episodes: number;
  /** Of the environments and of sampled or random actions; never those of a training with the same seed. Default 0. */
  seed?: number;
  /** Most probable actions (default true) or sampled ones. */
  deterministic?: boolean;
  /** For environments of your own: time limit and the like. */
  environmentOptions?: BatchOptions;
  /** An episode of more steps than this surely has no end: an error. Default 100,000. */
  longestEpisode?: number;
  /** Ends the recording in its midst, with the signal's reason thrown. */
  signal?: AbortSignal;
  /** Called some times a second while it takes that long, and at the end. */
  onProgress?(progress: PlayProgress): void;
}

/** Episodes recorded in environments of a source. */
export type RecordedFrom<Source> = EpisodeDataset<
  SpacesOf<Source>["observationSpace"],
  SpacesOf<Source>["actionSpace"]
>;

const actorCheck = { ...descriptionCheck, expected: `${descriptionCheck.expected}, or "random"` };
const recordOptions: OptionChecks<RecordOptions> = {
  episodes: wholeNumber(1),
  seed: optional(seedCheck),
  deterministic: optional(trueOrFalse),
  engine: optional(engineCheck),
  kernels: optional(anything),
  environmentOptions: optional(anything),
  longestEpisode: optional(wholeNumber(1)),
  signal: optional(signalCheck),
  onProgress: optional(callback),
};

/**
 * Records whole episodes. Every environment plays the same number of them (give or take one), so that short episodes are
 * not more frequent than they are; they come in the order of environments, then of time.
 *
 * @param actor a policy, or "random" for uniform actions among those allowed.
 * @throws AscentError "space" when the policy is of other spaces, "environment" when an episode does not end.
 */
export async function recordEpisodes<Source extends EnvironmentSource>(
  actor: PolicyDescription | "random",
  source: Source,
  options: RecordOptions,
): Promise<RecordedFrom<Source>> {
  if (actor !== "random") checkArgument("recordEpisodes: the policy", actorCheck, actor);
  requireSource("recordEpisodes", source);
  checkOptions("recordEpisodes", recordOptions, options, { environmentOptions: batchOptionNames });
  const { episodes, environmentOptions, longestEpisode = LONGEST_EPISODE, signal, onProgress } = options;
  // Of a stream of its own: nobody should learn from the episodes of a training or an evaluation with the same seed.
  const seed = deriveSeed(options.seed ?? 0, streams.data, 0, 0);
  const done: RecordedEpisode[][] = [];
  const play = { episodes, seed, environmentOptions, longestEpisode, signal, onProgress };
  const played = await playEpisodes(source, play, async (environment) => {
    const act =
      actor === "random" ? randomActions(environment, seed) : await policyActions(actor, environment, seed, options);
    const buffers = Array.from({ length: environment.count }, (_, i) => new EpisodeBuffer(environment, i));
    done.push(...buffers.map(() => []));
    return {
      act,
      before: (i, actions) => buffers[i].before(actions),
      after: (i) => {
        const episode = buffers[i].after();
        if (episode !== undefined) done[i].push(episode);
      },
    };
  });
  const { id, observationSpace, actionSpace } = played;
  const policy = actor === "random" ? actor : actor.algorithm;
  const recorded = { environment: id, observationSpace, actionSpace, policy, seed, ...joinEpisodes(done.flat()) };
  return recorded as RecordedFrom<Source>;
}

async function policyActions(
  description: PolicyDescription,
  environment: BatchedEnvironment,
  seed: number,
  options: RecordOptions,
): Promise<Player["act"]> {
  const { deterministic = true } = options;
  requireSameSpaces("The policy", description, environment);
  const policy = new Policy(await engineFor(options), description, { seed, rows: environment.count });
  const observations = environment.exactObservations ?? environment.observations;
  return (actions, starts) => {
    policy.actBatch(observations, actions, { deterministic, mask: environment.actionMasks, starts });
  };
}

function randomActions(environment: BatchedEnvironment, seed: number): Player["act"] {
  const { actionSpace, actionSize, count, actionMasks: masks } = environment;
  const width = maskSize(actionSpace) ?? 0;
  const choices = choiceColumns(actionSpace);
  const randoms = Array.from({ length: count }, (_, i) => new RandomStream(seed, streams.data, i));
  return (actions) => {
    for (let i = 0; i < count; i++) {
      sampleFlat(actionSpace, randoms[i], actions, i * actionSize);
      if (masks === undefined) continue;
      let from = i * width;
      for (const { column, start, size } of choices) {
        actions[i * actionSize + column] = start + allowedChoice(masks.subarray(from, from + size), randoms[i]);
        from += size;
      }
    }
  };
}

/** One of the entries that are 1, each as likely as the others. */
function allowedChoice(mask: Uint8Array, random: RandomStream): number {
  let left = random.integer(mask.reduce((a, b) => a + b, 0));
  return mask.findIndex((allowed) => allowed === 1 && left-- === 0);
}
