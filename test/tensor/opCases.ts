/**
 * Every operation on several shapes: scalars, odd sizes, each kind of broadcasting, ranks 0 to 4, batches, transposes. One
 * list, used by the tests of values (ops.test.ts) and of derivatives (gradients.test.ts).
 */

import { grad } from "../../src/tensor/grad.ts";
import { binaryOps, constant, input, type Tensor, unaryOps } from "../../src/tensor/graph.ts";
import { attentionGradient } from "../../src/tensor/ops/attention.ts";
import type { WindowOptions } from "../../src/tensor/ops/convolution.ts";
import * as operations from "../../src/tensor/ops/index.ts";
import { normaliseGradient } from "../../src/tensor/ops/normalise.ts";
import { type Shape, sizeOf } from "../../src/tensor/shape.ts";
import { numbers, seeded, type Values } from "./support.ts";

const ops = { ...operations };

export interface Operand {
  shape: Shape;
  /** f32 between these bounds. */
  range?: readonly [low: number, high: number];
  /** i32 from 0 to this, exclusive. */
  below?: number;
}

export interface OpCase {
  name: string;
  operands: readonly Operand[];
  build: (...x: Tensor[]) => Tensor;
}

const cases: OpCase[] = [];
const ones = (n: number) => constant(new Float32Array(n).fill(1), [n]);

function add(name: string, operands: readonly (Operand | Shape)[], build: (...x: Tensor[]) => Tensor): void {
  const full = operands.map((operand): Operand => ("shape" in operand ? operand : { shape: operand }));
  const shapes = full.map(({ shape }) => `[${shape.join(", ")}]`).join(" ");
  cases.push({ name: `${name} ${shapes}`, operands: full, build });
}

const shapes: readonly Shape[] = [[], [1], [7], [3, 5], [2, 3, 4], [2, 1, 3, 5]];

const positive = [0.2, 3] as const;
/** Where an operation and its derivatives are tame, if not between −2 and 2. */
const ranges: { readonly [op: string]: readonly [number, number] } = {
  sqrt: positive,
  reciprocal: positive,
  log: positive,
  log1p: [-0.7, 3],
};
for (const op of [...unaryOps, "logSigmoid", "stopGradient", "toInt", "toFloat"] as const) {
  for (const shape of shapes) add(op, [{ shape, range: ranges[op] }], ops[op]);
}

const pairs: readonly (readonly [Shape, Shape])[] = [
  [[], []],
  [[17], [17]],
  [[], [3, 5]],
  [[3, 5], []],
  [[3, 5], [5]],
  [
    [3, 5],
    [3, 1],
  ],
  [
    [3, 1],
    [1, 5],
  ],
  [[5], [3, 1]],
  [[1, 1], [3]],
  [
    [2, 3, 4],
    [3, 1],
  ],
  [
    [2, 3, 4],
    [2, 1, 4],
  ],
  [
    [2, 1, 4],
    [1, 3, 1],
  ],
  [[2, 3, 4], [4]],
  [[4, 33], [33]],
  [
    [2, 3, 4, 5],
    [3, 1, 5],
  ],
  [
    [2, 3, 4, 5],
    [2, 3, 1, 1],
  ],
  [
    [1, 9],
    [6, 1],
  ],
];
for (const op of [...binaryOps, "greater", "greaterEqual"] as const) {
  for (const [a, b] of pairs) add(op, [a, { shape: b, range: op === "div" ? positive : undefined }], ops[op]);
}

for (const op of ["min", "max", "less", "lessEqual", "equal"] as const) {
  add(`${op} with ties`, [[40], [40]], (a, b) => ops[op](ops.floor(a), ops.floor(b)));
}
add("toFloat of whole numbers", [{ shape: [3, 4], below: 9 }], ops.toFloat);

add(
  "where",
  [
    [3, 5],
    [3, 5],
    [3, 5],
  ],
  (c, a, b) => ops.where(ops.greater(c, 0), a, b),
);
add("where", [[3, 1], [5], []], (c, a, b) => ops.where(ops.greater(c, 0), a, b));
add(
  "where",
  [
    [2, 1, 4],
    [3, 1],
    [2, 3, 4],
  ],
  (c, a, b) => ops.where(ops.greater(c, 0), a, b),
);
add("where", [[], [6], [1]], (c, a, b) => ops.where(ops.less(c, 0), a, b));
// Whole vectors and what is left of them, with each operand repeated or not.
for (let repeated = 0; repeated < 8; repeated++) {
  for (const n of [1, 4, 7]) {
    const operands = [1, 2, 4].map((bit): Shape => (repeated & bit ? [] : [n]));
    add("where", operands, (c, a, b) => ops.where(ops.greater(c, 0), a, b));
  }
}
add("clip", [[3, 7]], (x) => ops.clip(x, -0.5, 0.75));
add("clip to tensors", [[3, 7], { shape: [3, 1], range: [-1, -0.5] }, { shape: [7], range: [0.5, 1] }], ops.clip);

for (const shape of [[7], [3, 5], [2, 3, 4], [17, 19], [5, 1, 6, 2], [4, 40], [3, 6, 21]] as Shape[]) {
  for (const op of ["sum", "maximum", "minimum", "mean", "variance"] as const) {
    add(op, [shape], (x) => ops[op](x));
    for (let axis = 0; axis < shape.length; axis++) {
      const keep = { keepDims: true };
      add(`${op} axis ${axis}`, [shape], (x) => ops[op](x, axis));
      add(`${op} axis ${axis - shape.length} keepDims`, [shape], (x) =>
        op === "variance" ? ops.variance(x, axis - shape.length, 1, keep) : ops[op](x, axis - shape.length, keep),
      );
    }
  }
  add("argmax", [shape], ops.argmax);
  add("standardise", [shape], (x) => ops.standardise(x));
}
add("sum", [[]], (x) => ops.sum(x));
add("sum keepDims", [[2, 3]], (x) => ops.sum(x, undefined, { keepDims: true }));
add("sumTo", [[2, 3, 4]], (x) => ops.sumTo(x, [3, 1]));
add("sumTo", [[2, 3, 4]], (x) => ops.sumTo(x, [1, 1]));

const products: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [2, 3, 4],
  [5, 7, 9],
  [4, 8, 2],
  [9, 5, 17],
  [1, 6, 3],
];
for (const [m, k, n] of products) {
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      const [a, b] = [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n]];
      const options = { transposeA, transposeB };
      const name = `matmul ${transposeA ? "T" : "N"}${transposeB ? "T" : "N"}`;
      add(name, [a, b], (x, y) => ops.matmul(x, y, options));
      add(name, [[2, ...a], b], (x, y) => ops.matmul(x, y, options));
      add(name, [a, [3, ...b]], (x, y) => ops.matmul(x, y, options));
      add(
        name,
        [
          [2, 1, ...a],
          [3, ...b],
        ],
        (x, y) => ops.matmul(x, y, options),
      );
      add(
        name,
        [
          [2, 2, ...a],
          [2, 2, ...b],
        ],
        (x, y) => ops.matmul(x, y, options),
      );
    }
  }
}
for (const activation of ["tanh", "relu", "identity", "sigmoid"] as const) {
  add(`dense ${activation}`, [[5, 3], [3, 9], [9]], (x, w, b) => ops[activation](ops.add(ops.matmul(x, w), b)));
  add(
    `dense ${activation}, bias first`,
    [
      [5, 3],
      [3, 2],
      [1, 2],
    ],
    (x, w, b) => ops[activation](ops.add(b, ops.matmul(x, w))),
  );
}
add(
  "dense, column bias",
  [
    [5, 3],
    [3, 5],
    [5, 1],
  ],
  (x, w, b) => ops.tanh(ops.add(ops.matmul(x, w), b)),
);
add(
  "sum of products",
  [
    [5, 3],
    [3, 5],
    [5, 4],
    [4, 5],
  ],
  (a, b, c, d) => ops.add(ops.matmul(a, b), ops.matmul(c, d)),
);

add("reshape", [[2, 3, 4]], (x) => ops.mul(ops.reshape(x, [4, -1]), 2));
add("reshape", [[1]], (x) => ops.reshape(x, []));
add("transpose", [[3, 5]], (x) => ops.transpose(x));
add("transpose", [[2, 3, 4]], (x) => ops.transpose(x));
for (const order of [
  [2, 0, 1],
  [1, 2, 0],
  [2, 1, 0],
  [0, 2, 1],
]) {
  add(`transpose ${order}`, [[2, 3, 4]], (x) => ops.transpose(x, order));
}
add("transpose", [[2, 3, 4, 5]], (x) => ops.transpose(x, [3, 1, 0, 2]));
for (const [from, to] of [
  [[], [3, 2]],
  [
    [1, 5],
    [3, 5],
  ],
  [
    [3, 1],
    [3, 5],
  ],
  [[4], [2, 3, 4]],
  [
    [2, 1, 4],
    [2, 3, 4],
  ],
] as Shape[][]) {
  add(`broadcastTo ${to}`, [from], (x) => ops.broadcastTo(x, to));
}
add("slice", [[4, 6]], (x) => ops.slice(x, [1, 0], [2, 6]));
add("slice", [[4, 6]], (x) => ops.slice(x, [1, 2], [2, 3]));
add("slice", [[4, 6]], (x) => ops.slice(x, [2, 1], [1, 4]));
add("slice", [[3, 4, 5]], (x) => ops.slice(x, [0, 1, 0], [3, 2, 5]));
add("slice of slice", [[6, 4]], (x) => ops.exp(ops.slice(ops.slice(x, [2, 0], [4, 4]), [1, 0], [2, 4])));
add("sliceAxis", [[3, 4, 5]], (x) => ops.sliceAxis(x, -1, 3, 2));
add("pad", [[2, 3]], (x) => ops.pad(x, [1, 2], [4, 6]));
add("pad", [[5]], (x) => ops.pad(x, [0], [9]));
add(
  "concat axis 0",
  [
    [2, 3],
    [1, 3],
    [4, 3],
  ],
  (...x) => ops.concat(x),
);
add(
  "concat axis 1",
  [
    [2, 3],
    [2, 1],
    [2, 5],
  ],
  (...x) => ops.concat(x, 1),
);
add(
  "concat axis -2",
  [
    [2, 3, 2],
    [2, 1, 2],
  ],
  (...x) => ops.concat(x, -2),
);
add("concat of the same", [[3]], (x) => ops.concat([x, x]));

add("gatherRows", [[5], { shape: [8], below: 5 }], ops.gatherRows);
add("gatherRows", [[5, 3], { shape: [4], below: 5 }], ops.gatherRows);
add("gatherRows", [[3, 2, 4], { shape: [6], below: 3 }], ops.gatherRows);
add("scatterRows", [[8], { shape: [8], below: 5 }], (x, i) => ops.scatterRows(x, i, 5));
add("scatterRows", [[4, 3], { shape: [4], below: 2 }], (x, i) => ops.scatterRows(x, i, 6));
add("takeLast", [[7, 3], { shape: [7], below: 3 }], ops.takeLast);
add("takeLast", [[2, 3, 5], { shape: [2, 3], below: 5 }], ops.takeLast);
add("takeLast", [[5], { shape: [], below: 5 }], ops.takeLast);
add("putLast", [[7], { shape: [7], below: 3 }], (x, i) => ops.putLast(x, i, 3));
add("putLast", [[2, 3], { shape: [2, 3], below: 4 }], (x, i) => ops.putLast(x, i, 4));
add("oneHot", [{ shape: [2, 5], below: 4 }], (i) => ops.oneHot(i, 4));

for (const op of ["softmax", "logSoftmax", "logSumExp"] as const) {
  for (const shape of [[1], [6], [5, 1], [5, 2], [700, 2], [3, 5], [2, 3, 4], [2, 1500]] as Shape[])
    add(op, [shape], ops[op]);
}

for (const shape of [[3], [5, 4], [2, 3, 7], [9, 9], [2, 50]] as Shape[]) {
  const width = [shape[shape.length - 1]];
  add("layerNorm", [shape, width, width], (x, weight, bias) => ops.layerNorm(x, weight, bias, 1e-5));
  add("rmsNorm", [shape, width], (x, weight) => ops.rmsNorm(x, weight, 1e-2));
}
add("layerNorm of single numbers", [[4, 1], [1], [1]], (x, weight, bias) => ops.layerNorm(x, weight, bias, 0.5));
add(
  "normaliseGradient",
  [
    [3, 5],
    [3, 5],
  ],
  (x, g) => normaliseGradient(ops.rmsNorm(x, ones(5), 1e-3).inputs[0], g),
);
for (const [shape, heads, keyValueHeads] of [
  [[1, 1, 3], 1, 1],
  [[2, 5, 12], 2, 1],
  [[1, 3, 32], 4, 2],
  [[1, 6, 12], 1, 1],
  [[2, 45, 24], 2, 2],
  [[1, 130, 40], 6, 2],
] as [Shape, number, number][]) {
  const name = `causalAttention ${heads}/${keyValueHeads}`;
  add(name, [shape], (x) => ops.causalAttention(x, { heads, keyValueHeads }));
  const mask: Operand = { shape: shape.slice(0, 2) };
  add(`${name} masked`, [shape, mask], (x, m) =>
    ops.causalAttention(x, { heads, keyValueHeads, scale: 0.7, mask: ops.greater(m, -0.5) }),
  );
}

add(
  "attentionGradient 2/1",
  [
    [1, 5, 12],
    [1, 5, 6],
  ],
  (x, g) => attentionGradient(ops.causalAttention(x, { heads: 2, keyValueHeads: 1 }), g),
);

add("crossEntropy", [[5], { shape: [], below: 5 }], ops.crossEntropy);
add("crossEntropy", [[6, 7], { shape: [6], below: 7 }], ops.crossEntropy);
add("crossEntropy", [[2, 3, 65], { shape: [2, 3], below: 65 }], ops.crossEntropy);
add("crossEntropy in place", [[4, 3], [3, 9], { shape: [4], below: 9 }], (x, w, i) =>
  ops.crossEntropy(ops.matmul(x, w), i),
);
add("crossEntropyGradient", [[4, 5], { shape: [4], below: 5 }, [4]], (x, i, g) => {
  const [toX] = grad(ops.sum(ops.mul(ops.crossEntropy(x, i), g)), [x]);
  return toX;
});

const windows: readonly (readonly [Shape, readonly [number, number], WindowOptions])[] = [
  [[2, 4, 5, 3], [2, 2], {}],
  [[1, 1, 1, 1], [1, 1], {}],
  [[2, 5, 4, 1], [3, 2], { stride: 2 }],
  [[1, 3, 6, 4], [3, 3], { padding: 1 }],
  [[2, 3, 3, 2], [2, 3], { stride: [1, 2], padding: [2, 0] }],
  [[1, 2, 2, 1], [1, 1], { padding: 3, stride: 2 }],
  [[1, 5, 5, 5], [4, 4], { stride: 3, padding: [0, 2] }],
];
for (const [shape, kernel, options] of windows) {
  const name = `${kernel} ${JSON.stringify(options)}`;
  const [down, right] = ops.windowCount([shape[1], shape[2]], kernel, options);
  add(`im2col ${name}`, [shape], (x) => ops.im2col(x, kernel, options));
  const columns = [shape[0] * down * right, kernel[0] * kernel[1] * shape[3]];
  add(`col2im ${name}`, [columns], (x) => ops.col2im(x, shape, kernel, options));
  add(`conv2d ${name}`, [shape, [...kernel, shape[3], 6]], (x, w) => ops.conv2d(x, w, options));
}
add("foldKey", [{ shape: [4], below: 1000 }], (key) => ops.foldKey(key, 3));
add("holdKey", [{ shape: [4], below: 1000 }], (key) => ops.holdKey(key, 7));

export const opCases: readonly OpCase[] = cases;

/** The case as a graph of its own with seeded numbers for its inputs. */
export function instance({ operands, build }: OpCase, seed: number) {
  const random = seeded(seed);
  const values: Values = new Map();
  const inputs = operands.map(({ shape, range = [-2, 2], below }, i) => {
    const tensor = input(`x${i}`, shape, below === undefined ? "f32" : "i32");
    const count = sizeOf(shape);
    const content =
      below === undefined
        ? numbers(random, count, ...range)
        : Array.from({ length: count }, () => Math.floor(random.uniform() * below));
    values.set(tensor, content);
    return tensor;
  });
  return { inputs, output: build(...inputs), values };
}
