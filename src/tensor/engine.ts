/**
 * An engine: one linear memory and the kernels that work on it. Memory is handed out once and never taken back one piece
 * at a time; the whole engine is garbage when nothing refers to it, so there is nothing to dispose. What runs on it is
 * made by `compile` (compile.ts).
 */

import { AscentError } from "../errors.ts";
import type { DType } from "./graph.ts";
import { type KernelBuild, type Kernels, loadKernelModule } from "./kernels/load.ts";

const PAGE = 65536;
const INITIAL_PAGES = 64;
/** 2 GiB less a page: addresses stay positive as i32. */
const MAXIMUM_PAGES = 32767;
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

export class Engine {
  readonly build: KernelBuild;
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
  #top = FIRST_ADDRESS;

  constructor(module: WebAssembly.Module, build: KernelBuild) {
    this.build = build;
    this.memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES });
    const instance = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    this.kernels = instance.exports as unknown as Kernels;
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
    const missing = end - this.memory.buffer.byteLength;
    if (missing > 0) {
      try {
        this.memory.grow(Math.max(Math.ceil(missing / PAGE), 16));
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

/** A fresh engine with its own memory. See `loadKernelModule` for the choice of build. */
export async function createEngine(options: { build?: KernelBuild | "auto" } = {}): Promise<Engine> {
  const { module, build } = await loadKernelModule(options.build);
  return new Engine(module, build);
}

/** The numbers of an f32 region, live. Growing the engine's memory detaches views: take a new one after `compile`. */
export function floatsOf(region: Region): Float32Array<ArrayBuffer> {
  return new Float32Array(region.engine.memory.buffer as ArrayBuffer, region.pointer, region.length);
}

/** The numbers of an i32 region, live. */
export function intsOf(region: Region): Int32Array<ArrayBuffer> {
  return new Int32Array(region.engine.memory.buffer as ArrayBuffer, region.pointer, region.length);
}
