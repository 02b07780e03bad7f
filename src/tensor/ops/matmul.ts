/** Matrix products. */

import { checkOptions, type OptionChecks, optional, trueOrFalse } from "../../arguments/checks.ts";
import { node, type Tensor } from "../graph.ts";
import { broadcastShapes, canBroadcast, formatShape, shapeError } from "../shape.ts";
import { requireFloat } from "./elementwise.ts";

export interface MatmulOptions {
  transposeA?: boolean;
  transposeB?: boolean;
}

const flag = /* @__PURE__ */ optional(trueOrFalse);
const matmulChecks: OptionChecks<MatmulOptions> = { transposeA: flag, transposeB: flag };

/**
 * a · b over the last two axes. Leading axes are a batch and broadcast (ONNX MatMul); `transposeA`/`transposeB` swap the
 * last two axes first, without a copy.
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  requireFloat("matmul", a);
  requireFloat("matmul", b);
  checkOptions("matmul", matmulChecks, options);
  const { transposeA = false, transposeB = false } = options;
  const [rankA, rankB] = [a.shape.length, b.shape.length];
  if (rankA < 2 || rankB < 2) {
    throw shapeError({
      what: "matmul: both sides need at least two axes",
      got: `${formatShape(a.shape)} and ${formatShape(b.shape)}`,
      expected: "[…, m, k] and […, k, n]",
      fix: "Give a vector a second axis with reshape(x, [1, n]) or reshape(x, [n, 1]).",
    });
  }
  const [m, kA] = transposeA ? [a.shape[rankA - 1], a.shape[rankA - 2]] : [a.shape[rankA - 2], a.shape[rankA - 1]];
  const [kB, n] = transposeB ? [b.shape[rankB - 1], b.shape[rankB - 2]] : [b.shape[rankB - 2], b.shape[rankB - 1]];
  if (kA !== kB) {
    const flags = `${transposeA ? ", transposeA" : ""}${transposeB ? ", transposeB" : ""}`;
    throw shapeError({
      what: "matmul: the inner sizes differ",
      got: `${formatShape(a.shape)} and ${formatShape(b.shape)}${flags}, so ${kA} meets ${kB}`,
      expected: "[…, m, k] and […, k, n]",
      fix: "Swap the axes of one side with transposeA or transposeB, or check which layer feeds this one.",
    });
  }
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  if (!canBroadcast(batchA, batchB)) {
    throw shapeError({
      what: "matmul: the batch axes do not broadcast",
      got: `${formatShape(a.shape)} and ${formatShape(b.shape)}`,
      expected: "equal sizes, or 1, on each axis before the last two, from the right",
      fix: "Give one side batch axes of 1 with reshape(x, [1, m, n]), or bring the batches into the same order.",
    });
  }
  const batch = broadcastShapes("matmul", batchA, batchB);
  return node("matmul", [a, b], [...batch, m, n], "f32", { transposeA, transposeB });
}
