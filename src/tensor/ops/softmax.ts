/** The soft family over the last axis, each computed with the row's maximum taken out so that no input overflows. */

import { node, type Tensor } from "../graph.ts";
import { resolveAxis } from "../shape.ts";
import { requireFloat } from "./elementwise.ts";
import { requireLeading } from "./gather.ts";

export function softmax(x: Tensor): Tensor {
  requireFloat("softmax", x);
  resolveAxis("softmax", x.shape, -1);
  return node("softmax", [x], x.shape);
}

export function logSoftmax(x: Tensor): Tensor {
  requireFloat("logSoftmax", x);
  resolveAxis("logSoftmax", x.shape, -1);
  return node("logSoftmax", [x], x.shape);
}

/**
 * −log softmax(x) at the index: […, n] by […] → […]. What is kept for the gradient is x alone, and the gradient is written
 * over it where nobody else needs it: of a language model's logits there is one tensor, never two.
 */
export function crossEntropy(x: Tensor, indices: Tensor): Tensor {
  requireFloat("crossEntropy", x);
  resolveAxis("crossEntropy", x.shape, -1);
  requireLeading("crossEntropy", x.shape.slice(0, -1), indices);
  return node("crossEntropy", [x, indices], indices.shape);
}

/**
 * log Σ exp x over the last axis, which disappears. A row with +∞, or of −∞ alone, has no finite maximum to take out and
 * gives NaN.
 */
export function logSumExp(x: Tensor): Tensor {
  requireFloat("logSumExp", x);
  const axis = resolveAxis("logSumExp", x.shape, -1);
  return node("logSumExp", [x], x.shape.slice(0, axis));
}
