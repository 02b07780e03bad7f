/**
 * Derivatives of the gradients that are one operation (derivatives.ts has those of everything else), in single operations:
 * they are for Hessian- and Fisher-vector products, where what counts is that they are there.
 */

import { node, type Tensor } from "./graph.ts";
import { attentionParts } from "./ops/attention.ts";
import { add, exp, mul, neg, reciprocal, sqrt, square, sub, tanh } from "./ops/elementwise.ts";
import { takeLast } from "./ops/gather.ts";
import { concat, reshape, transpose } from "./ops/layout.ts";
import { matmul } from "./ops/matmul.ts";
import { mean, sum, sumTo } from "./ops/reduce.ts";
import { softmax } from "./ops/softmax.ts";

/** The second derivative of gelu: (2 − x²) φ(x). */
export function geluCurvature(x: Tensor): Tensor {
  return mul(mul(exp(mul(square(x), -0.5)), sub(2, square(x))), 1 / Math.sqrt(2 * Math.PI));
}

/** The second derivative of geluTanh, with u the argument of its tanh t: (1 − t²) (u′ (1 − x t u′) + ½ x u″). */
export function geluTanhCurvature(x: Tensor): Tensor {
  const [cube, scale] = [0.044715, 0.7978845608028654];
  const t = tanh(mul(add(x, mul(mul(square(x), x), cube)), scale));
  const slope = mul(add(mul(square(x), 3 * cube), 1), scale);
  const bend = mul(square(x), 3 * cube * scale);
  return mul(sub(1, square(t)), add(mul(slope, sub(1, mul(mul(x, t), slope))), bend));
}

/** x · (y − Σ x y along the last axis): softmax's gradient, with x its result. */
function centredBy(x: Tensor, y: Tensor): Tensor {
  return mul(x, sub(y, sum(mul(x, y), -1, { keepDims: true })));
}

/**
 * Of dq = s D k, dk = s Dᵀ q, dv = Pᵀ g with D = P · (g vᵀ − Σ), contracted with a, b and c: the gradients of that by q, k, v
 * and g.
 */
export function attentionGradientRule(y: Tensor, gradient: Tensor): readonly (Tensor | undefined)[] {
  const [x, given, mask] = y.inputs;
  const { scale = 1 } = y.attributes;
  const { query: q, key: k, value: v, weights: p, cut, cutResult } = attentionParts(x, mask, y.attributes);
  const [a, b, c] = cut(gradient);
  const g = cutResult(given);
  const times = (left: Tensor, right: Tensor) => matmul(left, right, { transposeB: true });
  const back = (left: Tensor, right: Tensor) => matmul(left, right, { transposeA: true });
  const toWeights = times(g, v);
  const toScores = centredBy(p, toWeights);
  const byScores = mul(add(times(a, k), times(q, b)), scale);
  const byWeights = centredBy(p, byScores);
  const deviation = sub(toWeights, sum(mul(p, toWeights), -1, { keepDims: true }));
  const direct = sub(mul(byScores, deviation), mul(toWeights, sum(mul(byScores, p), -1, { keepDims: true })));
  const behind = centredBy(p, add(direct, times(g, c)));
  const toX = [
    mul(add(matmul(toScores, b), matmul(behind, k)), scale),
    mul(sumTo(add(back(toScores, a), back(behind, q)), k.shape), scale),
    sumTo(back(byWeights, g), v.shape),
  ].map(joinHeads);
  return [concat(toX, 2), joinHeads(add(matmul(p, c), matmul(byWeights, v))), undefined];
}

/** [rows, keyValueHeads, heads that share, length, size] → [rows, length, heads · size]. */
function joinHeads(x: Tensor): Tensor {
  const [rows, , , length] = x.shape;
  return reshape(transpose(x, [0, 3, 1, 2, 4]), [rows, length, -1]);
}

/**
 * Of z = r (g − mean g − y mean(g y)), y the row normalised, r what it was multiplied with, contracted with c: z is linear in g,
 * by a symmetric matrix.
 */
export function normaliseGradientRule(z: Tensor, c: Tensor): readonly Tensor[] {
  const [x, g] = z.inputs;
  const { epsilon = 0, centred } = z.attributes;
  const along = (value: Tensor) => mean(value, -1, { keepDims: true });
  const deviation = centred ? sub(x, along(x)) : x;
  const r = reciprocal(sqrt(add(along(square(deviation)), epsilon)));
  const y = mul(deviation, r);
  const again = (value: Tensor) => node("normaliseGradient", [x, value], x.shape, "f32", z.attributes);
  const byY = mul(add(mul(c, along(mul(g, y))), mul(g, along(mul(c, y)))), r);
  return [neg(add(again(byY), mul(mul(y, r), along(mul(c, z))))), again(c)];
}

/** Of g (softmax(x) − one at the index), contracted with c. */
export function crossEntropyGradientRule(z: Tensor, c: Tensor): readonly (Tensor | undefined)[] {
  const [x, indices, g] = z.inputs;
  const p = softmax(x);
  const toX = mul(centredBy(p, c), reshape(g, [...g.shape, 1]));
  return [toX, undefined, sub(sum(mul(p, c), -1), takeLast(c, indices))];
}
