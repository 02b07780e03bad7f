/** Kernels and the memory they work on: WebAssembly's, or plain JavaScript's where there is none. */

import { AscentError } from "../../errors.ts";
import type { KernelBytes } from "./embedded.ts";
import type { BoundKernels, KernelBuild, KernelChoice, Kernels } from "./kernels.ts";
import { givenModule, loadKernelModule } from "./load.ts";

const INITIAL_PAGES = 64;
/** 2 GiB less a page: addresses stay positive as i32. */
const MAXIMUM_PAGES = 32767;

/**
 * Fresh kernels.
 *
 * @param bytesOf whose kernels, where no module is given: all, or those that act.
 * @param choice "auto" takes plain JavaScript where there is no WebAssembly at all, and nowhere else.
 * @throws AscentError "option" when the choice is unknown, or does not run here.
 */
export async function bindKernels(bytesOf: KernelBytes, choice: KernelChoice = "auto"): Promise<BoundKernels> {
  const missing = typeof WebAssembly === "undefined";
  if (choice === "javascript" || (missing && choice === "auto")) {
    return (await import("./javascript/kernels.ts")).javascriptKernels();
  }
  if (missing) {
    throw new AscentError("option", {
      what: "There is no WebAssembly here",
      got: `kernels ${typeof choice === "string" ? `"${choice}"` : "as a module"}`,
      expected: '"auto" or "javascript"',
      fix: "Leave it out: policies then act in plain JavaScript. Training needs WebAssembly.",
    });
  }
  const { module, build } =
    typeof choice === "object" ? givenModule(choice) : await loadKernelModule(bytesOf, choice as KernelBuild | "auto");
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { build, memory, kernels: exports as unknown as Kernels };
}
