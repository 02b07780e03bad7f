/**
 * The meaning of every operation in plain float64 loops, one number at a time: what compiled programs are compared with.
 * Written to be obviously right, not fast; it shares no code with the compiler. Used by tests only.
 */

import { threefry2x32 } from "../../src/math/threefry.ts";
import { type Tensor, topologicalOrder } from "../../src/tensor/graph.ts";
import { referenceAttention, referenceAttentionGradient } from "./referenceAttention.ts";
import { binaryFunctions, logSumExpOf, softmaxOf, unaryFunctions } from "./referenceScalars.ts";

/** The numbers of each output, row-major. `values` holds those of every input and parameter the outputs depend on. */
export function evaluate(outputs: readonly Tensor[], values: ReadonlyMap<Tensor, ArrayLike<number>>): number[][] {
  const known = new Map<number, number[]>();
  for (const tensor of topologicalOrder(outputs)) {
    const inputs = tensor.inputs.map((x) => known.get(x.id)!);
    known.set(tensor.id, evaluateNode(tensor, inputs, values));
  }
  return outputs.map((output) => known.get(output.id)!);
}

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Position → index on each axis. */
function unravel(position: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  let rest = position;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}

/** Index on each axis → position. */
function ravel(index: readonly number[], shape: readonly number[]): number {
  return index.reduce((position, i, axis) => position * shape[axis] + i, 0);
}

/** Position in a tensor of shape `from` that broadcasting shows at `index` of a larger shape. */
function broadcastPosition(index: readonly number[], from: readonly number[]): number {
  const own = index.slice(index.length - from.length).map((i, axis) => (from[axis] === 1 ? 0 : i));
  return ravel(own, from);
}

/** One value for each index of `shape`. */
function generate(shape: readonly number[], value: (index: number[], position: number) => number): number[] {
  return Array.from({ length: product(shape) }, (_, position) => value(unravel(position, shape), position));
}

function evaluateNode(
  tensor: Tensor,
  inputs: readonly number[][],
  values: ReadonlyMap<Tensor, ArrayLike<number>>,
): number[] {
  const { op, shape, attributes } = tensor;
  const [a, b, c] = inputs;
  const [shapeA, shapeB, shapeC] = tensor.inputs.map((x) => x.shape);
  const last = shapeA?.[shapeA.length - 1];
  const unary = unaryFunctions[op];
  if (unary !== undefined) return a.map(unary);
  const binary = binaryFunctions[op];
  if (binary !== undefined) {
    return generate(shape, (i) => binary(a[broadcastPosition(i, shapeA)], b[broadcastPosition(i, shapeB)]));
  }
  switch (op) {
    case "input":
    case "parameter": {
      const given = values.get(tensor);
      if (given === undefined) throw new Error(`reference: no values for ${tensor.label}`);
      return Array.from(given);
    }
    case "constant":
      return Array.from(attributes.values!);
    case "reshape":
      return a;
    case "where":
      return generate(shape, (i) =>
        a[broadcastPosition(i, shapeA)] !== 0 ? b[broadcastPosition(i, shapeB)] : c[broadcastPosition(i, shapeC)],
      );
    case "sum":
    case "maximum":
      return reduce(op, a, shapeA, attributes.axis!);
    case "argmax":
      return generate(shape, (_, row) => {
        const entries = a.slice(row * last, (row + 1) * last);
        return entries.indexOf(Math.max(...entries));
      });
    case "matmul":
      return matmul(tensor, a, b);
    case "transpose":
      return generate(shape, (i) => {
        const from = new Array<number>(i.length);
        attributes.permutation!.forEach((axis, k) => {
          from[axis] = i[k];
        });
        return a[ravel(from, shapeA)];
      });
    case "broadcastTo":
      return generate(shape, (i) => a[broadcastPosition(i, shapeA)]);
    case "slice":
      return generate(
        shape,
        (i) =>
          a[
            ravel(
              i.map((k, axis) => k + attributes.starts![axis]),
              shapeA,
            )
          ],
      );
    case "pad":
      return generate(shape, (i) => {
        const from = i.map((k, axis) => k - attributes.before![axis]);
        return from.every((k, axis) => k >= 0 && k < shapeA[axis]) ? a[ravel(from, shapeA)] : 0;
      });
    case "concat":
      return generate(shape, (i) => {
        const axis = attributes.axis!;
        let part = 0;
        const from = [...i];
        while (from[axis] >= tensor.inputs[part].shape[axis]) from[axis] -= tensor.inputs[part++].shape[axis];
        return inputs[part][ravel(from, tensor.inputs[part].shape)];
      });
    case "gatherRows":
      return generate(shape, ([row, ...rest]) => a[ravel([b[row], ...rest], shapeA)]);
    case "scatterRows": {
      const out = new Array<number>(product(shape)).fill(0);
      a.forEach((value, position) => {
        const [row, ...rest] = unravel(position, shapeA);
        out[ravel([b[row], ...rest], shape)] += value;
      });
      return out;
    }
    case "takeLast":
      return generate(shape, (_, row) => a[row * last + b[row]]);
    case "putLast":
      return generate(shape, (i, position) => {
        const row = Math.floor(position / shape[shape.length - 1]);
        return i[i.length - 1] === b[row] ? a[row] : 0;
      });
    case "softmax":
    case "logSoftmax":
      return Array.from({ length: a.length / last }, (_, row) => {
        const entries = a.slice(row * last, (row + 1) * last);
        return op === "softmax" ? softmaxOf(entries) : entries.map((x) => x - logSumExpOf(entries));
      }).flat();
    case "crossEntropy":
      return generate(shape, (_, row) => logSumExpOf(a.slice(row * last, (row + 1) * last)) - a[row * last + b[row]]);
    case "crossEntropyGradient":
      return a.map((_, i) => {
        const row = Math.floor(i / last);
        return c[row] * (softmaxOf(rowOf(a, i, last))[i % last] - (b[row] === i % last ? 1 : 0));
      });
    case "logSumExp":
      return generate(shape, (_, row) => logSumExpOf(a.slice(row * last, (row + 1) * last)));
    case "normalise":
      return a.map((_, i) => normalised(tensor, rowOf(a, i, last))[i % last]);
    case "normaliseGradient": {
      // r (g − mean g − y mean(g y)), entry by entry.
      const mean = (list: readonly number[]) => list.reduce((total, value) => total + value, 0) / last;
      return a.map((_, i) => {
        const [x, g] = [rowOf(a, i, last), rowOf(b, i, last)];
        const y = normalised(tensor, x);
        const meanSquare = mean(x.map((value) => (value - (attributes.centred ? mean(x) : 0)) ** 2));
        const along = attributes.centred ? mean(g) : 0;
        const [k, gy] = [i % last, mean(g.map((value, j) => value * y[j]))];
        return (g[k] - along - y[k] * gy) / Math.sqrt(meanSquare + attributes.epsilon!);
      });
    }
    case "attention":
      return referenceAttention(tensor, a, b);
    case "attentionGradient":
      return referenceAttentionGradient(tensor, a, b, c);
    case "im2col":
      return windows(tensor, shapeA).map((from) => (from === undefined ? 0 : a[from]));
    case "col2im": {
      const out = new Array<number>(product(shape)).fill(0);
      windows(tensor, shape).forEach((to, position) => {
        if (to !== undefined) out[to] += a[position];
      });
      return out;
    }
    case "deriveKey": {
      const { hold = 1, fold } = attributes;
      const step = Math.floor((a[3] >>> 0) / hold) | 0;
      if (fold === undefined) return [a[0], a[1], a[2], step];
      const words = new Uint32Array(2);
      threefry2x32(a[0], a[1] ^ (a[2] << 21), fold, 0xffffffff, words);
      return [words[0] | 0, words[1] | 0, 0, step];
    }
    case "randomUniform":
      return generate(shape, (_, i) => uniforms(a, i >> 1)[i & 1]);
    case "randomNormal":
      return generate(shape, (_, i) => {
        const [first, second] = uniforms(a, i >> 1);
        const angle = 2 * Math.PI * second;
        return Math.sqrt(-2 * Math.log(first)) * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
      });
    default:
      throw new Error(`reference: ${op} is unknown`);
  }
}

/** The row of `width` that position i lies in. */
function rowOf(x: readonly number[], i: number, width: number): number[] {
  const first = i - (i % width);
  return x.slice(first, first + width);
}

function normalised({ attributes }: Tensor, row: readonly number[]): number[] {
  const mean = (list: readonly number[]) => list.reduce((total, value) => total + value, 0) / row.length;
  const deviations = row.map((value) => value - (attributes.centred ? mean(row) : 0));
  const size = Math.sqrt(mean(deviations.map((value) => value ** 2)) + attributes.epsilon!);
  return deviations.map((value) => value / size);
}

function reduce(op: "sum" | "maximum", x: readonly number[], shape: readonly number[], axis: number): number[] {
  const kept = shape.map((n, i) => (i === axis ? 1 : n));
  return generate(kept, (index) => {
    const entries = Array.from({ length: shape[axis] }, (_, k) => x[ravel(index.with(axis, k), shape)]);
    return op === "sum" ? entries.reduce((s, v) => s + v, 0) : Math.max(...entries);
  });
}

/** For each entry of the windows' rows, its position in the images; undefined in the padding around them. */
function windows(tensor: Tensor, images: readonly number[]): (number | undefined)[] {
  const [rows, height, width, channels] = images;
  const [kernelHeight, kernelWidth, down, right, top, left] = tensor.attributes.window!;
  const from: (number | undefined)[] = [];
  for (let row = 0; row < rows; row++) {
    for (let y = -top; y + kernelHeight <= height + top; y += down) {
      for (let x = -left; x + kernelWidth <= width + left; x += right) {
        for (let i = y; i < y + kernelHeight; i++) {
          for (let j = x; j < x + kernelWidth; j++) {
            for (let channel = 0; channel < channels; channel++) {
              const inside = i >= 0 && i < height && j >= 0 && j < width;
              from.push(inside ? ravel([row, i, j, channel], images) : undefined);
            }
          }
        }
      }
    }
  }
  return from;
}

function matmul(tensor: Tensor, a: readonly number[], b: readonly number[]): number[] {
  const { transposeA = false, transposeB = false } = tensor.attributes;
  const [shapeA, shapeB] = tensor.inputs.map((x) => x.shape);
  const inner = transposeA ? shapeA[shapeA.length - 2] : shapeA[shapeA.length - 1];
  return generate(tensor.shape, (index) => {
    const batch = index.slice(0, -2);
    const [i, j] = index.slice(-2);
    let total = 0;
    for (let k = 0; k < inner; k++) {
      const left = a[broadcastPosition([...batch, ...(transposeA ? [k, i] : [i, k])], shapeA)];
      const right = b[broadcastPosition([...batch, ...(transposeB ? [j, k] : [k, j])], shapeB)];
      total += left * right;
    }
    return total;
  });
}

/** The pair of uniforms on (0, 1) at a counter: 23 bits and a half. */
function uniforms(key: readonly number[], pair: number): [number, number] {
  const words = new Uint32Array(2);
  threefry2x32(key[0], key[1] ^ (key[2] << 21), pair, key[3], words);
  return [((words[0] >>> 9) + 0.5) / 2 ** 23, ((words[1] >>> 9) + 0.5) / 2 ** 23];
}
