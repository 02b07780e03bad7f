/** Kernels in plain JavaScript have no gradients' optimisers and no vector kernels: who would train with them is told so. */

import { AscentError } from "../../errors.ts";

export function refuseTraining(): never {
  throw new AscentError("option", {
    what: "Training needs WebAssembly",
    got: "kernels in plain JavaScript, which only act",
    expected: "an engine with the kernels simd or fma",
    fix: "Train where there is WebAssembly, in Node or a browser, and bring the policy's bytes here.",
  });
}
