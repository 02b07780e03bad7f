/**
 * The derivative of every operation, as graph code: given a node and the gradient of the loss with respect to it, the
 * gradients with respect to its inputs (undefined where none flows). Because the rules are graphs, they can be
 * differentiated again. The walk over the graph is grad.ts.
 */

import { node, type OpName, type Tensor } from "./graph.ts";
import { attentionGradient } from "./ops/attention.ts";
import { col2im, im2col, type WindowOptions } from "./ops/convolution.ts";
import {
  add,
  cos,
  div,
  equal,
  exp,
  geluGrad,
  geluTanhGrad,
  lessEqual,
  mul,
  neg,
  reluGrad,
  sigmoid,
  sign,
  sin,
  square,
  sub,
  tanhGrad,
  where,
} from "./ops/elementwise.ts";
import { gatherRows, putLast, scatterRows, takeLast } from "./ops/gather.ts";
import { broadcastTo, pad, reshape, slice, transpose } from "./ops/layout.ts";
import { matmul } from "./ops/matmul.ts";
import { normaliseGradient } from "./ops/normalise.ts";
import { sum, sumTo } from "./ops/reduce.ts";
import { softmax } from "./ops/softmax.ts";
import {
  attentionGradientRule,
  crossEntropyGradientRule,
  geluCurvature,
  geluTanhCurvature,
  normaliseGradientRule,
} from "./secondDerivatives.ts";
import { shapeError } from "./shape.ts";

type Rule = (y: Tensor, gradient: Tensor) => readonly (Tensor | undefined)[];

/** Puts a reduced axis back with extent 1, so that the result broadcasts against the input again. */
function restoreAxis(reduced: Tensor, input: Tensor, axis: number): Tensor {
  return reshape(
    reduced,
    input.shape.map((n, i) => (i === axis ? 1 : n)),
  );
}

const unaryRule =
  (derivative: (x: Tensor, y: Tensor, gradient: Tensor) => Tensor): Rule =>
  (y, gradient) => [derivative(y.inputs[0], y, gradient)];

/** Gradients of an operation that broadcasts: each is summed down to its input's shape. */
const binaryRule =
  (
    derivative: (
      a: Tensor,
      b: Tensor,
      gradient: Tensor,
      y: Tensor,
    ) => readonly [Tensor | undefined, Tensor | undefined],
  ): Rule =>
  (y, gradient) => {
    const [a, b] = y.inputs;
    const [toA, toB] = derivative(a, b, gradient, y);
    return [toA && sumTo(toA, a.shape), toB && sumTo(toB, b.shape)];
  };

/** min and max: all of the gradient to the side that was taken, ties to the left one; an exact 0 to the other, even of ∞. */
const chosenSide =
  (takesLeft: (a: Tensor, b: Tensor) => Tensor): Rule =>
  (y, gradient) => {
    const [a, b] = y.inputs;
    const left = takesLeft(a, b);
    return [sumTo(where(left, gradient, 0), a.shape), sumTo(where(left, 0, gradient), b.shape)];
  };

function matmulRule(y: Tensor, gradient: Tensor): readonly Tensor[] {
  const [a, b] = y.inputs;
  const { transposeA = false, transposeB = false } = y.attributes;
  const toA = transposeA
    ? matmul(b, gradient, { transposeA: transposeB, transposeB: true })
    : matmul(gradient, b, { transposeB: !transposeB });
  const toB = transposeB
    ? matmul(gradient, a, { transposeA: true, transposeB: transposeA })
    : matmul(a, gradient, { transposeA: !transposeA });
  return [sumTo(toA, a.shape), sumTo(toB, b.shape)];
}

function windowOptions([down, right, top, left]: readonly number[]): WindowOptions {
  return { stride: [down, right], padding: [top, left] };
}

const none: Rule = (y) => y.inputs.map(() => undefined);

export const derivativeRules: { readonly [op in OpName]: Rule } = {
  input: none,
  parameter: none,
  constant: none,
  stopGradient: none,
  toFloat: none,
  toInt: none,
  argmax: none,
  sign: none,
  floor: none,
  less: none,
  lessEqual: none,
  equal: none,
  deriveKey: none,
  randomUniform: none,
  randomNormal: none,
  normalise: (y, gradient) => [normaliseGradient(y, gradient)],
  normaliseGradient: normaliseGradientRule,
  attention: (y, gradient) => [attentionGradient(y, gradient), undefined],
  attentionGradient: attentionGradientRule,
  cachedAttention: () => {
    throw shapeError({
      what: "cachedAttention has no gradient",
      got: "a loss that depends on it",
      expected: "attention over whole sequences",
      fix: "Learn from the network over whole sequences; the cache is for generating.",
    });
  },

  identity: (_, gradient) => [gradient],
  neg: (_, gradient) => [neg(gradient)],
  abs: unaryRule((x, _, gradient) => mul(gradient, sign(x))),
  square: unaryRule((x, _, gradient) => mul(gradient, mul(x, 2))),
  sqrt: unaryRule((_, y, gradient) => div(mul(gradient, 0.5), y)),
  reciprocal: unaryRule((_, y, gradient) => neg(mul(gradient, square(y)))),
  exp: unaryRule((_, y, gradient) => mul(gradient, y)),
  expm1: unaryRule((x, _, gradient) => mul(gradient, exp(x))),
  log: unaryRule((x, _, gradient) => div(gradient, x)),
  log1p: unaryRule((x, _, gradient) => div(gradient, add(x, 1))),
  tanh: unaryRule((_, y, gradient) => tanhGrad(gradient, y)),
  sigmoid: unaryRule((_, y, gradient) => mul(gradient, mul(y, sub(1, y)))),
  softplus: unaryRule((x, _, gradient) => mul(gradient, sigmoid(x))),
  relu: unaryRule((_, y, gradient) => reluGrad(gradient, y)),
  sin: unaryRule((x, _, gradient) => mul(gradient, cos(x))),
  gelu: unaryRule((x, _, gradient) => geluGrad(gradient, x)),
  geluTanh: unaryRule((x, _, gradient) => geluTanhGrad(gradient, x)),
  cos: unaryRule((x, _, gradient) => neg(mul(gradient, sin(x)))),

  add: binaryRule((_a, _b, gradient) => [gradient, gradient]),
  sub: binaryRule((_a, _b, gradient) => [gradient, neg(gradient)]),
  mul: binaryRule((a, b, gradient) => [mul(gradient, b), mul(gradient, a)]),
  div: binaryRule((_a, b, gradient, y) => {
    const toA = div(gradient, b);
    return [toA, neg(mul(toA, y))];
  }),
  min: chosenSide((a, b) => lessEqual(a, b)),
  max: chosenSide((a, b) => lessEqual(b, a)),
  tanhGrad: binaryRule((gradientIn, y, gradient) => [
    tanhGrad(gradient, y),
    mul(gradient, mul(mul(gradientIn, y), -2)),
  ]),
  reluGrad: binaryRule((_gradientIn, y, gradient) => [reluGrad(gradient, y), undefined]),
  geluGrad: binaryRule((gradientIn, x, gradient) => [
    geluGrad(gradient, x),
    mul(mul(gradient, gradientIn), geluCurvature(x)),
  ]),
  geluTanhGrad: binaryRule((gradientIn, x, gradient) => [
    geluTanhGrad(gradient, x),
    mul(mul(gradient, gradientIn), geluTanhCurvature(x)),
  ]),
  where: (node, gradient) => {
    const [condition, a, b] = node.inputs;
    return [undefined, sumTo(where(condition, gradient, 0), a.shape), sumTo(where(condition, 0, gradient), b.shape)];
  },

  sum: (y, gradient) => {
    const [x] = y.inputs;
    return [broadcastTo(restoreAxis(gradient, x, y.attributes.axis!), x.shape)];
  },
  maximum: (y, gradient) => {
    const [x] = y.inputs;
    const axis = y.attributes.axis!;
    const isLargest = equal(x, restoreAxis(y, x, axis));
    const share = div(restoreAxis(gradient, x, axis), sum(isLargest, axis, { keepDims: true }));
    return [where(isLargest, share, 0)];
  },

  matmul: matmulRule,

  reshape: (y, gradient) => [reshape(gradient, y.inputs[0].shape)],
  transpose: (y, gradient) => {
    const inverse: number[] = [];
    y.attributes.permutation!.forEach((axis, i) => {
      inverse[axis] = i;
    });
    return [transpose(gradient, inverse)];
  },
  broadcastTo: (y, gradient) => [sumTo(gradient, y.inputs[0].shape)],
  slice: (y, gradient) => [pad(gradient, y.attributes.starts!, y.inputs[0].shape)],
  pad: (y, gradient) => [slice(gradient, y.attributes.before!, y.inputs[0].shape)],
  concat: (y, gradient) => {
    const axis = y.attributes.axis!;
    let start = 0;
    return y.inputs.map((part) => {
      const starts = part.shape.map((_, i) => (i === axis ? start : 0));
      start += part.shape[axis];
      return part.dtype === "f32" ? slice(gradient, starts, part.shape) : undefined;
    });
  },

  gatherRows: (y, gradient) => {
    const [x, indices] = y.inputs;
    return [x.dtype === "f32" ? scatterRows(gradient, indices, x.shape[0]) : undefined, undefined];
  },
  scatterRows: (y, gradient) => [gatherRows(gradient, y.inputs[1]), undefined],
  takeLast: (y, gradient) => {
    const [x, indices] = y.inputs;
    return [putLast(gradient, indices, x.shape[x.shape.length - 1]), undefined];
  },
  putLast: (y, gradient) => [takeLast(gradient, y.inputs[1]), undefined],

  im2col: (y, gradient) => {
    const [height, width, ...rest] = y.attributes.window!;
    return [col2im(gradient, y.inputs[0].shape, [height, width], windowOptions(rest))];
  },
  col2im: (y, gradient) => {
    const [height, width, ...rest] = y.attributes.window!;
    return [im2col(gradient, [height, width], windowOptions(rest))];
  },

  softmax: (y, gradient) => {
    const weighted = mul(gradient, y);
    return [sub(weighted, mul(y, sum(weighted, -1, { keepDims: true })))];
  },
  logSoftmax: (y, gradient) => {
    const [x] = y.inputs;
    return [sub(gradient, mul(softmax(x), sum(gradient, -1, { keepDims: true })))];
  },
  crossEntropy: (y, gradient) => [node("crossEntropyGradient", [...y.inputs, gradient], y.inputs[0].shape), undefined],
  crossEntropyGradient: crossEntropyGradientRule,
  logSumExp: (y, gradient) => {
    const [x] = y.inputs;
    return [mul(softmax(x), restoreAxis(gradient, x, x.shape.length - 1))];
  },
};
