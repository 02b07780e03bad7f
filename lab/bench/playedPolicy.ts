/** A policy's file to an episode that can be watched. Loaded with the first file: it brings the library's acting part. */
import {
  AscentError,
  createPlayer,
  decodePolicy,
  environmentSpec,
  type Player,
  type PolicyDescription,
} from "ascent-rl";

export interface PlayedPolicy {
  now: Player;
  /** Another episode. */
  next(seed: number): Promise<Player>;
  /** What it is. */
  words: string;
}

/** @param name of the file, for errors and words. @throws AscentError for what is no policy, or one of an environment that is not here. */
export async function playedPolicy(bytes: Uint8Array, name: string): Promise<PlayedPolicy> {
  const description = decoded(bytes, name);
  const spec = environmentSpec(description.environment);
  const next = (seed: number) => createPlayer(description, spec, { seed });
  const words = `${name}: ${description.algorithm}, trained in ${description.environment}; most probable actions.`;
  return { now: await next(0), next, words };
}

function decoded(bytes: Uint8Array, name: string): PolicyDescription {
  try {
    return decodePolicy(bytes);
  } catch (error) {
    if (!(error instanceof AscentError)) throw error;
    throw new AscentError("file", { ...error.problem, what: `${name}: ${error.problem.what}` });
  }
}
