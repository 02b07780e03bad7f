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
import { normalise } from "./normalise";
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
    const w1 = word(at, 1), w2 = word(at, 2), w3 = word(at, 3), w4 = word(at, 4), w5 = word(at, 5), w6 = word(at, 6), w7 = word(at, 7);
    const w8 = word(at, 8), w9 = word(at, 9), w10 = word(at, 10), w11 = word(at, 11), w12 = word(at, 12), w13 = word(at, 13);
    const w14 = word(at, 14);
    switch (word(at, 0)) {
      case 0:
        unary(w1, w2, w3, w4);
        break;
      case 1:
        binary(w1, w2, w3, w4, w5, w6, w7);
        break;
      case 2:
        binaryRows(
          w1, w2, w3, w4, w5, w6,
          w7, w8, w9, w10,
        );
        break;
      case 3:
        where(w1, w2, w3, w4, w5, w6, w7, w8);
        break;
      case 4:
        toFloat(w1, w2, w3);
        break;
      case 5:
        toInt(w1, w2, w3);
        break;
      case 6: {
        // A batch of products; batch strides are in bytes, 0 repeats a matrix.
        let a: usize = w1, b: usize = w2, c: usize = w3;
        const m = w4, n = w5, k = w6, flags = w7;
        const batch = w11;
        for (let j = 0; j < batch; j++) {
          gemm(a, b, c, m, n, k, flags & 1, flags & 6, w8, w9, w10);
          a += w12;
          b += w13;
          c += w14;
        }
        break;
      }
      case 7:
        sum(w1, w2, w3, w4, w5);
        break;
      case 8:
        maximum(w1, w2, w3, w4, w5);
        break;
      case 9:
        argmax(w1, w2, w3, w4);
        break;
      case 10:
        softmax(w1, w2, w3, w4, w5, w6);
        break;
      case 11:
        copyStrided(w1, w2, w3);
        break;
      case 12:
        if (!gatherRows(w1, w2, w3, w4, w5, w6)) return i;
        break;
      case 13:
        if (!scatterRows(w1, w2, w3, w4, w5, w6)) return i;
        break;
      case 14:
        if (!takeLast(w1, w2, w3, w4, w5, w6)) return i;
        break;
      case 15:
        if (!putLast(w1, w2, w3, w4, w5, w6)) return i;
        break;
      case 16:
        fill(w1, w2, w3);
        break;
      case 17:
        uniform(w1, w2, w3);
        break;
      case 18:
        normal(w1, w2, w3);
        break;
      case 19:
        im2col(
          w1, w2, w3, w4, w5, w6, w7, w8,
          w9, w10, w11, w12, w13, w14,
        );
        break;
      case 20:
        col2im(
          w1, w2, w3, w4, w5, w6, w7, w8,
          w9, w10, w11, w12, w13, w14,
        );
        break;
      case 21:
        deriveKey(w1, w2, w3, w4);
        break;
      case 22:
        if (!cachedAttention(
          w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, reinterpret<f32>(w11), w12,
        )) return i;
        break;
      case 23:
        attention(
          w1, w2, w3, w4, w5, w6, w7, w8, w9,
          reinterpret<f32>(w10), w11,
        );
        break;
      case 24:
        normalise(w1, w2, w3, w4, w5, reinterpret<f32>(w6), w7);
        break;
      default:
        unreachable();
    }
    at += 64;
  }
  return -1;
}
