/** How wide a policy draws: the figure `logStd`. */

import type { Figures } from "../learners/learner.ts";
import type { ActorCritic } from "../policies/actorCritic.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";

/**
 * Mean of the elements of the first spread that the policy's head has as a parameter of its own: log σ of a Gaussian whose σ
 * does not depend on the state, the logarithms of the noise weights' deviations with gsde; of a Dict, those of its first such
 * Box. In the environment's units, so that it goes with the entropy; of squashed Gaussians, of what is squashed. Nothing for
 * other policies.
 */
export function policySpread(network: ActorCritic, block: ParameterBlock): Figures {
  const [own] = network.head.parameters;
  if (own === undefined) return {};
  const logStd = block.values(own.tensor.attributes.name!);
  return { logStd: logStd.reduce((a, b) => a + b, 0) / logStd.length + (own.logScale ?? 0) };
}
