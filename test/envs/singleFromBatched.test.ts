/** One environment out of a batch: what it shows where an episode ends is what the episode ended on. */

import { expect, test } from "vitest";
import { environmentSpec, singleFromBatched } from "../../src/envs/index.ts";

test("a truncated step shows the last observation, not the first one of the next episode", () => {
  const single = singleFromBatched<Float32Array, Float32Array>(environmentSpec("Pendulum-v1").make(1));
  const batch = environmentSpec("Pendulum-v1").make(1);
  single.reset({ seed: 5 });
  batch.reset(5);
  const action = Float32Array.of(0.7);
  for (let t = 1; t <= 200; t++) {
    const { observation, terminated, truncated } = single.step(action);
    batch.step(action);
    expect([terminated, truncated]).toEqual([false, t === 200]);
    expect(observation).toEqual(t < 200 ? batch.observations : batch.finalObservations);
  }
  // The batch has begun the next episode: the two differ, so the test can fail.
  expect(batch.finalObservations).not.toEqual(batch.observations);
  expect(() => single.step(action)).toThrow(/after the episode's end/);
});

test("a saved environment goes on to the same later episodes", () => {
  const make = () => singleFromBatched<Float32Array, Float32Array>(environmentSpec("Pendulum-v1").make(1));
  const [one, other] = [make(), make()];
  one.reset({ seed: 5 });
  one.reset();
  one.step(Float32Array.of(0.5));
  other.loadState?.(one.saveState?.());
  expect(other.step(Float32Array.of(1))).toEqual(one.step(Float32Array.of(1)));
  const starts = (single: typeof one) => Array.from({ length: 3 }, () => single.reset().observation);
  expect(starts(other)).toEqual(starts(one));
});

test.each([[undefined], [{}], [environmentSpec("Pendulum-v1").makeSingle()]])("refuses %s", (batch) => {
  expect(() => singleFromBatched(batch as never)).toThrow(/expected a batched environment/);
});
