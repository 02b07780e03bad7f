/** The bytes of all kernels: those of `simd` as their differences from the kernels that act, `fma` as its from `simd`. */

import { actingKernelBytes, withDifferences } from "./embedded.ts";
import type { KernelBuild } from "./kernels.ts";

export async function kernelBytes(build: KernelBuild): Promise<Uint8Array<ArrayBuffer>> {
  const simd = withDifferences(await actingKernelBytes("simd"), await import("./generated/simd.ts"));
  return build === "simd" ? simd : withDifferences(simd, await import("./generated/fma.ts"));
}
