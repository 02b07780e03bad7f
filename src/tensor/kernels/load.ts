/**
 * Loads the kernel module. There are two builds of the same source: `simd` (WebAssembly SIMD128, everywhere) and `fma`
 * (relaxed SIMD, fused multiply-add). `auto` takes the second where the engine has it and the processor really fuses:
 * relaxed SIMD may round twice, which would be other numbers under the same name. Node 20 has it behind a flag that can be
 * set before the module is compiled; later versions have it on.
 */

import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";

export type KernelBuild = "simd" | "fma";

/** The functions the kernel module exports; pointers are byte addresses in its memory. */
export interface Kernels {
  run(program: number, count: number): number;
  /** 1 where the build's multiply-add rounds once, measured. */
  isFused(): number;
  unary(op: number, out: number, x: number, count: number): void;
  binary(op: number, out: number, a: number, b: number, count: number, stepA: number, stepB: number): void;
  gemm(
    a: number,
    b: number,
    c: number,
    m: number,
    n: number,
    k: number,
    transposeA: number,
    transposeB: number,
    epilogue: number,
    aux: number,
    scratch: number,
  ): void;
  gemmScratchBytes(n: number, k: number): number;
  softmaxScratchBytes(n: number): number;
  threefryWords(out: number, key0: number, key1: number, counter0: number, counter1: number): void;
  dot(x: number, y: number, count: number): number;
  axpby(count: number, a: number, x: number, b: number, y: number): void;
  firstNonFinite(x: number, count: number): number;
  sgd(
    count: number,
    parameters: number,
    gradients: number,
    velocity: number,
    scale: number,
    rate: number,
    momentum: number,
    nesterov: number,
    decay: number,
  ): void;
  adam(
    count: number,
    parameters: number,
    gradients: number,
    mean: number,
    square: number,
    scale: number,
    step: number,
    correction: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    coupled: number,
    decoupled: number,
  ): void;
  rmsprop(
    count: number,
    parameters: number,
    gradients: number,
    square: number,
    scale: number,
    rate: number,
    alpha: number,
    epsilon: number,
    inside: number,
  ): void;
}

interface HostProcess {
  getBuiltinModule?: (name: string) => V8Module | undefined;
  env?: Record<string, string | undefined>;
  versions?: Record<string, string>;
}

interface V8Module {
  setFlagsFromString?: (flag: string) => void;
}

const hostProcess = (globalThis as { process?: HostProcess }).process;
const modules = new Map<KernelBuild, WebAssembly.Module>();

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Turns relaxed SIMD on for modules compiled from now on, where it is behind a flag: in Node 20. Later ones complain of it. */
async function enableRelaxedSimd(): Promise<void> {
  if (hostProcess?.versions?.["node"] === undefined) return;
  const name = "node:v8";
  try {
    // Before 20.16 only an import gives it, which bundlers must not follow.
    const v8 = hostProcess.getBuiltinModule?.(name) ?? ((await import(/* @vite-ignore */ name)) as V8Module);
    v8.setFlagsFromString?.("--experimental-wasm-relaxed-simd");
  } catch {
    // Without it the plain build runs.
  }
}

async function moduleBytes(build: KernelBuild): Promise<Uint8Array<ArrayBuffer>> {
  const source = build === "fma" ? await import("./generated/fma.ts") : await import("./generated/simd.ts");
  return decodeBase64(source.wasmBase64);
}

function fuses(module: WebAssembly.Module): boolean {
  const env = { memory: new WebAssembly.Memory({ initial: 1 }) };
  const { isFused } = new WebAssembly.Instance(module, { env }).exports as unknown as Kernels;
  return isFused() === 1;
}

/** The compiled build, or undefined where it does not run as it should. */
async function compileModule(build: KernelBuild): Promise<WebAssembly.Module | undefined> {
  const known = modules.get(build);
  if (known !== undefined) return known;
  const bytes = await moduleBytes(build);
  if (build === "fma" && !WebAssembly.validate(bytes)) await enableRelaxedSimd();
  if (!WebAssembly.validate(bytes)) return undefined;
  const module = await WebAssembly.compile(bytes);
  if (build === "fma" && !fuses(module)) return undefined;
  modules.set(build, module);
  return module;
}

/**
 * The compiled kernel module and which build it is.
 *
 * @param choice a build, or "auto". The environment variable ASCENT_KERNELS, unless empty, overrides "auto".
 * @throws AscentError "option" for an unknown build or one this engine cannot run.
 */
export async function loadKernelModule(
  choice: KernelBuild | "auto" = "auto",
): Promise<{ module: WebAssembly.Module; build: KernelBuild }> {
  const wanted = choice === "auto" ? hostProcess?.env?.["ASCENT_KERNELS"] || "auto" : choice;
  if (wanted !== "auto" && wanted !== "simd" && wanted !== "fma") {
    throw new AscentError("option", {
      what: "Unknown kernel build",
      got: describeValue(wanted),
      expected: "auto, simd or fma",
      fix: "Leave it out to get the faster of those that run here.",
    });
  }
  const order: readonly KernelBuild[] = wanted === "auto" ? ["fma", "simd"] : [wanted];
  for (const build of order) {
    const module = await compileModule(build);
    if (module !== undefined) return { module, build };
  }
  throw new AscentError("option", {
    what: `The kernel build "${wanted}" does not run here`,
    got: "a WebAssembly engine or processor without the instructions it needs",
    expected: wanted === "fma" ? "relaxed SIMD with a multiply-add that rounds once" : "SIMD128",
    fix: wanted === "fma" ? "Use the plain build: ASCENT_KERNELS=simd." : "Use Node ≥ 20 or a current browser.",
  });
}
