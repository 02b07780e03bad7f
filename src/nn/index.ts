/** Layers and how they start. */
export { type ActivationName, activation, activationNames } from "./activations.ts";
export { orthogonal, uniformFanIn } from "./initialise.ts";
export { type MlpOptions, type Module, mlp } from "./mlp.ts";
