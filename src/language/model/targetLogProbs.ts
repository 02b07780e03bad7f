/** Log-probabilities of given tokens from hidden states and the head's weights. Graph code. */

import { checkArgument, positiveNumber } from "../../arguments/checks.ts";
import type { Tensor } from "../../tensor/graph.ts";
import { mul, neg } from "../../tensor/ops/elementwise.ts";
import { reshape } from "../../tensor/ops/layout.ts";
import { matmul } from "../../tensor/ops/matmul.ts";
import { crossEntropy } from "../../tensor/ops/softmax.ts";

/**
 * log softmax(hidden · weightᵀ / temperature) at the targets.
 *
 * @param hidden […, width]
 * @param weight [vocabulary, width]
 * @param targets i32 […]
 * @returns […]
 */
export function targetLogProbs(hidden: Tensor, weight: Tensor, targets: Tensor, temperature: number): Tensor {
  checkArgument("targetLogProbs: temperature", positiveNumber, temperature);
  const rows = reshape(hidden, [-1, weight.shape[1]]);
  const logits = mul(matmul(rows, weight, { transposeB: true }), 1 / temperature);
  const logProbs = neg(crossEntropy(logits, reshape(targets, [-1])));
  return reshape(logProbs, targets.shape);
}
