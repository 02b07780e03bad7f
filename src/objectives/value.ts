/** The critic's regression loss, plain or clipped. */

import { label, requireTensors, type Tensor } from "../tensor/graph.ts";
import { add, clip, max, neg, type Operand, square, sub } from "../tensor/ops/elementwise.ts";
import { mean } from "../tensor/ops/reduce.ts";

/** E[(V(s) − target)²]. */
export function valueLoss(value: Tensor, target: Tensor): Tensor {
  requireTensors("valueLoss", [value, target]);
  return label(mean(square(sub(value, target))), "value loss");
}

/**
 * E[max((V − target)², (V_old + clip(V − V_old, ±range) − target)²)]: the value may not move further than `range` from what
 * it was when the batch was collected (OpenAI baselines' ppo2).
 */
export function clippedValueLoss(value: Tensor, oldValue: Tensor, target: Tensor, range: Operand): Tensor {
  requireTensors("clippedValueLoss", [value, oldValue, target]);
  return label(mean(clippedValueErrors(value, oldValue, target, range)), "clipped value loss");
}

/** What `clippedValueLoss` is the mean of, for every entry. */
export function clippedValueErrors(value: Tensor, oldValue: Tensor, target: Tensor, range: Operand): Tensor {
  const low = typeof range === "number" ? -range : neg(range);
  const bounded = add(oldValue, clip(sub(value, oldValue), low, range));
  return max(square(sub(value, target)), square(sub(bounded, target)));
}
