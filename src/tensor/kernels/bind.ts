/** Kernels and the memory they work on: WebAssembly's, or plain JavaScript's where there is none. */

import type { BoundKernels, KernelBuild, KernelChoice, Kernels } from "./kernels.ts";
import { givenModule, loadKernelModule } from "./load.ts";

const INITIAL_PAGES = 64;
/** 2 GiB less a page: addresses stay positive as i32. */
const MAXIMUM_PAGES = 32767;

/** @throws AscentError "option" when the choice is unknown, or does not run here. */
export async function bindKernels(choice: KernelChoice = "auto"): Promise<BoundKernels> {
  const { module, build } =
    typeof choice === "object" ? givenModule(choice) : await loadKernelModule(choice as KernelBuild | "auto");
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { build, memory, kernels: exports as unknown as Kernels };
}
