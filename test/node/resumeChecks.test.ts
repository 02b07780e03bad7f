/** What a resumed run may not change is refused one by one; what stays or is left open passes. */

import { expect, test } from "vitest";
import type { RunConfig } from "../../src/node/runs/config.ts";
import { requireSameSettings } from "../../src/node/runs/resumeChecks.ts";

const stored: RunConfig = {
  ...{ algorithm: "ppo", env: "CartPole-v1", steps: 100, seed: 0, kernels: "simd", version: "0.1.0" },
  options: { gamma: 0.9 },
};

test.each(["simd", "auto", undefined] as const)("kernels %s pass in a run of simd", (kernels) => {
  const request = { algorithm: "ppo", out: "x", resume: true, ...(kernels && { kernels }) } as const;
  expect(() => requireSameSettings(request, stored)).not.toThrow();
});

test.each([
  ["the kernels", { kernels: "fma" }, /cannot change the kernels: got "fma", expected "simd"/],
  ["the algorithm", { algorithm: "a2c" }, /cannot change the algorithm/],
  ["the environment", { environment: "Acrobot-v1" }, /cannot change the environment/],
  ["a setting", { options: { gamma: 0.5 } }, /cannot change gamma: got 0\.5, expected 0\.9/],
] as const)("%s may not change", (_, change, message) => {
  const request = { algorithm: "ppo", out: "x", resume: true, ...change } as const;
  expect(() => requireSameSettings(request, stored)).toThrow(message);
});
