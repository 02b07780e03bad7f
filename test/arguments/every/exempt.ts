/** Public functions whose arguments are not checked, each with the reason: nothing but loops run once a step or a number. */

export const exempt: Readonly<Record<string, string>> = {
  threefry2x32: "one block of random bits: run for every number drawn, where a check costs more than the work",
  writeKey: "the key of a program: written before every step that is acted",
  clipScale: "one division: run for every part of every gradient step",
  AscentError: "an error that cannot be made must not hide the one it was made for",
  listEnvironments: "takes no arguments",
  MaskedCorridor: "takes no arguments",
};

/**
 * Functions in every page that acts, where each check weighs: such a page may load 45 kB (test/hosts/bundleSize.node.test.ts), and
 * is there. Their tensors, spaces and bytes are checked as deep as before; some arguments beside them are not.
 */
export const unchecked: readonly string[] = [
  "Engine",
  "actorCritic",
  "bernoulliHead",
  "beta",
  "betaHead",
  "bfloat16ToFloat32",
  "boxInterval",
  "boxRescaling",
  "categoricalHead",
  "clip",
  "col2im",
  "compile",
  "compileHoisted",
  "conv2d",
  "createEngine",
  "decodeDataset",
  "decodeSafetensors",
  "encodeSafetensors",
  "float16ToFloat32",
  "float32ToBfloat16",
  "float32ToFloat16",
  "gaussian",
  "gaussianHead",
  "headForSpace",
  "im2col",
  "label",
  "logBeta",
  "logGamma",
  "matmul",
  "maximum",
  "mean",
  "minimum",
  "productHead",
  "readFlat",
  "requireFloat",
  "rescaledHead",
  "sample",
  "sampleFlat",
  "sampleGamma",
  "sha256",
  "sizeOf",
  "sliceAxis",
  "squashedGaussian",
  "squashedGaussianHead",
  "standardise",
  "stateDependentExplorationHead",
  "sum",
  "sumTo",
  "toHex",
  "variance",
  "whyNotFlat",
  "windowCount",
  "writeFlat",
];

/** Younger than this table: their arguments are still to be checked. Nothing may be added here. */
export const notYet: readonly string[] = ["compare"];
