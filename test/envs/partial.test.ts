/** Tasks seen in part: what is left is what the whole task shows, and nothing else changes. */

import { describe, expect, test } from "vitest";
import { describe as describeSpace, environmentSpec, makeBatched, sampleFlat } from "../../src/envs/index.ts";
import { RandomStream, streams } from "../../src/random/index.ts";

describe.each([
  ["CartPoleNoVelocity-v1", "CartPole-v1", [0, 2]],
  ["PendulumNoVelocity-v1", "Pendulum-v1", [0, 1]],
] as const)("%s", (id, wholeId, columns) => {
  test("goes the way of the whole task, and shows its columns", () => {
    const [part, whole] = [makeBatched(id, 3), makeBatched(wholeId, 3)];
    const random = new RandomStream(2, streams.user);
    const actions = new Float32Array(3);
    const width = whole.observationSize;
    part.reset(5);
    whole.reset(5);
    let ends = 0;
    for (let t = 0; t < 450; t++) {
      for (let i = 0; i < 3; i++) sampleFlat(whole.actionSpace, random, actions, i);
      part.step(actions);
      whole.step(actions);
      expect(part.rewards).toEqual(whole.rewards);
      expect(part.terminated).toEqual(whole.terminated);
      expect(part.truncated).toEqual(whole.truncated);
      for (let i = 0; i < 3; i++) {
        const ended = whole.terminated[i] + whole.truncated[i] > 0;
        if (ended) ends++;
        columns.forEach((column, k) => {
          const at = i * columns.length + k;
          expect(part.observations[at]).toBe(whole.observations[i * width + column]);
          if (ended) expect(part.finalObservations[at]).toBe(whole.finalObservations[i * width + column]);
        });
      }
    }
    expect(ends).toBeGreaterThan(5);
  });

  test("says that Gymnasium does not have it; limits are those of the whole task", () => {
    const [part, whole] = [environmentSpec(id), environmentSpec(wholeId)];
    expect(part.summary).toMatch(/not in Gymnasium/);
    expect(part).toMatchObject({ maxEpisodeSteps: whole.maxEpisodeSteps, rewardThreshold: whole.rewardThreshold });
    expect(describeSpace(part.make(1).observationSpace)).toMatch(/2/);
    expect(part.make(1).actionSpace).toEqual(whole.make(1).actionSpace);
  });
});
