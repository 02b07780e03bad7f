/** Settings of the off-policy gradient for the built-in environments; docs/results has what each reaches. */

import type { Preset } from "../algorithm.ts";
import type { OffPolicyPgOptions } from "../offPolicyPg.ts";

export const offPolicyPresets = {
  "CartPole-v1": {
    steps: 200_000,
    options: {
      nEnvs: 8,
      nSteps: 500,
      gaeLambda: 0.98,
      replayBatches: 2,
      gradientSteps: 4,
      learningRate: { kind: "linear", from: 7e-4, to: 5e-5 },
    },
  },
} satisfies Record<string, Preset<OffPolicyPgOptions>>;
