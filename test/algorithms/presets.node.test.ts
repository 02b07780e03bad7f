/** Presets hold settings, not the length of a run: schedules run over the steps that are asked for. */

import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { algorithms } from "../../src/algorithms/algorithmRegistry.ts";
import { newStart } from "../../src/node/runs/start.ts";
import { createLearner } from "../../src/training/train.ts";

const presets = Object.values(algorithms).flatMap(({ name, presets, options }) =>
  Object.entries(presets).map(([environment, preset]) => ({ name, environment, preset, options })),
);

test.each(presets)("$name on $environment: known options, no annealSteps", ({ preset, options }) => {
  expect(options.safeParse(preset.options).success).toBe(true);
  expect(preset.options).not.toHaveProperty("annealSteps");
});

describe("--steps other than the preset's", () => {
  test.each([
    ["ppo", "CartPole-v1", 777],
    ["off-policy-pg", "CartPole-v1", 400_000],
  ] as const)("%s on %s: config.json has annealSteps = %d", async (algorithm, environment, steps) => {
    const out = join(tmpdir(), "ascent-not-made");
    const { config } = await newStart({ algorithm, environment, steps, out });
    expect(config.options["annealSteps"]).toBe(steps);
  });

  test("the learning rate falls all the way, and does not reach its end before", async () => {
    const options = { nEnvs: 2, nSteps: 64, nEpochs: 1, hidden: [4], learningRate: "linear:1e-3" } as const;
    const { learner } = await createLearner("ppo", { environment: "CartPole-v1", steps: 256, options });
    expect(learner.iterate()["learningRate"]).toBeCloseTo(1e-3, 12);
    expect(learner.iterate()["learningRate"]).toBeCloseTo(5e-4, 12);
    const longer = await createLearner("ppo", { environment: "CartPole-v1", steps: 1_280_000, options });
    longer.learner.iterate();
    expect(longer.learner.iterate()["learningRate"]).toBeCloseTo(1e-3 * (1 - 128 / 1_280_000), 12);
  });
});
