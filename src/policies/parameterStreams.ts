/** The random numbers that a network starts with. Only training draws them, so they are not part of the network. */

import { RandomStream, streams } from "../random/index.ts";

/** For `ActorCritic.initialise`: a stream for each part of the network, all of one seed. */
export function parameterStreams(seed: number): (part: number) => RandomStream {
  return (part) => new RandomStream(seed, streams.parameters, part);
}
