/**
 * The bytes of the kernels that act, which the library carries as text: the `simd` build in printable characters, which
 * scripts/kernels/text.mjs writes, the `fma` build as its differences from it, of scripts/kernels/delta.mjs. Loaded only where no
 * compiled module is given. What else there is in the kernels is embeddedWhole.ts.
 */

import type { KernelBuild } from "./kernels.ts";

/** Gives the WebAssembly of a build. */
export type KernelBytes = (build: KernelBuild) => Promise<Uint8Array<ArrayBuffer>>;

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

/** One file as its differences from another. */
export interface Differences {
  readonly edits: string;
  readonly literals: string;
}

/** What the edits make of the base: each some literals, then a copy from so far behind the last one's end. */
export function withDifferences(base: Uint8Array, differences: Differences): Uint8Array<ArrayBuffer> {
  const numbers = differences.edits.split(",").map((n) => Number.parseInt(n, 36));
  const literals = fromText(differences.literals);
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

/** Kernels for what a policy's program asks, and no more: enough to act, and what a page loads to do so. */
export async function actingKernelBytes(build: KernelBuild): Promise<Uint8Array<ArrayBuffer>> {
  const simd = fromText((await import("./generated/acting.ts")).text);
  return build === "simd" ? simd : withDifferences(simd, await import("./generated/actingFma.ts"));
}
