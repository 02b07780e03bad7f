/**
 * Random graphs: a list of whole numbers becomes a graph of many operations that feed on each other. Every number is a
 * choice, so fast-check can shrink a failing list to a small graph. Values stay tame: each result is brought near [−2, 2].
 */

import { constant, input, type Tensor } from "../../src/tensor/graph.ts";
import * as ops from "../../src/tensor/ops/index.ts";
import { sizeOf } from "../../src/tensor/shape.ts";
import { numbers, seeded, type Values } from "./support.ts";

export interface RandomGraph {
  outputs: Tensor[];
  values: Values;
}

const EXTENTS = [1, 2, 3, 4, 5, 8];

/** Draws choices from the list, wrapping around; the count makes later draws differ from earlier ones. */
class Choices {
  #at = 0;
  readonly #list: readonly number[];

  constructor(list: readonly number[]) {
    this.#list = list;
  }

  below(n: number): number {
    const round = Math.floor(this.#at / this.#list.length);
    return (this.#list[this.#at++ % this.#list.length] + 7 * round) % n;
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}

/** Operations whose derivatives jump come last: a float32 and a float64 result may stand on different sides of the jump. */
const SMOOTH_UNARY = 13;
const SMOOTH_BINARY = 4;
const unary = [
  ops.neg,
  ops.tanh,
  ops.sigmoid,
  ops.softplus,
  ops.sin,
  ops.cos,
  ops.identity,
  ops.stopGradient,
  (x: Tensor) => ops.exp(ops.tanh(x)),
  (x: Tensor) => ops.sqrt(ops.add(ops.square(x), 0.5)),
  (x: Tensor) => ops.log(ops.add(ops.sigmoid(x), 0.5)),
  ops.geluTanh,
  (x: Tensor) => (x.shape.length === 0 ? x : ops.rmsNorm(x, constant(1), 0.5)),
  ops.abs,
  ops.relu,
  (x: Tensor) => ops.clip(x, -0.75, 1.25),
];
const binary = [ops.add, ops.sub, ops.mul, ops.tanhGrad, ops.min, ops.max];

/** Keeps numbers small without an operation for nothing when they are small already. */
function tame(x: Tensor, bound: number): [Tensor, number] {
  return bound > 6 ? [ops.mul(x, 2 / bound), 2] : [x, bound];
}

/** The steps of a random graph; `choices` decides everything; a smooth graph has derivatives without jumps. */
export function randomGraph(list: readonly number[], steps: number, smooth = false): RandomGraph {
  const choices = new Choices(list);
  const values: Values = new Map();
  const random = seeded(list.reduce((a, b) => (a * 31 + b) % 1e6, 7));
  // Every tensor of the graph so far with a bound on its size.
  const pool: [Tensor, number][] = [];
  for (let i = 0; i < 3; i++) {
    const shape = Array.from({ length: 1 + choices.below(3) }, () => choices.of(EXTENTS));
    const tensor = input(`x${i}`, shape);
    values.set(tensor, numbers(random, sizeOf(shape)));
    pool.push([tensor, 2]);
  }
  const indices = (count: number, below: number, shape: readonly number[] = [count]): Tensor => {
    const tensor = input(`i${values.size}`, shape, "i32");
    values.set(
      tensor,
      Array.from({ length: count }, () => Math.floor(random.uniform() * below)),
    );
    return tensor;
  };

  const named = new Map<string, Tensor>();
  const remembered = (name: string, shape: readonly number[], content: () => number[], dtype?: "i32"): Tensor => {
    const tensor = named.get(name) ?? input(name, shape, dtype);
    if (!named.has(name)) values.set(tensor, content());
    named.set(name, tensor);
    return tensor;
  };
  const shared = (name: string, shape: readonly number[]) =>
    remembered(name, shape, () => numbers(random, sizeOf(shape)));
  // Of whole numbers: nobody differentiates by them, across the jump.
  const mask = (shape: readonly number[]) => {
    const content = () => Array.from({ length: sizeOf(shape) }, () => random.integer(2));
    return ops.toFloat(remembered(`mask ${shape}`, shape, content, "i32"));
  };
  const baseKey = () => remembered("key", [4], () => [123, 45, 6, 7], "i32");

  for (let step = 0; step < steps; step++) {
    const [x, bound] = choices.of(pool);
    const rank = x.shape.length;
    const axis = rank === 0 ? 0 : choices.below(rank);
    const kind = choices.below(smooth ? 20 : 21);
    let next: [Tensor, number] = [x, bound];
    if (kind <= 1) next = [choices.of(smooth ? unary.slice(0, SMOOTH_UNARY) : unary)(x), Math.max(bound + 1, 3)];
    else if (kind <= 4) {
      // A partner that broadcasts: another tensor of the graph if one fits, else a piece of x itself.
      const fitting = pool.filter(([y]) => broadcasts(x.shape, y.shape) && sizeOf(y.shape) * sizeOf(x.shape) < 5000);
      if (rank > 0) fitting.push([ops.sliceAxis(x, 0, choices.below(x.shape[0]), 1), bound]);
      const [y, other] = choices.of(fitting.length > 0 ? fitting : [[x, bound] as const]);
      const op = choices.of(smooth ? binary.slice(0, SMOOTH_BINARY) : binary);
      next = [
        choices.below(2) ? op(x, y) : op(y, x),
        op === ops.tanhGrad ? 60 : Math.max(bound * other, bound + other),
      ];
    } else if (rank === 0) next = [ops.broadcastTo(x, [3, 2]), bound];
    else if (kind === 5) next = [ops.reshape(x, choices.below(2) || rank > 3 ? [-1] : [...x.shape, 1]), bound];
    else if (kind === 6) {
      const start = choices.below(x.shape[axis]);
      next = [ops.sliceAxis(x, axis, start, 1 + choices.below(x.shape[axis] - start)), bound];
    } else if (kind === 7) {
      const sameRank = pool.filter(([p]) => p.shape.length === rank && sizeOf(p.shape) < 400);
      const [y, other] = choices.of(sameRank.length > 0 ? sameRank : [[x, bound] as const]);
      const common = x.shape.map((n, i) => (i === axis ? y.shape[i] : Math.min(n, y.shape[i])));
      const first = ops.slice(
        x,
        x.shape.map(() => 0),
        common.map((n, i) => (i === axis ? x.shape[i] : n)),
      );
      const second = ops.slice(
        y,
        y.shape.map(() => 0),
        common,
      );
      next = [ops.concat([first, second], axis), Math.max(bound, other)];
    } else if (kind === 8)
      next = [
        ops.transpose(
          x,
          x.shape.map((_, i) => (i + 1) % rank),
        ),
        bound,
      ];
    else if (kind === 9) next = [ops.gatherRows(x, indices(4, x.shape[0])), bound];
    else if (kind === 10) {
      const keepDims = choices.below(2) === 1;
      const reduce = choices.of(smooth ? [ops.sum, ops.mean] : [ops.sum, ops.mean, ops.maximum]);
      next = [reduce(x, axis, { keepDims }), reduce === ops.sum ? bound * x.shape[axis] : bound];
    } else if (kind === 11) next = [choices.of([ops.softmax, ops.logSoftmax])(x), 2 * bound + 3];
    else if (kind === 12) {
      const matrix = ops.reshape(x, [-1, x.shape[rank - 1]]);
      const transposeB = choices.below(2) === 1;
      const product = ops.matmul(matrix, matrix, transposeB ? { transposeB } : { transposeA: true });
      const row = ops.reshape(ops.sliceAxis(product, 0, 0, 1), [-1]);
      next = [ops.tanh(ops.add(ops.mul(product, 1 / sizeOf(x.shape)), row)), 1];
      if (sizeOf(product.shape) > 2000) next = [x, bound];
    } else if (kind === 13) {
      // One weight for every use: a matrix, or a batch of them.
      const [inputs, batched] = [x.shape[rank - 1], choices.below(2) === 1];
      const shape = batched ? [2, inputs, 3] : [inputs, 3];
      const product = ops.matmul(ops.reshape(x, [-1, inputs]), shared(`weight ${shape}`, shape));
      next = sizeOf(product.shape) > 600 ? [x, bound] : [ops.mul(product, 1 / inputs), 2 * bound];
    } else if (kind === 14) {
      const batched = rank < 3 ? ops.reshape(x, [1, -1, x.shape[rank - 1]]) : x;
      const product = ops.matmul(batched, batched, { transposeB: true });
      next = sizeOf(product.shape) > 600 ? [x, bound] : [ops.tanh(ops.mul(product, 0.1)), 1];
    } else if (kind === 15) next = [ops.logSumExp(x), bound + 3];
    else if (kind === 16) {
      // Standardising equal numbers takes a root at 0, where it has no derivative.
      const [all, correction] = [!smooth && choices.below(2) === 1, choices.below(2)];
      if (all) next = [ops.standardise(x, 1, correction), 4 * bound];
      else next = [ops.variance(x, axis, correction), 2 * bound * bound];
    } else if (kind === 17) {
      const before = x.shape.map((_, i) => (i === axis ? choices.below(3) : 0));
      const shape = x.shape.map((n, i) => (i === axis ? n + before[i] + choices.below(3) : n));
      next = sizeOf(shape) > 1000 ? [x, bound] : [ops.pad(x, before, shape), bound];
    } else if (kind === 18) {
      const picked = ops.oneHot(indices(x.shape[0], 3), 3);
      next = choices.below(2) ? [picked, 1] : [ops.where(mask(x.shape), x, ops.tanh(x)), bound];
    } else if (kind === 19) {
      // Folds and holds of one key, some of them the same again.
      const key = choices.of([ops.foldKey(baseKey(), choices.below(2)), ops.holdKey(baseKey(), 2), baseKey()]);
      const draw = choices.of([ops.randomNormal, ops.randomUniform])(key, x.shape);
      next = [ops.add(x, ops.mul(draw, 0.25)), bound + 1.5];
    } else {
      const leading = x.shape.slice(0, -1);
      const picked = ops.takeLast(x, indices(sizeOf(leading), x.shape[rank - 1], leading));
      const mask = ops.greater(picked, 0);
      next = [ops.where(mask, picked, ops.mul(picked, picked)), bound * bound];
    }
    pool.push(tame(...next));
  }
  const outputs = pool.slice(-2).map(([tensor]) => tensor);
  outputs.push(choices.of(pool)[0]);
  return { outputs, values };
}

function broadcasts(a: readonly number[], b: readonly number[]): boolean {
  const rank = Math.max(a.length, b.length);
  for (let i = 1; i <= rank; i++) {
    const [m, n] = [a[a.length - i] ?? 1, b[b.length - i] ?? 1];
    if (m !== n && m !== 1 && n !== 1) return false;
  }
  return rank <= 4;
}
