/** Causal attention and its gradient in the reference interpreter (reference.ts): number by number, in float64. */

import type { Tensor } from "../../src/tensor/graph.ts";
import { softmaxOf } from "./referenceScalars.ts";

interface Heads {
  x: readonly number[];
  rows: number;
  length: number;
  heads: number;
  size: number;
  scale: number;
  /** Where entry e of query i of head h lies, and of the key and the value that it uses at token j. */
  query(row: number, h: number, i: number, e: number): number;
  key(row: number, h: number, j: number, e: number): number;
  value(row: number, h: number, j: number, e: number): number;
  result(row: number, h: number, i: number, e: number): number;
  /** Of a query: one for each token, 0 where it does not look. */
  weights(row: number, h: number, i: number): number[];
}

function headsOf(tensor: Tensor, x: readonly number[], mask: readonly number[] | undefined): Heads {
  const { heads = 1, keyValueHeads = 1, scale = 1 } = tensor.attributes;
  const [rows, length, width] = tensor.inputs[0].shape;
  const size = width / (heads + 2 * keyValueHeads);
  const at = (row: number, token: number, head: number, e: number) => (row * length + token) * width + head * size + e;
  const shared = (h: number) => heads + Math.floor((h * keyValueHeads) / heads);
  const one: Heads = {
    x,
    rows,
    length,
    heads,
    size,
    scale,
    query: (row, h, i, e) => at(row, i, h, e),
    key: (row, h, j, e) => at(row, j, shared(h), e),
    value: (row, h, j, e) => at(row, j, shared(h) + keyValueHeads, e),
    result: (row, h, i, e) => ((row * length + i) * heads + h) * size + e,
    weights(row, h, i) {
      const seen = Array.from({ length }, (_, j) => j <= i && (mask === undefined || mask[row * length + j] !== 0));
      const scores = seen.map((is, j) => {
        let total = 0;
        for (let e = 0; e < size; e++) total += x[one.query(row, h, i, e)] * x[one.key(row, h, j, e)];
        return is ? scale * total : -Infinity;
      });
      return seen.includes(true) ? softmaxOf(scores) : scores.map(() => 0);
    },
  };
  return one;
}

/** Calls `visit` for each query of each head of each row. */
function eachQuery(all: Heads, visit: (row: number, h: number, i: number, weights: number[]) => void): void {
  for (let row = 0; row < all.rows; row++) {
    for (let h = 0; h < all.heads; h++) for (let i = 0; i < all.length; i++) visit(row, h, i, all.weights(row, h, i));
  }
}

export function referenceAttention(tensor: Tensor, x: readonly number[], mask?: readonly number[]): number[] {
  const all = headsOf(tensor, x, mask);
  const out = new Array<number>(all.rows * all.length * all.heads * all.size).fill(0);
  eachQuery(all, (row, h, i, weights) => {
    weights.forEach((weight, j) => {
      for (let e = 0; e < all.size; e++) out[all.result(row, h, i, e)] += weight * x[all.value(row, h, j, e)];
    });
  });
  return out;
}

export function referenceAttentionGradient(
  tensor: Tensor,
  x: readonly number[],
  gradient: readonly number[],
  mask?: readonly number[],
): number[] {
  const all = headsOf(tensor, x, mask);
  const { query, key, value, result, size, scale } = all;
  const out = new Array<number>(x.length).fill(0);
  eachQuery(all, (row, h, i, weights) => {
    const toWeights = weights.map((_, j) => {
      let total = 0;
      for (let e = 0; e < size; e++) total += gradient[result(row, h, i, e)] * x[value(row, h, j, e)];
      return total;
    });
    const mean = weights.reduce((total, weight, j) => total + weight * toWeights[j], 0);
    weights.forEach((weight, j) => {
      const toProduct = scale * weight * (toWeights[j] - mean);
      for (let e = 0; e < size; e++) {
        out[value(row, h, j, e)] += weight * gradient[result(row, h, i, e)];
        out[query(row, h, i, e)] += toProduct * x[key(row, h, j, e)];
        out[key(row, h, j, e)] += toProduct * x[query(row, h, i, e)];
      }
    });
  });
  return out;
}
