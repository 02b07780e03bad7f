/** The algorithms, each with the schema of its options and their type; and all of them by name. */
export { type A2cOptions, a2c, a2cOptions } from "./a2c.ts";
export type { Algorithm, DataAlgorithm, EnvironmentAlgorithm, Preset } from "./algorithm.ts";
export { algorithms } from "./algorithmRegistry.ts";
export { type BcOptions, bc, bcOptions } from "./bc.ts";
export type { AlgorithmName, AnyOptions, MetricsFor, MetricsOf, OptionsFor, OptionsOf } from "./byName.ts";
export { fixedSettings } from "./commonOptions.ts";
export type * from "./metrics.ts";
export { type NpgOptions, npg, npgOptions } from "./npg.ts";
export { type OffPolicyPgOptions, offPolicyPg, offPolicyPgOptions } from "./offPolicyPg.ts";
export { type PpoOptions, ppo, ppoOptions } from "./ppo.ts";
export { type ReinforceOptions, reinforce, reinforceOptions } from "./reinforce.ts";
export { nextMultiplier } from "./surrogate/checkedMultiplier.ts";
export type { MultiplierOptions, MultiplierRule } from "./surrogate/multiplier.ts";
export { type TrpoOptions, trpo, trpoOptions } from "./trpo.ts";
