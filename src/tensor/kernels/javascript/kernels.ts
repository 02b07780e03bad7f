/**
 * The kernels in plain JavaScript, for hosts without WebAssembly: they walk the same programs in a memory of the same layout
 * and give the same bits as the `simd` build, slower. They act; what only training calls they refuse.
 */

import { INSTRUCTION_WORDS, Opcode } from "../../opcodes.ts";
import type { BoundKernels, KernelMemory, Kernels } from "../kernels.ts";
import { refuseTraining } from "../refuseTraining.ts";
import { attention } from "./attention.ts";
import { cachedAttention } from "./cache.ts";
import { binary, binaryRows, toFloat, toInt, unary, where } from "./elementwise.ts";
import { col2im, copyStrided, gatherRows, im2col, putLast, scatterRows, takeLast } from "./movement.ts";
import { normalise } from "./normalise.ts";
import { product } from "./product.ts";
import { deriveKey, normal, uniform } from "./random.ts";
import { argmax, maximum, softmax, sum } from "./reduce.ts";
import type { Views } from "./views.ts";

const PAGE = 65536;
const INITIAL_PAGES = 16;

class GrowingMemory implements KernelMemory {
  buffer = new ArrayBuffer(INITIAL_PAGES * PAGE);
  views = viewsOf(this.buffer);

  grow(pages: number): number {
    const before = this.buffer;
    this.buffer = new ArrayBuffer(before.byteLength + pages * PAGE);
    new Uint8Array(this.buffer).set(new Uint8Array(before));
    this.views = viewsOf(this.buffer);
    return before.byteLength / PAGE;
  }
}

function viewsOf(buffer: ArrayBuffer): Views {
  return { floats: new Float32Array(buffer), ints: new Int32Array(buffer) };
}

/** One instruction: its opcode and operands. Addresses among them are bytes. False when an index lies outside. */
function execute(views: Views, w: Int32Array): boolean {
  const at = (operand: number) => w[operand] >>> 2;
  switch (w[0]) {
    case Opcode.unary:
      unary(views, w[1], at(2), at(3), w[4]);
      return true;
    case Opcode.binary:
      binary(views, w[1], at(2), at(3), at(4), w[5], w[6], w[7]);
      return true;
    case Opcode.binaryRows:
      binaryRows(views, w[1], at(2), at(3), at(4), w[5], w[6], w[7], w[8], w[9], w[10]);
      return true;
    case Opcode.where:
      where(views, at(1), at(2), at(3), at(4), w[5], w[6], w[7], w[8]);
      return true;
    case Opcode.toFloat:
      toFloat(views, at(1), at(2), w[3]);
      return true;
    case Opcode.toInt:
      toInt(views, at(1), at(2), w[3]);
      return true;
    case Opcode.gemm:
      for (let j = 0; j < w[11]; j++) {
        const [a, b, c] = [at(1) + (j * w[12]) / 4, at(2) + (j * w[13]) / 4, at(3) + (j * w[14]) / 4];
        product(views, a, b, c, w[4], w[5], w[6], (w[7] & 1) !== 0, (w[7] & 2) !== 0, w[8], at(9));
      }
      return true;
    case Opcode.sum:
      sum(views, at(1), at(2), w[3], w[4], w[5]);
      return true;
    case Opcode.maximum:
      maximum(views, at(1), at(2), w[3], w[4], w[5]);
      return true;
    case Opcode.argmax:
      argmax(views, at(1), at(2), w[3], w[4]);
      return true;
    case Opcode.softmax:
      softmax(views, w[1], at(2), at(3), w[4], w[5]);
      return true;
    case Opcode.copyStrided:
      copyStrided(views, at(1), at(2), at(3));
      return true;
    case Opcode.gatherRows:
      return gatherRows(views, at(1), at(2), at(3), w[4], w[5], w[6]);
    case Opcode.scatterRows:
      return scatterRows(views, at(1), at(2), at(3), w[4], w[5], w[6]);
    case Opcode.takeLast:
      return takeLast(views, at(1), at(2), at(3), w[4], w[5], w[6] !== 0);
    case Opcode.putLast:
      return putLast(views, at(1), at(2), at(3), w[4], w[5], w[6] !== 0);
    case Opcode.fill:
      views.ints.fill(w[2], at(1), at(1) + w[3]);
      return true;
    case Opcode.randomUniform:
      uniform(views, at(1), at(2), w[3]);
      return true;
    case Opcode.randomNormal:
      normal(views, at(1), at(2), w[3]);
      return true;
    case Opcode.im2col:
      im2col(views, at(1), at(2), [w[3], w[4], w[5], w[6], w[7], w[8], w[9], w[10], w[11], w[12], w[13], w[14]]);
      return true;
    case Opcode.col2im:
      col2im(views, at(1), at(2), [w[3], w[4], w[5], w[6], w[7], w[8], w[9], w[10], w[11], w[12], w[13], w[14]]);
      return true;
    case Opcode.deriveKey:
      deriveKey(views, at(1), at(2), w[3], w[4]);
      return true;
    case Opcode.normalise:
      normalise(views, [at(1), at(2), at(3)], w[4], w[5], w[6], w[7] !== 0);
      return true;
    case Opcode.attention:
      attention(views, [at(1), at(2), at(3), at(4)], [w[5], w[6], w[7], w[8], w[9]], w[10]);
      return true;
    case Opcode.cachedAttention: {
      const places = [at(1), at(2), at(3), at(4), at(5), at(12)];
      return cachedAttention(views, places, [w[6], w[7], w[8], w[9], w[10]], views.floats[w.byteOffset / 4 + 11]);
    }
    default:
      throw new Error(`execute: there is no instruction ${w[0]}`);
  }
}

/** Kernels in plain JavaScript with a memory of their own. */
export function javascriptKernels(): BoundKernels {
  const memory = new GrowingMemory();
  const kernels: Kernels = {
    run(program, count) {
      const { views } = memory;
      let at = program >>> 2;
      for (let i = 0; i < count; i++) {
        if (!execute(views, views.ints.subarray(at, at + INSTRUCTION_WORDS))) return i;
        at += INSTRUCTION_WORDS;
      }
      return -1;
    },
    firstNonFinite(x, count) {
      const { floats } = memory.views;
      for (let i = 0; i < count; i++) if (!Number.isFinite(floats[(x >>> 2) + i])) return i + 1;
      return 0;
    },
    isFused: () => 0,
    // The product needs no copies of its operands.
    gemmScratchBytes: () => 0,
    softmaxScratchBytes: () => 0,
    unary: (op, out, x, count) => unary(memory.views, op, out >>> 2, x >>> 2, count),
    binary: (op, out, a, b, count, stepA, stepB) =>
      binary(memory.views, op, out >>> 2, a >>> 2, b >>> 2, count, stepA, stepB),
    gemm: refuseTraining,
    threefryWords: refuseTraining,
    dot: refuseTraining,
    axpby: refuseTraining,
    sgd: refuseTraining,
    adam: refuseTraining,
    rmsprop: refuseTraining,
  };
  return { build: "javascript", memory, kernels };
}
