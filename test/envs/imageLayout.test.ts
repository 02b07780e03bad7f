/** Which axis of an image its channels are, where nobody says: guessed where it is clear, said where it is not. */

import { expect, test } from "vitest";
import { box, checkEnvironment, discrete } from "../../src/envs/index.ts";
import { imageLayoutOf } from "../../src/envs/spaces/imageLayout.ts";
import { observationBody } from "../../src/policies/observationBody.ts";

test.each<[number[], "chw" | "hwc", boolean]>([
  [[40, 40, 4], "hwc", true],
  [[7, 7, 3], "hwc", true],
  [[210, 160, 3], "hwc", true],
  [[84, 84, 1], "hwc", true],
  [[4, 84, 84], "chw", true],
  [[3, 210, 160], "chw", true],
  [[1, 5, 5], "chw", true],
  [[3, 3, 3], "chw", true],
  [[12, 4, 4], "chw", true],
  [[20, 7, 7], "chw", true],
  [[7, 7, 20], "chw", false],
  [[5, 6, 3], "chw", false],
  [[2, 2, 3], "chw", false],
])("%o is %s, clear: %s", (shape, layout, clear) => {
  expect(imageLayoutOf(shape)).toEqual({ layout, clear });
});

test("networks read images as they look, and as they are told where they are told", () => {
  const filters = (shape: number[], imageLayout?: "auto" | "chw" | "hwc") =>
    observationBody("b", box({ low: 0, high: 255, shape }), [], { imageLayout }).parameters[0].shape;
  expect(filters([40, 40, 4])).toEqual([8 * 8 * 4, 32]);
  expect(filters([40, 40, 4])).toEqual(filters([4, 40, 40]));
  expect(filters([40, 40, 4], "auto")).toEqual(filters([40, 40, 4], "hwc"));
  expect(filters([7, 7, 3])).toEqual([3 * 3 * 3, 16]);
  expect(filters([7, 7, 3], "chw")).toEqual([3 * 3 * 7, 16]);
  expect(filters([7, 7, 20])).toEqual([3 * 3 * 7, 16]);
});

test("the checker says how an image is read where that is not clear", () => {
  const findings = (shape: number[]) => {
    const size = shape.reduce((a, b) => a * b);
    const observation = () => new Float32Array(size);
    return checkEnvironment(
      () => ({
        observationSpace: box({ low: 0, high: 1, shape }),
        actionSpace: discrete(2),
        reset: () => ({ observation: observation() }),
        step: () => ({ observation: observation(), reward: 0, terminated: false, truncated: false }),
      }),
      { steps: 2 },
    ).filter(({ rule }) => rule === "image-layout");
  };
  expect(findings([7, 7, 20])).toMatchObject([
    { level: "warning", message: expect.stringMatching(/7 channels of 7 × 20.*imageLayout: "hwc".*cnn: "none"/s) },
  ]);
  expect(findings([7, 7, 3])).toEqual([]);
  expect(findings([3, 7, 7])).toEqual([]);
});
