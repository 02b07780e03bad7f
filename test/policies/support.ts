/** Policies with random weights, for the tests beside it. */

import type { Space } from "../../src/envs/spaces.ts";
import { weightsOf } from "../../src/policies/description.ts";
import { actorCritic, type NetworkOptions, type PolicyDescription } from "../../src/policies/index.ts";
import { parameterStreams } from "../../src/policies/parameterStreams.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { ParameterBlock } from "../../src/tensor/parameters.ts";
import { numbers, seeded } from "../tensor/support.ts";

export async function randomPolicy(
  observationSpace: Space,
  actionSpace: Space,
  network: NetworkOptions = { hidden: [8] },
  scaling?: PolicyDescription["scaling"],
): Promise<PolicyDescription> {
  const net = actorCritic(observationSpace, actionSpace, network);
  const block = new ParameterBlock(await createEngine(), net.parameters);
  net.initialise(block, parameterStreams(3));
  const random = seeded(9);
  for (const name of block.names) block.values(name).set(numbers(random, block.values(name).length, -1, 1));
  const weights = weightsOf(block);
  return { algorithm: "ppo", environment: "Test-v0", observationSpace, actionSpace, network, scaling, weights };
}
