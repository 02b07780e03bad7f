/** Numbers shared with kernels/assembly: the instruction codes of `run` and the operation codes of the loops. */

import { binaryOps, unaryOps } from "./graph.ts";

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
  cachedAttention: 22,
  attention: 23,
  normalise: 24,
} as const;

/** Words of one instruction. */
export const INSTRUCTION_WORDS = 16;
export const INSTRUCTION_BYTES = 4 * INSTRUCTION_WORDS;

function codesOf(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(names.map((name, code) => [name, code]));
}

export const unaryCodes: ReadonlyMap<string, number> = codesOf(unaryOps);
export const binaryCodes: ReadonlyMap<string, number> = codesOf(binaryOps);

export const softmaxKinds: ReadonlyMap<string, number> = new Map([
  ["softmax", 0],
  ["logSoftmax", 1],
  ["logSumExp", 2],
]);

/** What a matrix product does to its result before it is stored. */
export const Epilogue = { none: 0, bias: 1, biasTanh: 2, biasRelu: 3, tanhGrad: 4, reluGrad: 5 } as const;
