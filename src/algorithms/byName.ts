/** What goes with the name of an algorithm, as types: its options as users write them, and its figures. */

import type { Metrics } from "../learners/learner.ts";
import type { A2cOptions } from "./a2c.ts";
import type { BcOptions } from "./bc.ts";
import type {
  A2cMetrics,
  BcMetrics,
  OffPolicyPgMetrics,
  PpoMetrics,
  ReinforceMetrics,
  TrustRegionMetrics,
} from "./metrics.ts";
import type { NpgOptions } from "./npg.ts";
import type { OffPolicyPgOptions } from "./offPolicyPg.ts";
import type { PpoOptions } from "./ppo.ts";
import type { ReinforceOptions } from "./reinforce.ts";
import type { TrpoOptions } from "./trpo.ts";

/** A text that is known only when the program runs becomes one by `algorithmNamed(text).name`. */
export type AlgorithmName = "reinforce" | "a2c" | "off-policy-pg" | "npg" | "trpo" | "ppo" | "bc";

export interface OptionsOf {
  reinforce: ReinforceOptions;
  a2c: A2cOptions;
  "off-policy-pg": OffPolicyPgOptions;
  npg: NpgOptions;
  trpo: TrpoOptions;
  ppo: PpoOptions;
  bc: BcOptions;
}

export interface MetricsOf {
  reinforce: ReinforceMetrics;
  a2c: A2cMetrics;
  "off-policy-pg": OffPolicyPgMetrics;
  npg: TrustRegionMetrics;
  trpo: TrustRegionMetrics;
  ppo: PpoMetrics;
  bc: BcMetrics;
}

/** What may be given under a name that is known only when the program runs. */
export type AnyOptions = Readonly<Record<string, unknown>>;

/** The options that go with a name. */
export type OptionsFor<Name extends AlgorithmName> = AlgorithmName extends Name ? AnyOptions : OptionsOf[Name];

/** The figures of an iteration that go with a name. */
export type MetricsFor<Name extends AlgorithmName> = AlgorithmName extends Name ? Metrics : MetricsOf[Name];
