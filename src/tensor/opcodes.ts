/** Numbers shared with kernels/assembly: the instruction codes of `run` and the operation codes of the loops. */

import type { BinaryOp, UnaryOp } from "./graph.ts";

export const Opcode = {
  unary: 0,
  binary: 1,
  binaryRows: 2,
  where: 3,
  toFloat: 4,
  toInt: 5,
  gemm: 6,
  sum: 7,
  maximum: 8,
  argmax: 9,
  softmax: 10,
  copyStrided: 11,
  gatherRows: 12,
  scatterRows: 13,
  takeLast: 14,
  putLast: 15,
  fill: 16,
  randomUniform: 17,
  randomNormal: 18,
  im2col: 19,
  col2im: 20,
  deriveKey: 21,
} as const;

/** Words of one instruction. */
export const INSTRUCTION_WORDS = 16;

const unaryNames: readonly UnaryOp[] = [
  "neg",
  "abs",
  "sign",
  "square",
  "sqrt",
  "reciprocal",
  "exp",
  "expm1",
  "log",
  "log1p",
  "tanh",
  "sigmoid",
  "softplus",
  "relu",
  "sin",
  "cos",
  "floor",
  "identity",
];

const binaryNames: readonly BinaryOp[] = [
  "add",
  "sub",
  "mul",
  "div",
  "min",
  "max",
  "less",
  "lessEqual",
  "equal",
  "tanhGrad",
  "reluGrad",
];

export const unaryCodes: ReadonlyMap<string, number> = new Map(unaryNames.map((name, code) => [name, code]));
export const binaryCodes: ReadonlyMap<string, number> = new Map(binaryNames.map((name, code) => [name, code]));

export const softmaxKinds: ReadonlyMap<string, number> = new Map([
  ["softmax", 0],
  ["logSoftmax", 1],
  ["logSumExp", 2],
]);

/** What a matrix product does to its result before it is stored. */
export const Epilogue = { none: 0, bias: 1, biasTanh: 2, biasRelu: 3, tanhGrad: 4, reluGrad: 5 } as const;
