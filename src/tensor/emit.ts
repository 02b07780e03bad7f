/** One step to instruction words. Addresses come from `addressOf`; tables of strides and scratch are asked for through `Layout`. */

import { attentionCost, PIECE, productCost } from "./cost.ts";
import type { OpName, Tensor } from "./graph.ts";
import { binaryCodes, Epilogue, INSTRUCTION_WORDS, Opcode, softmaxKinds, unaryCodes } from "./opcodes.ts";
import { windowCount } from "./ops/convolution.ts";
import type { Step } from "./schedule.ts";
import { broadcastStrides, type Shape, sizeOf, stridesOf } from "./shape.ts";
import { collapseAxes } from "./simplify.ts";

export interface Layout {
  addressOf(tensor: Tensor): number;
  /** Puts words that kernels read into the program's memory and returns their address. */
  table(words: readonly number[]): number;
  /** A scratch area of at least this many bytes, shared by all steps. */
  scratch(bytes: number): number;
  gemmScratchBytes(n: number, k: number): number;
  softmaxScratchBytes(n: number): number;
}

const bits = new DataView(new ArrayBuffer(4));

export function floatBits(value: number): number {
  bits.setFloat32(0, value);
  return bits.getInt32(0);
}

const withScratch = new Set<OpName>([
  "matmul",
  "softmax",
  "logSoftmax",
  "logSumExp",
  "crossEntropy",
  "crossEntropyGradient",
  "attention",
  "attentionGradient",
  "cachedAttention",
]);

/** Whether the step asks the layout for a scratch area. */
export function needsScratch({ source }: Step): boolean {
  return withScratch.has(source.op);
}

/** Instruction words of a step; several instructions for concat and pad. */
export function emitStep(step: Step, layout: Layout): number[] {
  const { target, source, inputs } = step;
  const out = layout.addressOf(target);
  const address = inputs.map((x) => layout.addressOf(x));
  const count = sizeOf(target.shape);
  const [x] = inputs;
  const unaryCode = unaryCodes.get(source.op);
  if (unaryCode !== undefined) return words(Opcode.unary, unaryCode, out, address[0], count);
  if (binaryCodes.has(source.op)) return emitBinary(source, out, address);
  switch (source.op) {
    case "where": {
      const steps = inputs.map((input) => (sizeOf(input.shape) === 1 ? 0 : 1));
      return words(Opcode.where, out, ...address, count, ...steps);
    }
    case "toFloat":
      return words(Opcode.toFloat, out, address[0], count);
    case "toInt":
      return words(Opcode.toInt, out, address[0], count);
    case "matmul":
      return emitMatmul(step, out, address, layout);
    case "sum":
    case "maximum": {
      const axis = source.attributes.axis!;
      const outer = sizeOf(x.shape.slice(0, axis));
      return words(Opcode[source.op], out, address[0], outer, x.shape[axis], sizeOf(x.shape.slice(axis + 1)));
    }
    case "argmax":
      return words(Opcode.argmax, out, address[0], count, lastOf(x.shape));
    case "softmax":
    case "logSoftmax":
    case "logSumExp":
      return emitSoftmax(source.op, out, address[0], x, layout);
    case "crossEntropy":
      return [
        ...emitSoftmax("logSumExp", out, address[0], x, layout),
        ...words(Opcode.takeLast, out, address[0], address[1], count, lastOf(x.shape), 1),
      ];
    case "crossEntropyGradient": {
      // gradient · softmax, less the gradient at the index; rows of the gradient are single numbers.
      const [rows, width, product] = [sizeOf(inputs[1].shape), lastOf(x.shape), binaryCodes.get("mul")!];
      return [
        ...emitSoftmax("softmax", out, address[0], x, layout),
        ...words(Opcode.binaryRows, product, out, out, address[2], rows, width, width, 1, 1, 0),
        ...words(Opcode.putLast, out, address[2], address[1], rows, width, 1),
      ];
    }
    case "transpose": {
      const strides = stridesOf(x.shape);
      const from = source.attributes.permutation!.map((axis) => strides[axis]);
      return emitCopy(out, address[0], target.shape, from, stridesOf(target.shape), layout);
    }
    case "broadcastTo":
      if (sizeOf(x.shape) === 1 && x.op === "constant") {
        const value = x.attributes.values![0];
        return words(Opcode.fill, out, x.dtype === "f32" ? floatBits(value) : value, count);
      }
      return emitCopy(
        out,
        address[0],
        target.shape,
        broadcastStrides(x.shape, target.shape),
        stridesOf(target.shape),
        layout,
      );
    case "slice": {
      const strides = stridesOf(x.shape);
      const start = source.attributes.starts!.reduce((sum, begin, axis) => sum + begin * strides[axis], 0);
      return emitCopy(out, address[0] + 4 * start, target.shape, strides, stridesOf(target.shape), layout);
    }
    case "pad": {
      const clear = words(Opcode.fill, out, 0, count);
      return [...clear, ...emitInto(out, target.shape, source.attributes.before!, x.shape, address[0], layout)];
    }
    case "concat":
      return emitConcat(step, out, address, layout);
    case "gatherRows":
      return words(Opcode.gatherRows, out, ...address, inputs[1].shape[0], sizeOf(x.shape.slice(1)), x.shape[0]);
    case "scatterRows":
      return words(Opcode.scatterRows, out, ...address, x.shape[0], sizeOf(x.shape.slice(1)), target.shape[0]);
    case "takeLast":
      return words(Opcode.takeLast, out, ...address, count, lastOf(x.shape));
    case "putLast":
      return words(Opcode.putLast, out, ...address, sizeOf(x.shape), lastOf(target.shape));
    case "im2col":
    case "col2im": {
      const images = source.op === "im2col" ? x.shape : target.shape;
      const [height, width, down, right, top, left] = source.attributes.window!;
      const stride = [down, right] as const;
      const places = windowCount([images[1], images[2]], [height, width], { stride, padding: [top, left] });
      return words(Opcode[source.op], out, address[0], ...images, ...source.attributes.window!, ...places);
    }
    case "normalise":
    case "normaliseGradient": {
      const { epsilon = 0, centred } = source.attributes;
      const width = lastOf(x.shape);
      const sizes = [count / width, width, floatBits(epsilon), centred ? 1 : 0];
      return words(Opcode.normalise, out, address[0], address[1] ?? 0, ...sizes);
    }
    case "attention":
    case "attentionGradient":
      return emitAttention(step, out, address, layout);
    case "cachedAttention": {
      const { heads = 1, scale = 1 } = source.attributes;
      const [rows, keyValueHeads, capacity, size] = inputs[2].shape;
      const sizes = [rows, heads, keyValueHeads, size, capacity];
      // The scores of a head.
      const scratch = layout.scratch(4 * capacity);
      return words(Opcode.cachedAttention, out, ...address, ...sizes, floatBits(scale), scratch);
    }
    case "deriveKey":
      return words(Opcode.deriveKey, out, address[0], source.attributes.hold!, source.attributes.fold ?? -1);
    case "randomUniform":
    case "randomNormal":
      return words(Opcode[source.op], out, address[0], count);
    default:
      throw new Error(`emitStep: ${source.op} is not a step`);
  }
}

function words(...list: number[]): number[] {
  const instruction = new Array<number>(INSTRUCTION_WORDS).fill(0);
  list.forEach((word, i) => {
    instruction[i] = word;
  });
  return instruction;
}

function lastOf(shape: Shape): number {
  return shape[shape.length - 1];
}

function emitSoftmax(kind: string, out: number, from: number, x: Tensor, layout: Layout): number[] {
  const width = lastOf(x.shape);
  const scratch = layout.scratch(layout.softmaxScratchBytes(width));
  return words(Opcode.softmax, softmaxKinds.get(kind)!, out, from, sizeOf(x.shape) / width, width, scratch);
}

function emitBinary(source: Tensor, out: number, [a, b]: number[]): number[] {
  const [left, right] = source.inputs;
  const axes = collapseAxes(left.shape, right.shape, source.shape);
  const code = binaryCodes.get(source.op)!;
  const [outer, inner] = axes.sizes.length === 2 ? axes.sizes : [1, axes.sizes[0] ?? 1];
  if (axes.sizes.length < 2) return words(Opcode.binary, code, out, a, b, inner, axes.a[0] ?? 1, axes.b[0] ?? 1);
  return words(Opcode.binaryRows, code, out, a, b, outer, inner, axes.a[0], axes.a[1], axes.b[0], axes.b[1]);
}

function emitMatmul({ source, inputs, epilogue }: Step, out: number, address: number[], layout: Layout): number[] {
  const [a, b] = inputs;
  const { transposeA = false, transposeB = false, panels = false } = source.attributes;
  const [m, n] = source.shape.slice(-2);
  const k = transposeA ? a.shape[a.shape.length - 2] : lastOf(a.shape);
  const flags = (transposeA ? 1 : 0) | (transposeB ? 2 : 0) | (panels ? 4 : 0);
  const aux = epilogue === Epilogue.none ? 0 : address[2];
  const scratch = layout.scratch(layout.gemmScratchBytes(n, k));
  const batch = sizeOf(source.shape.slice(0, -2));
  const batchA = sizeOf(a.shape.slice(0, -2));
  const batchB = sizeOf(b.shape.slice(0, -2));
  // One matrix on the right for every member of the batch: the batch is just more rows.
  const flat = batchB === 1 && batchA === batch && !transposeA;
  const rows = flat ? m * batch : m;
  const strideA = batchA === 1 ? 0 : m * k * 4;
  const strideB = batchB === 1 ? 0 : k * n * 4;
  const members = flat ? 1 : batch;
  const stretch = members === 1 && !transposeA ? rowsAtOnce(n, k) : rows;
  const emitted: number[] = [];
  for (let first = 0; first < rows; first += stretch) {
    const auxOfRows = epilogue >= Epilogue.tanhGrad ? aux + first * n * 4 : aux;
    const shape = [Math.min(stretch, rows - first), n, k, flags, epilogue, auxOfRows, scratch, members];
    const [left, result] = [address[0] + first * k * 4, out + first * n * 4];
    emitted.push(...words(Opcode.gemm, left, address[1], result, ...shape, strideA, strideB, m * n * 4));
  }
  return emitted;
}

/** Rows know nothing of each other: they are cut into stretches, so that a run can stop between them. */
function emitAttention({ source, inputs }: Step, out: number, address: number[], layout: Layout): number[] {
  const { heads = 1, keyValueHeads = 1, scale = 1 } = source.attributes;
  const [x, second] = inputs;
  const [rows, length, width] = x.shape;
  const backward = source.op === "attentionGradient";
  const size = width / (heads + 2 * keyValueHeads);
  const gradient = backward ? address[1] : 0;
  const mask = address[backward ? 2 : 1] ?? 0;
  const square = 4 * length * Math.ceil(length / 4) * 4;
  // Of more columns than a product has that is computed otherwise.
  const scratch = layout.scratch(2 * square + layout.gemmScratchBytes(Math.max(length, size, 8), length));
  const stretch = Math.max(1, Math.floor(PIECE / attentionCost(1, length, heads, size, backward)));
  const emitted: number[] = [];
  for (let first = 0; first < rows; first += stretch) {
    const behind = (pointer: number, { shape }: Tensor) => pointer && pointer + 4 * first * sizeOf(shape.slice(1));
    const places = [
      behind(out, source),
      behind(address[0], x),
      behind(gradient, second ?? x),
      mask && mask + 4 * first * length,
    ];
    const sizes = [Math.min(stretch, rows - first), length, heads, keyValueHeads, size];
    emitted.push(...words(Opcode.attention, ...places, ...sizes, floatBits(scale), scratch));
  }
  return emitted;
}

/**
 * A long product is cut into stretches of rows, so that a run can stop between them; rows know nothing of each other. Not into
 * shorter ones than pay for laying B out anew: that is one part in as many as there are rows, and some.
 */
function rowsAtOnce(n: number, k: number): number {
  return Math.max(512, Math.floor(PIECE / productCost(1, n, k)));
}

function emitCopy(
  out: number,
  x: number,
  sizes: Shape,
  from: readonly number[],
  to: readonly number[],
  layout: Layout,
): number[] {
  const rank = Math.max(sizes.length, 1);
  const table = sizes.length === 0 ? [1, 1, 1, 1] : [rank, ...sizes, ...from, ...to];
  return words(Opcode.copyStrided, out, x, layout.table(table));
}

/** Copies a dense block into a larger dense tensor at `before`. */
function emitInto(
  out: number,
  outShape: Shape,
  before: readonly number[],
  shape: Shape,
  x: number,
  layout: Layout,
): number[] {
  const strides = stridesOf(outShape);
  const start = before.reduce((sum, begin, axis) => sum + begin * strides[axis], 0);
  return emitCopy(out + 4 * start, x, shape, stridesOf(shape), strides, layout);
}

function emitConcat({ target, source, inputs }: Step, out: number, address: number[], layout: Layout): number[] {
  const axis = source.attributes.axis!;
  let start = 0;
  return inputs.flatMap((part, i) => {
    const before = part.shape.map((_, j) => (j === axis ? start : 0));
    start += part.shape[axis];
    return emitInto(out, target.shape, before, part.shape, address[i], layout);
  });
}
