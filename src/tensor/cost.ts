/**
 * How long instructions take, roughly: enough to cut a long run into pieces that are short. Estimates are of a slow processor
 * core, and depend on nothing but the instruction.
 */

import { Opcode } from "./opcodes.ts";

/** Nanoseconds of estimated work that a piece of a run is to have at most: 5 ms. */
export const PIECE = 5e6;

/** Nanoseconds of a multiplication with its addition in a matrix product, and of a number of everything else. */
const PRODUCT = 0.2;
const COPIED = 1;
const COMPUTED = 4;
const RANDOM = 20;

/** Of a matrix product [m × k] · [k × n]. */
export function productCost(m: number, n: number, k: number): number {
  return PRODUCT * m * n * k;
}

/** Of causal attention, or its gradient: two products and a softmax of half a square, or five. */
export function attentionCost(rows: number, length: number, heads: number, size: number, backward: boolean): number {
  return ((rows * heads * length ** 2) / 2) * ((backward ? 5 : 2) * PRODUCT * size + COMPUTED);
}

/**
 * Nanoseconds of one instruction.
 *
 * @param word its words, as emit.ts writes them.
 * @param table the numbers a table holds at an address in bytes.
 */
export function instructionCost(word: Int32Array, table: (pointer: number, length: number) => Int32Array): number {
  switch (word[0]) {
    case Opcode.unary:
      return COMPUTED * word[4];
    case Opcode.binary:
    case Opcode.where:
      return COPIED * word[5];
    case Opcode.binaryRows:
      return COPIED * word[5] * word[6];
    case Opcode.gemm:
      return word[11] * productCost(word[4], word[5], word[6]);
    case Opcode.sum:
    case Opcode.maximum:
      return COPIED * word[3] * word[4] * word[5];
    case Opcode.argmax:
      return COPIED * word[3] * word[4];
    case Opcode.softmax:
      return COMPUTED * word[4] * word[5];
    case Opcode.copyStrided: {
      const [rank] = table(word[3], 1);
      return COPIED * table(word[3] + 4, rank).reduce((product, size) => product * size, 1);
    }
    case Opcode.gatherRows:
    case Opcode.putLast:
      return COPIED * word[4] * word[5];
    case Opcode.normalise:
      return COMPUTED * word[4] * word[5];
    case Opcode.attention:
      return attentionCost(word[5], word[6], word[7], word[9], word[3] !== 0);
    case Opcode.cachedAttention:
      // As if every row were at the end of the cache: two products and a softmax.
      return word[6] * word[7] * word[10] * (2 * PRODUCT * word[9] + COMPUTED);
    case Opcode.scatterRows:
      return COPIED * (word[4] + word[6]) * word[5];
    case Opcode.takeLast:
      return COPIED * word[4];
    case Opcode.toFloat:
    case Opcode.toInt:
    case Opcode.fill:
      return COPIED * word[3];
    case Opcode.randomUniform:
    case Opcode.randomNormal:
      return RANDOM * word[3];
    case Opcode.im2col:
    case Opcode.col2im:
      return COPIED * word[3] * word[6] * word[7] * word[8] * word[13] * word[14];
    default:
      return 0;
  }
}
