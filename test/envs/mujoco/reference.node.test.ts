/** The eleven tasks beside the reference: compiled models against its facts, steps against its recordings. */
import load, { type MainModule } from "@mujoco/mujoco";
import { beforeAll, describe, expect, test } from "vitest";
import { environmentSpec, listEnvironments, prepareEnvironment, replayGolden } from "../../../src/envs/index.ts";
import { models } from "../../../src/mujoco/index.ts";
import { compareWithFacts } from "./facts.ts";
import { modelFacts, recordedEpisodes } from "./golden.ts";

const ids = Object.keys(models) as (keyof typeof models)[];

let mj: MainModule;
beforeAll(async () => {
  [mj] = await Promise.all([load(), prepareEnvironment("HalfCheetah-v5")]);
});

test("there are eleven", () => {
  expect(ids).toHaveLength(11);
  expect(listEnvironments().map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
});

describe.each(ids)("%s", (id) => {
  test("every field of the compiled model is the reference's", () => {
    const model = mj.MjModel.from_xml_string(models[id])!;
    const { differences, compared } = compareWithFacts(mj, model, modelFacts(id), 1e-12);
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(200);
    model.delete();
  });

  test("the first step is the reference's to the last bit, five agree to 1e-9, flags exactly", () => {
    const { perStep = [], ...report } = replayGolden(recordedEpisodes(id), 1e-9, { steps: 5 });
    expect(report).toMatchObject({ env: id, episodes: 3, flagMismatches: 0, agrees: true });
    expect(perStep.slice(0, 2)).toEqual(
      [0, 1].map((step) => ({ step, episodes: 3, observationError: 0, rewardError: 0, flagMismatches: 0 })),
    );
    expect(perStep.reduce((sum, { flagMismatches }) => sum + flagMismatches, 0)).toBe(0);
  });

  test("what lists say of it is what it is", () => {
    const spec = environmentSpec(id);
    const batch = spec.make(1);
    expect(spec.spaces).toEqual({ observationSpace: batch.observationSpace, actionSpace: batch.actionSpace });
    batch.close?.();
  });
});

test("a model that is another by one number is seen", () => {
  const model = mj.MjModel.from_xml_string(models["Hopper-v5"].replace('gear="200"', 'gear="200.00000001"'))!;
  const { differences } = compareWithFacts(mj, model, modelFacts("Hopper-v5"), 1e-12);
  expect(differences.map(({ field }) => field)).toEqual([0, 1, 2].map((i) => `actuator[${i}].gear[0]`));
  model.delete();
});

test("episodes end where the reference's do", () => {
  for (const id of ["Hopper-v5", "Walker2d-v5", "InvertedPendulum-v5", "InvertedDoublePendulum-v5", "Reacher-v5"]) {
    const recording = recordedEpisodes(id);
    expect(recording.episodes.every(({ terminated, truncated }) => terminated.at(-1) || truncated.at(-1))).toBe(true);
    expect(replayGolden(recording, 1e-9)).toMatchObject({ agrees: true, flagMismatches: 0 });
  }
});

test("a replay with `steps` holds those alone, and tells when it begins to differ", () => {
  const recording = recordedEpisodes("Reacher-v5");
  (recording.episodes[1]["obs"][7] as number[])[4] += 1e-3;
  expect(replayGolden(recording, 1e-9).agrees).toBe(false);
  const { agrees, perStep = [], steps } = replayGolden(recording, 1e-9, { steps: 7 });
  expect([agrees, steps]).toEqual([true, 21]);
  expect(perStep[8].observationError).toBeCloseTo(1e-3, 9);
  expect(replayGolden(recording, 1e-9, { steps: 8 }).agrees).toBe(false);
});
