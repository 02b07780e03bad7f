/** From what a user gave to complete options, or an error that helps. */

import { describe, expect, test } from "vitest";
import { algorithms } from "../../src/algorithms/algorithmRegistry.ts";
import { resolveOptions } from "../../src/training/resolveOptions.ts";

const { ppo } = algorithms;
const resolve = (overrides: Record<string, unknown>, id = "CartPole-v1") => resolveOptions(ppo, id, overrides);

test("overrides go before the preset, the preset before the defaults", () => {
  const preset = ppo.presets["CartPole-v1"].options;
  const options = resolve({ nSteps: 17 });
  expect(options).toMatchObject({ ...preset, nSteps: 17 });
  expect(options["hidden"]).toEqual([64, 64]);
  expect(resolve({}, "Unknown-v0")).toMatchObject({ nSteps: 256, nEnvs: 8, batchSize: 64, nEpochs: 10, gamma: 0.99 });
});

test.each([
  ["linear:3e-4", { kind: "linear", from: 3e-4 }],
  ["linear:3e-4:1e-5", { kind: "linear", from: 3e-4, to: 1e-5 }],
  ["cosine:1", { kind: "cosine", from: 1 }],
  [0.1, 0.1],
])("learningRate %o is taken as a schedule", (given, schedule) => {
  expect(resolve({ learningRate: given })["learningRate"]).toEqual(schedule);
});

describe("errors name the option, what was got and what is wanted", () => {
  test.each([
    [{ batchsize: 3 }, /ppo has no option "batchsize".*Did you mean "batchSize"\?.*nSteps/],
    [{ unlikeAny: 3 }, /no option "unlikeAny"\. All options/],
    [
      { nSteps: "32" },
      /option "nSteps" has a wrong value: got "32", expected a whole number ≥ 1\. `ascent train ppo --help`/,
    ],
    [{ nSteps: 1.5 }, /"nSteps".*got 1\.5, expected a whole number ≥ 1/],
    [{ nSteps: 0 }, /"nSteps".*got 0/],
    [{ gamma: 1.01 }, /"gamma".*got 1\.01, expected a number from 0 to 1/],
    [{ gamma: Number.NaN }, /"gamma".*got NaN, expected a number from 0 to 1/],
    [{ hidden: [64, "a"] }, /"hidden".*got \[64, "a"\], expected a list of whole numbers ≥ 1, such as 64,64/],
    [{ activation: "swish" }, /"activation".*got "swish", expected one of tanh\|relu/],
    [{ learningRate: "fast" }, /"learningRate".*got "fast", expected a number ≥ 0, "linear:FROM\[:TO\]"/],
    [{ learningRate: "linear:x" }, /"learningRate".*got "linear:x", expected a number/],
    [{ shared: 1 }, /"shared".*got 1, expected true or false/],
  ])("%o", (overrides, message) => {
    expect(() => resolve(overrides)).toThrow(message);
    expect(() => resolve(overrides)).toThrow(expect.objectContaining({ code: "option" }));
  });
});
