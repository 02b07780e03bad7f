/**
 * What must come out the same, bit for bit, in every JavaScript engine: computed once in Node (nodeReference.ts) and again
 * in the browser (bits.test.ts), which compares the two. No Node modules here.
 */
import { threefry2x32 } from "../../src/random/threefry.ts";

/** Results by name; numbers that are floats are given as hashes of their bits, never as rounded decimals. */
export interface Reference {
  /** The engine that computed it, so that a comparison of Node with itself is noticed; not compared. */
  computedBy: string;
  /** Hash of threefry2x32's words for a run of counters. */
  threefry: string;
}

/** FNV-1a of the bytes of a typed array, in hexadecimal. */
export function hashBits(values: ArrayBufferView): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

/** Computes everything anew in the engine it is called in. */
export async function computeReference(): Promise<Reference> {
  return {
    computedBy: "window" in globalThis ? navigator.userAgent : `Node ${process.versions.node}`,
    threefry: threefryHash(),
  };
}

function threefryHash(): string {
  const words = new Uint32Array(2 * 1000);
  for (let i = 0; i < 1000; i++) threefry2x32(1, 2, i, 3, words.subarray(2 * i, 2 * i + 2));
  return hashBits(words);
}
