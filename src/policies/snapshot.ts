/** A frozen twin of a policy network: the same form, parameters of its own, set equal to the original's when asked. */

import type { Engine } from "../tensor/engine.ts";
import { ParameterBlock } from "../tensor/parameters.ts";
import type { ActorCritic } from "./actorCritic.ts";

export interface PolicySnapshot {
  readonly network: ActorCritic;
  readonly block: ParameterBlock;
  /** Makes the snapshot equal to the policy as it is now. */
  take(): void;
}

/**
 * @param twin a second network of the same options.
 * @param source the block whose first parameters are the policy's, in the order of `policyParameters`.
 */
export function policySnapshot(engine: Engine, twin: ActorCritic, source: ParameterBlock): PolicySnapshot {
  const block = new ParameterBlock(engine, twin.policyParameters);
  return {
    network: twin,
    block,
    take: () => {
      engine.kernels.axpby(block.region.length, 1, source.region.pointer, 0, block.region.pointer);
    },
  };
}
