/** Layers and how they start. */
export { type ActivationName, activation, activationNames } from "./activations.ts";
export {
  type Cnn,
  type CnnOptions,
  type ConvolutionLayer,
  cnn,
  type ImageShape,
  layersFor,
  natureLayers,
  smallLayers,
} from "./cnn.ts";
export { type MlpOptions, type Module, mlp } from "./mlp.ts";
export { orthogonal } from "./orthogonal.ts";
export {
  type CellName,
  cellNames,
  type MemoryInput,
  type Recurrent,
  type RecurrentOptions,
  recurrent,
  type Unrolled,
} from "./recurrent.ts";
export { type CellParameters, type StartingValues, startingValues, uniformFanIn } from "./startingValues.ts";
