/** The numbers that a network starts with. Only training draws them, so they are not part of the network. */

import { type StartingValues, startingValues } from "../nn/startingValues.ts";
import { RandomStream, streams } from "../random/index.ts";

/** For `ActorCritic.initialise`: each part of the network from a stream of its own, all of one seed. */
export function parameterStreams(seed: number): (part: number) => StartingValues {
  return (part) => startingValues(new RandomStream(seed, streams.parameters, part));
}
