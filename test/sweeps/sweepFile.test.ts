/** Sweep files: what is completed, and what is refused before anything runs. */
import { describe, expect, test } from "vitest";
import { AscentError } from "../../src/errors.ts";
import { parseSweep } from "../../src/sweeps/sweepFile.ts";

const least = {
  algorithm: "ppo",
  environments: ["CartPole-v1"],
  space: { learningRate: { logUniform: [1e-5, 1e-2] } },
};

describe("a sweep's file", () => {
  test("needs an algorithm, an environment and a space; the rest has defaults", () => {
    expect(parseSweep(least)).toMatchObject({
      algorithm: "ppo",
      environments: [{ id: "CartPole-v1", low: 0, high: 1, steps: 100_000 }],
      seeds: [0, 1, 2],
      settings: {},
      sampler: { kind: "tpe", startupTrials: 10, candidates: 24 },
      pruner: { kind: "none" },
      trials: 50,
      score: "evaluation",
    });
  });

  test("several environments need scales, and take steps of their own", () => {
    const environments = [
      { id: "CartPole-v1", low: 20, high: 500, steps: 1000 },
      { id: "Acrobot-v1", low: -500, high: -80 },
    ];
    expect(parseSweep({ ...least, environments, steps: 2000 }).environments).toEqual([
      { id: "CartPole-v1", low: 20, high: 500, steps: 1000 },
      { id: "Acrobot-v1", low: -500, high: -80, steps: 2000 },
    ]);
    expect(() => parseSweep({ ...least, environments: ["CartPole-v1", "Acrobot-v1"] })).toThrow(/have no scale/);
  });

  test("a grid has as many trials as combinations", () => {
    const space = { nEpochs: { integer: [1, 3] }, clipRange: { choice: [0.1, 0.2] } };
    expect(parseSweep({ ...least, space, sampler: "grid" }).trials).toBe(6);
    expect(parseSweep({ ...least, space, sampler: "grid", trials: 4 }).trials).toBe(4);
  });

  test.each([
    [{ algorithm: "pop" }, /no algorithm "pop".*ppo/s],
    [{ algorithm: "bc" }, /recorded episodes/],
    [{ environments: ["CartPole-v7"] }, /CartPole-v7/],
    [{ environments: [] }, /environments/],
    [{ trails: 5 }, /no key "trails".*trials/s],
    [{ trials: 0 }, /trials is not usable/],
    [{ seeds: [1, 1] }, /twice/],
    [{ space: {} }, /no settings to choose/],
    [{ space: { learningrate: { uniform: [0, 1] } } }, /learningrate.*learningRate/s],
    [{ space: { learningRate: { uniform: [1, 0] } } }, /space.learningRate/],
    [{ space: { learningRate: { logUniform: [0, 1] } } }, /space.learningRate/],
    [{ space: { learningRate: [1, 2] } }, /space.learningRate is not usable.*"choice"/s],
    [{ space: { nEpochs: { uniform: [0.5, 3] } } }, /nEpochs/],
    [{ space: { seed: { integer: [0, 3] } } }, /seed is no setting/],
    [{ settings: { learningRate: 1e-3 } }, /both fixed and to be chosen/],
    [{ sampler: "bayes" }, /sampler.*grid, random, sobol or tpe/s],
    [{ pruner: { kind: "asha", eta: 1 } }, /pruner/],
    [{ sampler: "grid" }, /grid cannot take every value/],
  ])("%j is refused", (change, message) => {
    const parse = () => parseSweep({ ...least, ...change });
    expect(parse).toThrow(AscentError);
    expect(parse).toThrow(message);
  });

  test.each([null, 3, "text", [least]])("%j is no sweep", (content) => {
    expect(() => parseSweep(content)).toThrow(AscentError);
  });
});
