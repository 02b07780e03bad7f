/** Environments: the contract in its two forms, the adapters between them, the built-in tasks and the tools around. */

export type { BatchedEnvironment, EnvironmentSpec } from "./batched.ts";
export { type BatchOptions, batchFromFactory } from "./batchFromFactory.ts";
export { type CheckOptions, checkEnvironment, type Finding, formatFindings } from "./checker.ts";
export { acrobot } from "./classic-control/acrobot.ts";
export { ClassicControl, classicSpec } from "./classic-control/batch.ts";
export { cartPole } from "./classic-control/cartpole.ts";
export type { Dynamics } from "./classic-control/dynamics.ts";
export { classicControl } from "./classic-control/index.ts";
export { mountainCar } from "./classic-control/mountain-car.ts";
export { mountainCarContinuous } from "./classic-control/mountain-car-continuous.ts";
export { pendulum } from "./classic-control/pendulum.ts";
export type { Environment, EnvironmentFactory, Info, ResetResult, Spaces, StepResult } from "./environment.ts";
export {
  environmentSpec,
  listEnvironments,
  makeBatched,
  prepareEnvironment,
  registerEnvironment,
} from "./environmentRegistry.ts";
export { cartPoleImage } from "./images/cartPoleImage.ts";
export { GridImage, gridImage } from "./images/gridImage.ts";
export * from "./known.ts";
export { MaskedCorridor, maskedCorridor } from "./masked/corridor.ts";
export { hideMask, withoutMasks } from "./masked/hideMask.ts";
export { type ReplayOptions, type ReplayReport, replayGolden, type StepAgreement } from "./recordings.ts";
export { singleFromBatched } from "./singleFromBatched.ts";
export { readFlat, sample, sampleFlat, whyNotFlat, writeFlat } from "./spaces/checkedValues.ts";
export * from "./spaces.ts";
export * from "./wrappers.ts";
