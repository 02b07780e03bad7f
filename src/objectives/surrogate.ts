/**
 * The surrogate L_π(π̃) = E[ρA] (Kakade & Langford 2002; docs/theory.md, 20) as it is, and with a KL penalty (Schulman et al.
 * 2017, eq. 8; docs/theory.md, 21 and 23). Scalars to be maximised. Schulman et al. 2015, eq. 14 has Q in place of A, which
 * differs by a constant.
 */

import { label, requireTensors, type Tensor } from "../tensor/graph.ts";
import { mul, type Operand, sub } from "../tensor/ops/elementwise.ts";
import { mean } from "../tensor/ops/reduce.ts";
import { probabilityRatio, type RatioInputs, requireRatioInputs } from "./ratio.ts";

/** E[ρA]. At ρ = 1 its gradient is the policy gradient. */
export function plainSurrogate(inputs: RatioInputs): Tensor {
  requireRatioInputs("plainSurrogate", inputs);
  const { logProb, oldLogProb, advantage } = inputs;
  return label(mean(mul(probabilityRatio(logProb, oldLogProb), advantage)), "surrogate");
}

/** E[ρA] − β KL(π_old ‖ π_θ). @param kl mean KL, a scalar. */
export function penalisedSurrogate(inputs: RatioInputs, kl: Tensor, coefficient: Operand): Tensor {
  requireTensors("penalisedSurrogate", [kl]);
  return label(sub(plainSurrogate(inputs), mul(kl, coefficient)), "penalised surrogate");
}
