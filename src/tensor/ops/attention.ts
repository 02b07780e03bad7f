/**
 * Causal attention of several heads over whole sequences, as one operation: a query's scores, weights and sum stay in the
 * cache, and what lies behind a token is never multiplied. One new token over a cache of earlier ones is cachedAttention.ts.
 */

import {
  anything,
  checkOptions,
  type OptionChecks,
  optional,
  positiveNumber,
  wholeNumber,
} from "../../arguments/checks.ts";
import { constant, describeTensor, node, requireTensor, type Tensor } from "../graph.ts";
import { formatShape, type Shape, sameShape, shapeError } from "../shape.ts";
import { mul, requireFloat, where } from "./elementwise.ts";
import { reshape, sliceAxis, transpose } from "./layout.ts";
import { matmul } from "./matmul.ts";
import { softmax } from "./softmax.ts";

export interface AttentionOptions {
  /** Of queries. */
  heads: number;
  /** Of keys and of values: a divisor of `heads`, head h uses ⌊h · keyValueHeads / heads⌋. Default: `heads`. */
  keyValueHeads?: number;
  /** Of scores. Default: 1 / √size of a head. */
  scale?: number;
  /** f32 [rows, length]: 0 where a token is never looked at, as padding on the left. Default: none is. */
  mask?: Tensor;
}

const optionChecks: OptionChecks<AttentionOptions> = {
  heads: /* @__PURE__ */ wholeNumber(1),
  keyValueHeads: /* @__PURE__ */ optional(/* @__PURE__ */ wholeNumber(1)),
  scale: /* @__PURE__ */ optional(positiveNumber),
  mask: /* @__PURE__ */ optional(anything),
};

/**
 * softmax(scale · Q Kᵀ) V of each head, over the tokens up to the query's own.
 *
 * @param x queries, keys and values side by side: [rows, length, (heads + 2 · keyValueHeads) · size].
 * @returns [rows, length, heads · size]; 0 where there is no token to look at.
 * @throws AscentError "shape" when heads do not divide x, "option" for numbers of heads that are none.
 */
export function causalAttention(x: Tensor, options: AttentionOptions): Tensor {
  requireFloat("causalAttention", x);
  checkOptions("causalAttention", optionChecks, options);
  const { heads, keyValueHeads = heads, mask } = options;
  const [rows, length, width] = x.shape;
  const size = width / (heads + 2 * keyValueHeads);
  if (x.shape.length !== 3 || !Number.isInteger(size) || heads % keyValueHeads !== 0) {
    throw shapeError({
      what: "causalAttention: queries, keys and values do not fit the heads",
      got: `${describeTensor(x)} for ${heads} heads and ${keyValueHeads} of keys and values`,
      expected: "[rows, length, (heads + 2 · keyValueHeads) · size], keyValueHeads a divisor of heads",
      fix: "Put queries, keys and values side by side with concat(parts, 2).",
    });
  }
  if (mask !== undefined) requireMask(mask, [rows, length]);
  const { scale = 1 / Math.sqrt(size) } = options;
  const inputs = mask === undefined ? [x] : [x, mask];
  return node("attention", inputs, [rows, length, heads * size], "f32", { heads, keyValueHeads, scale });
}

function requireMask(mask: Tensor, shape: Shape): void {
  requireTensor("causalAttention: mask", mask);
  if (sameShape(mask.shape, shape) && mask.dtype === "f32") return;
  throw shapeError({
    what: "causalAttention: the mask is not one number a token",
    got: `${describeTensor(mask)} of dtype ${mask.dtype}`,
    expected: `f32 ${formatShape(shape)}`,
    fix: "Give 1 for tokens and 0 for padding.",
  });
}

/** The gradient of `causalAttention` by x, of that of its result. */
export function attentionGradient(attention: Tensor, gradient: Tensor): Tensor {
  const [x, ...mask] = attention.inputs;
  return node("attentionGradient", [x, gradient, ...mask], x.shape, "f32", attention.attributes);
}

/** Queries, or keys, or values, or what goes back to one of them, as [rows, keyValueHeads, heads that share, length, size]. */
function byHead(x: Tensor, keyValueHeads: number, first: number, heads: number, size: number): Tensor {
  const [rows, length] = x.shape;
  const part = sliceAxis(x, 2, first * size, heads * size);
  return transpose(reshape(part, [rows, length, keyValueHeads, heads / keyValueHeads, size]), [0, 2, 3, 1, 4]);
}

/** What `attentionGradient` consists of, in single operations: for its derivative. */
export interface AttentionParts {
  query: Tensor;
  key: Tensor;
  value: Tensor;
  /** softmax of the scores, 0 where nothing is looked at: [rows, keyValueHeads, heads that share, length, length]. */
  weights: Tensor;
  /** Cuts a tensor of x's shape into what belongs to queries, keys and values. */
  cut(x: Tensor): readonly [query: Tensor, key: Tensor, value: Tensor];
  /** The same for a tensor of the result's shape. */
  cutResult(y: Tensor): Tensor;
}

export function attentionParts(x: Tensor, mask: Tensor | undefined, attributes: Tensor["attributes"]): AttentionParts {
  const { heads = 1, keyValueHeads = 1, scale = 1 } = attributes;
  const [rows, length, width] = x.shape;
  const size = width / (heads + 2 * keyValueHeads);
  const cut = (all: Tensor) =>
    [
      byHead(all, keyValueHeads, 0, heads, size),
      byHead(all, keyValueHeads, heads, keyValueHeads, size),
      byHead(all, keyValueHeads, heads + keyValueHeads, keyValueHeads, size),
    ] as const;
  const [query, key, value] = cut(x);
  const triangle = Float32Array.from({ length: length * length }, (_, i) =>
    i % length <= Math.floor(i / length) ? 1 : 0,
  );
  const causal = constant(triangle, [length, length]);
  const visible = mask === undefined ? causal : mul(causal, reshape(mask, [rows, 1, 1, 1, length]));
  const scores = mul(matmul(query, key, { transposeB: true }), scale);
  const weights = where(visible, softmax(where(visible, scores, -1e30)), 0);
  return { query, key, value, weights, cut, cutResult: (y) => byHead(y, keyValueHeads, 0, heads, size) };
}
