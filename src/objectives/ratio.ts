/** The probability ratio ρ = π_θ(a|s) / π_old(a|s) that every surrogate is made of. */

import { checkArgument, having } from "../arguments/checks.ts";
import { label, requireTensors, type Tensor } from "../tensor/graph.ts";
import { exp, sub } from "../tensor/ops/elementwise.ts";

export interface RatioInputs {
  /** log π_θ(a|s) [rows], differentiated. */
  logProb: Tensor;
  /** log π_old(a|s) [rows], as stored when the action was taken. */
  oldLogProb: Tensor;
  /** [rows] */
  advantage: Tensor;
}

/** ρ [rows]. */
const inputsCheck = having("an object with logProb, oldLogProb and advantage", "logProb", "oldLogProb", "advantage");

/** @throws AscentError "option" unless the three are there; what they are is checked by the operations on them. */
export function requireRatioInputs(caller: string, inputs: RatioInputs): void {
  checkArgument(`${caller}: inputs`, inputsCheck, inputs);
  requireTensors(caller, [inputs.logProb, inputs.oldLogProb, inputs.advantage]);
}

export function probabilityRatio(logProb: Tensor, oldLogProb: Tensor): Tensor {
  requireTensors("probabilityRatio", [logProb, oldLogProb]);
  return label(exp(sub(logProb, oldLogProb)), "ratio");
}
