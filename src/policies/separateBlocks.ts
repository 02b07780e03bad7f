/** Parameters of a policy and a critic that are trained apart: a block each, in place of one for the whole network. */

import type { Work } from "../pauses.ts";
import type { Engine } from "../tensor/engine.ts";
import { joinedValues, ParameterBlock } from "../tensor/parameters.ts";
import type { ActorCritic } from "./actorCritic.ts";
import { parameterStreams } from "./parameterStreams.ts";

/**
 * The two blocks, with initial values, as work that stops now and then.
 *
 * @param network must share no layers: what policy and critic share would be the policy's alone.
 * @param seed safe integer ≥ 0: equal seeds give the same values as in one block.
 */
export function* separateBlocks(
  engine: Engine,
  network: ActorCritic,
  seed: number,
): Work<{ policy: ParameterBlock; critic: ParameterBlock }> {
  const policy = new ParameterBlock(engine, network.policyParameters);
  const critic = new ParameterBlock(engine, network.valueParameters);
  yield* network.initialising(joinedValues(policy, critic), parameterStreams(seed));
  return { policy, critic };
}
