/**
 * The bytes of the kernels that the library carries as text: `simd` in hexadecimal, `fma` as its differences from it, which
 * scripts/kernels/delta.mjs writes. Loaded only where no compiled module is given.
 */

import type { KernelBuild } from "./kernels.ts";

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** What the edits make of the base: each some literals, then a copy from so far behind the last one's end. */
function applyEdits(base: Uint8Array, edits: string, literals: Uint8Array): Uint8Array<ArrayBuffer> {
  const numbers = edits.split(",").map((n) => Number.parseInt(n, 36));
  const length = numbers.reduce((sum, n, i) => sum + (i % 3 === 1 ? 0 : n), 0);
  const bytes = new Uint8Array(length);
  let [end, literal, at] = [0, 0, 0];
  for (let i = 0; i < numbers.length; i += 3) {
    const [fresh, gap, copied] = numbers.slice(i, i + 3);
    bytes.set(literals.subarray(literal, literal + fresh), end);
    at += gap;
    bytes.set(base.subarray(at, at + copied), end + fresh);
    literal += fresh;
    at += copied;
    end += fresh + copied;
  }
  return bytes;
}

/** The WebAssembly of a build. */
export async function kernelBytes(build: KernelBuild): Promise<Uint8Array<ArrayBuffer>> {
  const base = fromHex((await import("./generated/simd.ts")).hex);
  if (build === "simd") return base;
  const { edits, literals } = await import("./generated/fma.ts");
  return applyEdits(base, edits, fromHex(literals));
}
