/** Copies the compiled kernels beside the package's code, for hosts that import .wasm files; with their types. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const types = `/** A compiled WebAssembly.Module, in hosts and bundlers that import .wasm files as such. */
import type { KernelModule } from "../tensor/kernels/kernels.js";
declare const module: KernelModule;
export default module;
`;

export function shipKernels(from, to) {
  mkdirSync(to, { recursive: true });
  for (const build of ["simd", "fma"]) {
    copyFileSync(join(from, `${build}.wasm`), join(to, `${build}.wasm`));
    writeFileSync(join(to, `${build}.wasm.d.ts`), types);
  }
}
