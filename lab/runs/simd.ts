/** Whether this browser can train: the kernels that learn are WebAssembly with SIMD128. */
import { AscentError } from "ascent-rl";

/** A module of one function that makes a vector: i32.const 0, i8x16.splat. */
const VECTOR = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11];

/** What is missing, in words; undefined where runs can train. */
export function whyNotHere(): string | undefined {
  const hasVectors = typeof WebAssembly === "object" && WebAssembly.validate(Uint8Array.from(VECTOR));
  if (hasVectors) return undefined;
  return new AscentError("state", {
    what: "This browser cannot train",
    got: typeof WebAssembly === "object" ? "WebAssembly without SIMD" : "no WebAssembly",
    expected: "WebAssembly with SIMD, as Chrome has it from 91 on, Firefox from 89 and Safari from 16.4",
    fix: "Open the page in a newer browser, or leave a mode that turns WebAssembly off; figures that compute without training go on.",
  }).message;
}
