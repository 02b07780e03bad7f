/** What an environment of one's own finds in its worker without importing it, and where it puts itself. */
import {
  box,
  dict,
  discrete,
  type EnvironmentSource,
  multiBinary,
  multiDiscrete,
  RandomStream,
  streams,
} from "ascent-rl";

export const offered = { RandomStream, box, dict, discrete, multiBinary, multiDiscrete, streams };

export interface OwnHost {
  ascentOffered: typeof offered;
  /** @param source a function that makes one environment. */
  ascentOwn(source: EnvironmentSource): void;
  /** @param error that kept it from being made. */
  ascentRefuse(error: unknown): void;
}

/** The line of the worker's own text that an error, or what caused it, was thrown in. */
export function ownLineOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const [, line] = /blob:[^\s)]*:(\d+):\d+/.exec(error.stack ?? "") ?? [];
  return line === undefined ? ownLineOf(error.cause) : Number(line);
}
