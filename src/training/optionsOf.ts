/** The options of each algorithm by its name, as users write them. */

import type { A2cOptions } from "../algorithms/a2c.ts";
import type { BcOptions } from "../algorithms/bc.ts";
import type { NpgOptions } from "../algorithms/npg.ts";
import type { OffPolicyPgOptions } from "../algorithms/offPolicyPg.ts";
import type { PpoOptions } from "../algorithms/ppo.ts";
import type { ReinforceOptions } from "../algorithms/reinforce.ts";
import type { TrpoOptions } from "../algorithms/trpo.ts";

export interface OptionsOf {
  reinforce: ReinforceOptions;
  a2c: A2cOptions;
  "off-policy-pg": OffPolicyPgOptions;
  npg: NpgOptions;
  trpo: TrpoOptions;
  ppo: PpoOptions;
  bc: BcOptions;
}

/** What may be given under a name that is known only when the program runs. */
export type AnyOptions = Readonly<Record<string, unknown>>;

/** The options that go with a name. */
export type OptionsFor<Name extends string> = Name extends keyof OptionsOf ? OptionsOf[Name] : AnyOptions;
