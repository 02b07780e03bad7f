/** Every operation, by name. */
export { type AttentionOptions, causalAttention } from "./attention.ts";
export * from "./convolution.ts";
export * from "./elementwise.ts";
export { gatherRows, oneHot, putLast, scatterRows, takeLast } from "./gather.ts";
export * from "./layout.ts";
export * from "./matmul.ts";
export { layerNorm, rmsNorm } from "./normalise.ts";
export * from "./random.ts";
export * from "./reduce.ts";
export * from "./softmax.ts";
