/** Settings of the off-policy gradient for the built-in environments; docs/results has what each reaches. */

import type { OffPolicyPgOptions } from "../offPolicyPg.ts";

export const offPolicyPresets = {
  "CartPole-v1": { steps: 200_000, options: { nEnvs: 8, nSteps: 500 } },
} satisfies Record<string, { steps: number; options: OffPolicyPgOptions }>;
