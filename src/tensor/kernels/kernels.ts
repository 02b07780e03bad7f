/**
 * What kernels are to the rest of the engine: a memory and functions that work on it, whichever build they come from. Types
 * only, and none of the WebAssembly namespace's: declarations that name it would need the DOM library.
 */

/** The builds that train and act. */
export type KernelBuild = "simd" | "fma";

/** A compiled `WebAssembly.Module` of ascent-rl/kernels/simd.wasm or fma.wasm. */
export type KernelModule = object;

/**
 * Which kernels to take: the faster build that runs here, one by name, plain JavaScript (acts, but does not train), or a
 * compiled module, for hosts that do not compile bytes.
 */
export type KernelChoice = "auto" | KernelBuild | "javascript" | KernelModule;

/** One growing stretch of bytes; growing it makes a new buffer. */
export interface KernelMemory {
  readonly buffer: ArrayBufferLike;
  /** By so many pages of 65,536 bytes. */
  grow(pages: number): number;
}

/** Kernels and the memory they work on. */
export interface BoundKernels {
  readonly build: KernelBuild | "javascript";
  readonly memory: KernelMemory;
  readonly kernels: Kernels;
}

/** Pointers are byte addresses in the memory. */
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
