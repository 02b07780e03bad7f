/** Settings of REINFORCE for the built-in environments; docs/results has what each variant reaches. */

import type { Preset } from "../algorithm.ts";
import type { ReinforceOptions } from "../reinforce.ts";

export const reinforcePresets = {
  "CartPole-v1": { steps: 500_000, options: { nEnvs: 16, nSteps: 500 } },
} satisfies Record<string, Preset<ReinforceOptions>>;
