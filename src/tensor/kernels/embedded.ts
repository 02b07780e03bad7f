/**
 * The bytes of the kernels that the library carries as text: `simd` in printable characters, which
 * scripts/kernels/text.mjs writes, `fma` as its differences from it, of scripts/kernels/delta.mjs. Loaded only where no compiled module is given.
 */

import type { KernelBuild } from "./kernels.ts";

/** The characters from the space on that need no escape in a string; the last two stand before another. */
const alphabet = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).filter(
  (c) => !"\"'`$\\".includes(c),
);
const SINGLE = 88;

/** The bytes of a text: a byte is a character's place, counted from 251; behind one of the last two, 88 or 176 more. */
function fromText(text: string): Uint8Array<ArrayBuffer> {
  const places = new Map(alphabet.map((character, i) => [character, i]));
  const bytes: number[] = [];
  let high = 251;
  for (const character of text) {
    const place = places.get(character)!;
    if (place < SINGLE) bytes.push(high + place);
    high = 251 + Math.max(0, place - SINGLE + 1) * SINGLE;
  }
  return Uint8Array.from(bytes);
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
  const base = fromText((await import("./generated/simd.ts")).text);
  if (build === "simd") return base;
  const { edits, literals } = await import("./generated/fma.ts");
  return applyEdits(base, edits, fromText(literals));
}
