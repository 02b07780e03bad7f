/** Recorded groups of completions, by the functions that `ascent replay` uses; and that they notice what is wrong. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { findRecording } from "../../../src/language/recordings/recordingKinds.ts";
import { groupLossNames } from "../../../src/objectives/preferences/groupLoss.ts";

interface Recording {
  inputs: { advantages: number[] };
  completion_mask: number[][];
  cases: Record<string, { config: Record<string, unknown>; advantages: number[]; temperature: number }>;
}

const folder = new URL("../../golden/preferences/groups/", import.meta.url);
const read = (file: string): Recording => JSON.parse(readFileSync(new URL(file, folder), "utf8"));

const beside = (path: string): Uint8Array | undefined => {
  try {
    return readFileSync(new URL(path, folder));
  } catch {
    return undefined;
  }
};

async function replayed(file: string, content: unknown, from = beside) {
  return (await findRecording(content, { file, folder: "groups", read: from })?.replay())!;
}

test("advantages and figures of rewards", async () => {
  const recording = read("advantages.json");
  expect(await replayed("advantages.json", recording)).toMatchObject({ cases: 43, failed: [] });
  recording.cases["grpo_group"].advantages[0] += 0.01;
  expect((await replayed("advantages.json", recording)).failed).toHaveLength(1);
});

test("losses, gradients and figures of GRPO and its relatives, vespo too", async () => {
  const recording = read("grpo.json");
  expect(Object.keys(recording.cases)).toHaveLength(52);
  const report = await replayed("grpo.json", recording);
  expect(report).toMatchObject({ cases: 373, failed: [] });
  expect(report.worstError).toBeLessThan(1e-5);
  recording.cases["dapo_base"].config["epsilon_high"] = 0.1;
  expect((await replayed("grpo.json", recording)).failed.length).toBeGreaterThan(1);
});

test("RLOO: advantages with the KL divergence in the rewards, losses, gradients and figures", async () => {
  const recording = read("rloo.json");
  expect(await replayed("rloo.json", recording)).toMatchObject({ cases: 77, failed: [] });
  recording.cases["kl_in_reward"].config["beta"] = 0.05;
  expect((await replayed("rloo.json", recording)).failed).not.toEqual([]);
});

test("through whole models: log-probabilities at two temperatures, entropies, gradient norms, figures", async () => {
  const recording = read("end_to_end.json");
  expect(await replayed("end_to_end.json", recording)).toMatchObject({ cases: 40, failed: [] });
  recording.cases["gpt2-policy_temperature_1"].temperature = 0.9;
  expect((await replayed("end_to_end.json", recording)).failed.length).toBeGreaterThan(2);
});

test("without inputs.json beside it, or with half of one, the error names the file", async () => {
  await expect(replayed("grpo.json", read("grpo.json"), () => undefined)).rejects.toThrow("no inputs.json");
  const half = () => new TextEncoder().encode('{"group_size": 4, "prompt_i');
  await expect(replayed("grpo.json", read("grpo.json"), half)).rejects.toThrow("inputs.json is not a whole recording");
});

test("inputs alone: what stands behind the ends of completions counts in no loss and no gradient", async () => {
  const recording = read("inputs.json");
  const behind = recording.completion_mask.flat().filter((on) => on === 0).length;
  expect(behind).toBeGreaterThan(20);
  const report = await replayed("inputs.json", recording);
  expect(report.failed).toEqual([]);
  expect(report.cases).toBe(2 * groupLossNames.length);
});
