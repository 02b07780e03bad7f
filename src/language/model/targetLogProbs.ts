/** Log-probabilities of given tokens from hidden states and the head's weights. Graph code. */

import { checkArgument, positiveNumber } from "../../arguments/checks.ts";
import type { Tensor } from "../../tensor/graph.ts";
import { mul, sub } from "../../tensor/ops/elementwise.ts";
import { takeLast } from "../../tensor/ops/gather.ts";
import { reshape } from "../../tensor/ops/layout.ts";
import { matmul } from "../../tensor/ops/matmul.ts";
import { logSumExp } from "../../tensor/ops/softmax.ts";

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
  const logProbs = sub(takeLast(logits, reshape(targets, [-1])), logSumExp(logits));
  return reshape(logProbs, targets.shape);
}
