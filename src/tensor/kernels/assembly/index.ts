// The kernel module: `run` walks a program laid out in linear memory, so that a whole training step is one call from
// JavaScript. An instruction is 16 words: the opcode (../opcodes.ts), then its operands as the cases below read them.

export { unary, binary } from "./elementwise";
export { gemm, gemmScratchBytes } from "./gemm";
export { softmaxScratchBytes } from "./softmax";
export { threefryWords } from "./random";
export { adam, axpby, dot, firstNonFinite, rmsprop, sgd } from "./vector";

import { attention } from "./attention";
import { binary, binaryRows, toFloat, toInt, unary, where } from "./elementwise";
import { cachedAttention } from "./cache";
import { col2im, im2col } from "./convolution";
import { gemm } from "./gemm";
import { copyStrided, fill, gatherRows, putLast, scatterRows, takeLast } from "./movement";
import { deriveKey, normal, uniform } from "./random";
import { argmax, maximum, sum } from "./reduce";
import { madd } from "./simd";
import { softmax } from "./softmax";

@inline
function word(at: usize, index: usize): i32 {
  return load<i32>(at + (index << 2));
}

// 1 + 2⁻¹² and −(1 + 2⁻¹¹), read from memory so that the host's instruction is asked and not the compiler.
const factors: usize = memory.data<f32>([1.000244140625, -1.00048828125], 16);

/** 1 where a · b + c is rounded once, 0 where twice, as relaxed SIMD allows: (1 + 2⁻¹²)² − (1 + 2⁻¹¹) is 2⁻²⁴ or 0. */
export function isFused(): i32 {
  const a = v128.load32_splat(factors);
  return f32x4.extract_lane(madd(a, a, v128.load32_splat(factors, 4)), 0) != 0;
}

/** Runs `count` instructions from `at`. Returns −1, or the number of the instruction that met an index out of range. */
export function run(at: usize, count: i32): i32 {
  for (let i = 0; i < count; i++) {
    switch (word(at, 0)) {
      case 0:
        unary(word(at, 1), word(at, 2), word(at, 3), word(at, 4));
        break;
      case 1:
        binary(word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), word(at, 7));
        break;
      case 2:
        binaryRows(
          word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6),
          word(at, 7), word(at, 8), word(at, 9), word(at, 10),
        );
        break;
      case 3:
        where(word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), word(at, 7), word(at, 8));
        break;
      case 4:
        toFloat(word(at, 1), word(at, 2), word(at, 3));
        break;
      case 5:
        toInt(word(at, 1), word(at, 2), word(at, 3));
        break;
      case 6: {
        // A batch of products; batch strides are in bytes, 0 repeats a matrix.
        let a: usize = word(at, 1), b: usize = word(at, 2), c: usize = word(at, 3);
        const m = word(at, 4), n = word(at, 5), k = word(at, 6), flags = word(at, 7);
        const batch = word(at, 11);
        for (let j = 0; j < batch; j++) {
          gemm(a, b, c, m, n, k, flags & 1, flags & 2, word(at, 8), word(at, 9), word(at, 10));
          a += word(at, 12);
          b += word(at, 13);
          c += word(at, 14);
        }
        break;
      }
      case 7:
        sum(word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5));
        break;
      case 8:
        maximum(word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5));
        break;
      case 9:
        argmax(word(at, 1), word(at, 2), word(at, 3), word(at, 4));
        break;
      case 10:
        softmax(word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6));
        break;
      case 11:
        copyStrided(word(at, 1), word(at, 2), word(at, 3));
        break;
      case 12:
        if (!gatherRows(word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6))) return i;
        break;
      case 13:
        if (!scatterRows(word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6))) return i;
        break;
      case 14:
        if (!takeLast(word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5))) return i;
        break;
      case 15:
        if (!putLast(word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5))) return i;
        break;
      case 16:
        fill(word(at, 1), word(at, 2), word(at, 3));
        break;
      case 17:
        uniform(word(at, 1), word(at, 2), word(at, 3));
        break;
      case 18:
        normal(word(at, 1), word(at, 2), word(at, 3));
        break;
      case 19:
        im2col(
          word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), word(at, 7), word(at, 8),
          word(at, 9), word(at, 10), word(at, 11), word(at, 12), word(at, 13), word(at, 14),
        );
        break;
      case 20:
        col2im(
          word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), word(at, 7), word(at, 8),
          word(at, 9), word(at, 10), word(at, 11), word(at, 12), word(at, 13), word(at, 14),
        );
        break;
      case 21:
        deriveKey(word(at, 1), word(at, 2), word(at, 3), word(at, 4));
        break;
      case 22:
        if (!cachedAttention(
          word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), word(at, 7), word(at, 8),
          word(at, 9), word(at, 10), reinterpret<f32>(word(at, 11)), word(at, 12),
        )) return i;
        break;
      case 23:
        attention(
          word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), word(at, 7), word(at, 8), word(at, 9),
          reinterpret<f32>(word(at, 10)), word(at, 11),
        );
        break;
      default:
        unreachable();
    }
    at += 64;
  }
  return -1;
}
