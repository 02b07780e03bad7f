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
}
