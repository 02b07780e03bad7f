/**
 * Loads the kernel module. There are two builds of the same source: `simd` (WebAssembly SIMD128, everywhere) and `fma`
 * (relaxed SIMD, fused multiply-add). `auto` takes the second where the engine has it and the processor really fuses:
 * relaxed SIMD may round twice, which would be other numbers under the same name. Node 20 has it behind a flag that can be
 * set before the module is compiled; later versions have it on. Hosts that compile no bytes give a module compiled by them.
 */

import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import type { KernelBytes } from "./embedded.ts";
import { identity } from "./generated/identity.ts";
import type { KernelBuild, KernelModule, Kernels } from "./kernels.ts";

export interface LoadedModule {
  module: KernelModule;
  build: KernelBuild;
}

interface HostProcess {
  getBuiltinModule?: (name: string) => V8Module | undefined;
  env?: Record<string, string | undefined>;
}

interface V8Module {
  setFlagsFromString?: (flag: string) => void;
}

const hostProcess = (globalThis as { process?: HostProcess }).process;
/** By where their bytes come from, then by build. */
const modules = new Map<KernelBytes, Map<KernelBuild, WebAssembly.Module>>();

/** Turns relaxed SIMD on for modules compiled from now on, where it is behind a flag: in Node 20. Later ones complain of it. */
function enableRelaxedSimd(): void {
  try {
    hostProcess?.getBuiltinModule?.("node:v8")?.setFlagsFromString?.("--experimental-wasm-relaxed-simd");
  } catch {
    // Without it the plain build runs.
  }
}

function fuses(module: WebAssembly.Module): boolean {
  const env = { memory: new WebAssembly.Memory({ initial: 1 }) };
  const { isFused } = new WebAssembly.Instance(module, { env }).exports as unknown as Kernels;
  return isFused() === 1;
}

/** The compiled build, or undefined where it does not run as it should. */
async function compileModule(build: KernelBuild, bytesOf: KernelBytes): Promise<WebAssembly.Module | undefined> {
  const compiled = modules.get(bytesOf) ?? new Map<KernelBuild, WebAssembly.Module>();
  modules.set(bytesOf, compiled);
  const known = compiled.get(build);
  if (known !== undefined) return known;
  const bytes = await bytesOf(build);
  if (build === "fma" && !WebAssembly.validate(bytes)) enableRelaxedSimd();
  if (!WebAssembly.validate(bytes)) return undefined;
  const module = await compileBytes(bytes);
  if (build === "fma" && !fuses(module)) return undefined;
  compiled.set(build, module);
  return module;
}

/** Valid bytes are refused by hosts that forbid code made at run time. */
async function compileBytes(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new AscentError(
      "option",
      {
        what: "This host does not compile WebAssembly from bytes",
        got: `"${cause instanceof Error ? cause.message : cause}"`,
        expected: "permission to compile it, or a module that was compiled before",
        fix:
          "In a page, allow it: script-src 'wasm-unsafe-eval' in the Content-Security-Policy. In a Worker of Cloudflare's, import " +
          `"ascent-rl/kernels/simd.wasm" and give the module as the option kernels. To act only, kernels: "javascript" needs neither.`,
      },
      { cause },
    );
  }
}

/**
 * The compiled kernel module and which build it is.
 *
 * @param bytesOf whose kernels: all, or those that act.
 * @param choice a build, or "auto". The environment variable ASCENT_KERNELS, unless empty, overrides "auto".
 * @throws AscentError "option" for an unknown build, one this engine cannot run, or a host that compiles no bytes.
 */
export async function loadKernelModule(
  bytesOf: KernelBytes,
  choice: KernelBuild | "auto" = "auto",
): Promise<LoadedModule> {
  const wanted = choice === "auto" ? hostProcess?.env?.["ASCENT_KERNELS"] || "auto" : choice;
  if (wanted !== "auto" && wanted !== "simd" && wanted !== "fma") {
    throw new AscentError("option", {
      what: "Unknown kernel build",
      got: describeValue(wanted),
      expected: choice === "auto" ? "auto, simd or fma" : "auto, simd, fma or, to act only, javascript",
      fix: "Leave it out to get the faster of those that run here.",
    });
  }
  const order: readonly KernelBuild[] = wanted === "auto" ? ["fma", "simd"] : [wanted];
  for (const build of order) {
    const module = await compileModule(build, bytesOf);
    if (module !== undefined) return { module, build };
  }
  throw doesNotRun(wanted === "fma" ? "fma" : "simd");
}

function doesNotRun(build: KernelBuild): AscentError {
  return new AscentError("option", {
    what: `The kernel build "${build}" does not run here`,
    got: "a WebAssembly engine or processor without the instructions it needs",
    expected: build === "fma" ? "relaxed SIMD with a multiply-add that rounds once" : "SIMD128",
    fix: build === "fma" ? "Use the plain build: ASCENT_KERNELS=simd." : "Use Node ≥ 20.19 or a current browser.",
  });
}

/**
 * A module that the host compiled, and which build it says it is.
 *
 * @throws AscentError "option" when it is not one of this version's kernels, or does not run as it should.
 */
export function givenModule(given: object): LoadedModule {
  const module = given as WebAssembly.Module;
  const [build, version] = markOf(module).split(" ");
  if ((build !== "simd" && build !== "fma") || version !== identity) {
    throw new AscentError("option", {
      what: "This is not a module of this library's kernels",
      got: version === undefined ? "something else" : "kernels of another version",
      expected: "a compiled WebAssembly.Module",
      fix: 'Compile "ascent-rl/kernels/simd.wasm" or "ascent-rl/kernels/fma.wasm" of the version of the library that runs.',
    });
  }
  if (build === "fma" && !fuses(module)) throw doesNotRun("fma");
  return { module, build };
}

/** What a module says of itself; "" if it is none. Asked and not tested with instanceof, which another realm's would fail. */
function markOf(module: WebAssembly.Module): string {
  try {
    const [section] = WebAssembly.Module.customSections(module, "ascent-kernels");
    return String.fromCharCode(...new Uint8Array(section));
  } catch {
    return "";
  }
}
