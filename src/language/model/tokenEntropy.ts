/** The entropy of what comes next, from logits. Graph code. */

import { label, type Tensor } from "../../tensor/graph.ts";
import { mul, sub } from "../../tensor/ops/elementwise.ts";
import { sum } from "../../tensor/ops/reduce.ts";
import { logSumExp, softmax } from "../../tensor/ops/softmax.ts";

/** H = log Σ e^l − Σ softmax(l) l, in nats. @param logits [rows, length, vocabulary] @returns [rows, length] */
export function tokenEntropy(logits: Tensor): Tensor {
  return label(sub(logSumExp(logits), sum(mul(softmax(logits), logits), 2)), "token entropy");
}
