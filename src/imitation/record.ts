/** Whole episodes of a policy, or of random actions, written down as a dataset. */

import type { BatchedEnvironment } from "../envs/batched.ts";
import { type BatchOptions, type EnvironmentFactory, type EnvironmentSpec, makeBatched } from "../envs/index.ts";
import { choiceColumns, maskSize, sampleFlat } from "../envs/spaces.ts";
import { AscentError } from "../errors.ts";
import type { PolicyDescription } from "../policies/description.ts";
import { Policy } from "../policies/policy.ts";
import { RandomStream, streams } from "../random/index.ts";
import { createEngine, type Engine } from "../tensor/engine.ts";
import type { EpisodeDataset } from "./dataset.ts";
import { requireSameSpaces } from "./datasetChecks.ts";
import { EpisodeBuffer, joinEpisodes, type RecordedEpisode } from "./episodeBuffer.ts";

export interface RecordOptions {
  episodes: number;
  /** Of the environments and of sampled or random actions. Default 0. */
  seed?: number;
  /** Most probable actions (default true) or sampled ones. */
  deterministic?: boolean;
  engine?: Engine;
  /** For environments of your own: time limit and the like. */
  environmentOptions?: BatchOptions;
  /** An episode of more steps than this surely has no end: an error. Default 100,000. */
  longestEpisode?: number;
}

/** Environments run side by side. */
const MOST_ENVIRONMENTS = 100;

/**
 * Records whole episodes. Every environment plays the same number of them (give or take one), so that short episodes are
 * not more frequent than they are; they come in the order of environments, then of time.
 *
 * @param actor a policy, or "random" for uniform actions among those allowed.
 * @throws AscentError "space" when the policy is of other spaces, "environment" when an episode does not end.
 */
export async function recordEpisodes(
  actor: PolicyDescription | "random",
  source: string | EnvironmentSpec | EnvironmentFactory,
  options: RecordOptions,
): Promise<EpisodeDataset> {
  const { episodes, seed = 0, longestEpisode = 100_000 } = options;
  if (!Number.isInteger(episodes) || episodes < 1) {
    const expected = "a whole number ≥ 1";
    throw new AscentError("option", { what: "recordEpisodes: episodes", got: String(episodes), expected });
  }
  const count = Math.min(episodes, MOST_ENVIRONMENTS);
  const environment = makeBatched(source, count, options.environmentOptions);
  const act = actor === "random" ? randomActions(environment, seed) : await policyActions(actor, environment, options);
  const quota = Array.from({ length: count }, (_, i) => Math.floor(episodes / count) + (i < episodes % count ? 1 : 0));
  const done: RecordedEpisode[][] = quota.map(() => []);
  const buffers = quota.map((_, i) => new EpisodeBuffer(environment, i));
  const actions = new Float32Array(count * environment.actionSize);

  const starts = new Uint8Array(count).fill(1);

  environment.reset(seed);
  for (let open = count; open > 0; ) {
    act(actions, starts);
    for (let i = 0; i < count; i++) if (done[i].length < quota[i]) buffers[i].before(actions);
    environment.step(actions);
    for (let i = 0; i < count; i++) {
      starts[i] = environment.terminated[i] | environment.truncated[i];
      if (done[i].length === quota[i]) continue;
      const episode = buffers[i].after();
      if (buffers[i].length > longestEpisode) endless(environment.id, longestEpisode);
      if (episode === undefined) continue;
      done[i].push(episode);
      if (done[i].length === quota[i]) open--;
    }
  }
  environment.close?.();
  const { id, observationSpace, actionSpace } = environment;
  const policy = actor === "random" ? actor : actor.algorithm;
  return { environment: id, observationSpace, actionSpace, policy, seed, ...joinEpisodes(done.flat()) };
}

/** Writes actions for what the environments show now; `starts` is 1 where an episode begins. */
type Act = (actions: Float32Array, starts: Uint8Array) => void;

async function policyActions(
  description: PolicyDescription,
  environment: BatchedEnvironment,
  { seed = 0, deterministic = true, engine }: RecordOptions,
): Promise<Act> {
  requireSameSpaces("The policy", description, environment);
  const policy = new Policy(engine ?? (await createEngine()), description, { seed, rows: environment.count });
  return (actions, starts) => {
    policy.actBatch(environment.observations, actions, { deterministic, mask: environment.actionMasks, starts });
  };
}

function randomActions(environment: BatchedEnvironment, seed: number): Act {
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

function endless(id: string, limit: number): never {
  throw new AscentError("environment", {
    what: `An episode of ${id} does not end`,
    got: `more than ${limit} steps`,
    expected: "terminated or truncated at some step",
    fix: "Give it a time limit: environmentOptions: { maxEpisodeSteps }, or timeLimit(environment, steps).",
  });
}
