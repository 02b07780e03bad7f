/**
 * The reward model's loss (Bradley & Terry 1952; Ouyang et al. 2022, eq. 1; docs/theory.md, 25): −log σ(r_chosen − r_rejected).
 * Only differences of rewards are identified; centring ties their level down.
 */

import { checkArgument, finiteNumber } from "../../arguments/checks.ts";
import { label, type Tensor } from "../../tensor/graph.ts";
import { add, logSigmoid, mul, neg, type Operand, square, sub } from "../../tensor/ops/elementwise.ts";
import { mean } from "../../tensor/ops/reduce.ts";
import { operand, requireTensor, tensorsNamed } from "./checks.ts";

export interface RewardPairs {
  /** r(x, y_chosen) [pairs], differentiated. */
  chosen: Tensor;
  /** r(x, y_rejected) [pairs], differentiated. */
  rejected: Tensor;
  /** By how much the chosen reward should be above the rejected one [pairs] (Touvron et al. 2023, eq. 2). Default 0. */
  margin?: Operand;
}

/**
 * E[−log σ(r_c − r_r − margin)] + centring · E[(r_c + r_r)²], a scalar to be minimised; ln 2 where all rewards are equal.
 *
 * @param centring the weight that keeps rewards around 0 (Eisenstein et al. 2023). Default 0.
 * @throws AscentError "option" for a weight that is no finite number, "shape" for tensors that do not fit.
 */
export function bradleyTerryLoss(pairs: RewardPairs, centring = 0): Tensor {
  checkArgument("bradleyTerryLoss: pairs", tensorsNamed("chosen", "rejected"), pairs);
  const { chosen, rejected, margin = 0 } = pairs;
  checkArgument("bradleyTerryLoss: centring", finiteNumber, centring);
  requireTensor("bradleyTerryLoss: chosen", chosen, ["pairs"]);
  requireTensor("bradleyTerryLoss: rejected", rejected, chosen.shape);
  checkArgument("bradleyTerryLoss: margin", operand, margin);
  if (typeof margin !== "number") requireTensor("bradleyTerryLoss: margin", margin, chosen.shape);
  const loss = neg(mean(logSigmoid(sub(sub(chosen, rejected), margin))));
  const level = centring === 0 ? loss : add(loss, mul(mean(square(add(chosen, rejected))), centring));
  return label(level, "Bradley-Terry loss");
}
