/** What stands at the last real token of each row: where a score model speaks of the whole sequence. Graph code. */

import { requireTensor } from "../../objectives/preferences/checks.ts";
import { constant, type Tensor } from "../../tensor/graph.ts";
import { mul, toInt } from "../../tensor/ops/elementwise.ts";
import { takeLast } from "../../tensor/ops/gather.ts";
import { maximum } from "../../tensor/ops/reduce.ts";

/**
 * @param values f32 [rows, length], such as scores.
 * @param mask f32 [rows, length], 1 for real tokens, at either end padding; a row without any gives its first value.
 * @returns [rows]
 * @throws AscentError "shape" for tensors that do not fit.
 */
export function atLastReal(values: Tensor, mask: Tensor): Tensor {
  requireTensor("atLastReal: values", values, ["rows", "length"]);
  requireTensor("atLastReal: mask", mask, values.shape);
  const length = mask.shape[1];
  const columns = constant(
    Float32Array.from({ length }, (_, i) => i),
    [1, length],
  );
  return takeLast(values, toInt(maximum(mul(mask, columns), 1)));
}
