/** (x − mean) · scale, held in ±clip; what is no number to be scaled is left as it is, however large. */
import { expect, test } from "vitest";
import { box, dict, discrete } from "../../src/envs/index.ts";
import { ObservationScaler } from "../../src/policies/observationScaling.ts";

test("numbers are scaled and clipped on both sides, indices pass", () => {
  const space = dict({ place: discrete(100), speed: box({ low: -Infinity, high: Infinity, shape: [2] }) });
  const scaling = { mean: Float64Array.of(0, 1e9, -2), scale: Float64Array.of(1, 4, 0.5), clip: 3 };
  const out = new Float32Array(6);
  new ObservationScaler(space, scaling).apply(Float64Array.of(97, 1e9 + 0.25, 1, 3, 1e9 - 5, 50), out);
  expect([...out]).toEqual([97, 1, 1.5, 3, -3, 3]);
});
