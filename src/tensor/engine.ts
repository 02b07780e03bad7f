/**
 * An engine: one linear memory and the kernels that work on it. Memory is handed out once and never taken back one piece
 * at a time; the whole engine is garbage when nothing refers to it, so there is nothing to dispose. What runs on it is
 * made by `compile` (compile.ts).
 */

import { anything, checkArgument, checkOptions, having, type OptionChecks, optional } from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import type { DType } from "./graph.ts";
import { bindKernels } from "./kernels/bind.ts";
import { actingKernelBytes } from "./kernels/embedded.ts";
import { kernelBytes } from "./kernels/embeddedWhole.ts";
import type { BoundKernels, KernelBuild, KernelChoice, KernelMemory, Kernels } from "./kernels/kernels.ts";

const PAGE = 65536;
/** Below this address lie the kernels' own constants. */
const FIRST_ADDRESS = 16384;
/** A cache line, in elements: where every allocation and every part of one begins. */
export const GRANULE = 16;
const ALIGNMENT = 4 * GRANULE;

/** A typed stretch of an engine's memory. */
export interface Region {
  readonly pointer: number;
  /** Elements. */
  readonly length: number;
  readonly dtype: DType;
  readonly engine: Engine;
}

const boundKernels = /* @__PURE__ */ having("{ build, memory, kernels }", "build", "memory", "kernels");
/** Which builds there are is asked where one is loaded. */
const createChecks: OptionChecks<{ build?: KernelChoice }> = { build: /* @__PURE__ */ optional(anything) };

export class Engine {
  readonly build: KernelBuild | "javascript";
  readonly kernels: Kernels;
  readonly memory: KernelMemory;
  #buffer: ArrayBuffer;
  #top = FIRST_ADDRESS;

  /** See `createEngine`. */
  constructor(bound: BoundKernels) {
    checkArgument("Engine: bound kernels", boundKernels, bound);
    const { build, memory, kernels } = bound;
    this.build = build;
    this.memory = memory;
    this.kernels = kernels;
    this.#buffer = memory.buffer as ArrayBuffer;
  }

  /** The memory's bytes, until it grows. */
  get buffer(): ArrayBuffer {
    return this.#buffer;
  }

  /** Bytes handed out so far. */
  get bytesInUse(): number {
    return this.#top;
  }

  /**
   * A zeroed stretch of memory, aligned to a cache line.
   *
   * @throws AscentError "state" when the 2 GiB of the engine are used up.
   */
  allocate(length: number, dtype: DType = "f32"): Region {
    const pointer = this.#top;
    const end = pointer + Math.ceil((length * 4) / ALIGNMENT) * ALIGNMENT;
    // Kernels may read a vector that begins inside and ends behind.
    const missing = end + ALIGNMENT - this.#buffer.byteLength;
    if (missing > 0) {
      try {
        this.memory.grow(Math.max(Math.ceil(missing / PAGE), 16));
        this.#buffer = this.memory.buffer as ArrayBuffer;
      } catch (cause) {
        const got = `${(end / 2 ** 20).toFixed(0)} MiB in all`;
        const what = "The engine's memory is used up";
        const fix = "Use smaller batches or networks, or another engine.";
        throw new AscentError("state", { what, got, expected: "less than 2048 MiB", fix }, { cause });
      }
    }
    this.#top = end;
    return { pointer, length, dtype, engine: this };
  }
}

/**
 * A fresh engine with its own memory.
 *
 * @param options.build which kernels to run: "auto" (default) for the faster build that runs here, "simd", "fma",
 *   "javascript" to act without WebAssembly, or a compiled `WebAssembly.Module` of ascent-rl/kernels/simd.wasm or fma.wasm.
 * @throws AscentError "option" when it is unknown or does not run here.
 */
export async function createEngine(options: { build?: KernelChoice } = {}): Promise<Engine> {
  checkOptions("createEngine", createChecks, options);
  return new Engine(await bindKernels(kernelBytes, options.build));
}

/** Where the functions that act or train get their kernels: an engine to share, or the choice for one of their own. */
export interface EngineOptions {
  /** Default: one of its own. */
  engine?: Engine;
  /** Of an engine of its own: see `createEngine`. */
  kernels?: KernelChoice;
}

/** The engine given, or a fresh one with the kernels asked for. */
export async function engineFor({ engine, kernels }: EngineOptions): Promise<Engine> {
  return engine ?? (await createEngine({ build: kernels }));
}

/**
 * The engine given, or a fresh one for policies and nothing else: nobody else may get it, for its kernels cannot learn. It is what
 * keeps the others out of a page that acts.
 */
export async function actingEngineFor({ engine, kernels }: EngineOptions): Promise<Engine> {
  return engine ?? new Engine(await bindKernels(actingKernelBytes, kernels));
}

/** The numbers of an f32 region, live. Growing the engine's memory makes views stale: take a new one after `compile`. */
export function floatsOf(region: Region): Float32Array<ArrayBuffer> {
  if (region?.engine === undefined) refuseRegion("floatsOf", region);
  return new Float32Array(region.engine.buffer, region.pointer, region.length);
}

/** The numbers of an i32 region, live. */
export function intsOf(region: Region): Int32Array<ArrayBuffer> {
  if (region?.engine === undefined) refuseRegion("intsOf", region);
  return new Int32Array(region.engine.buffer, region.pointer, region.length);
}

export function refuseRegion(what: string, region: unknown): never {
  throw new AscentError("option", {
    what: `${what}: this is no region of memory`,
    got: describeValue(region),
    expected: "a region",
    fix: "Give engine.allocate(length), block.region or program.outputRegion(name).",
  });
}
