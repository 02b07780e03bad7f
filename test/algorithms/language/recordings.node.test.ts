/**
 * Recorded runs of another implementation, played by the learners themselves: losses, figures and norms of the first batch, traces of
 * five updates, parameters behind them, log-probabilities of each sequence.
 */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { languageRecordings } from "../../../src/algorithms/language/recordings/index.ts";
import { findRecording } from "../../../src/language/recordings/recordingKinds.ts";
import { readFileIn } from "../../../src/node/language/readFileIn.ts";

const folder = "test/golden/preferences/losses";
const contentOf = (file: string) => JSON.parse(readFileSync(`${folder}/${file}`, "utf8"));

async function replay(file: string, content: unknown = contentOf(file)) {
  const found = findRecording(content, { file, folder: "losses", read: readFileIn(folder) }, 1e-4, languageRecordings);
  expect(found?.name).toBe("preference losses");
  return found!.replay();
}

describe("preference losses", () => {
  test.each([
    ["data.json", 20],
    ["sft.json", 372],
    ["reward.json", 396],
    ["kto.json", 608],
    ["cpo_orpo.json", 994],
  ])("%s: all %i comparisons within 1e-4", async (file, cases) => {
    const report = await replay(file);
    expect(report.failed).toEqual([]);
    expect(report.cases).toBe(cases);
    expect(report.worstError).toBeLessThan(1e-4);
  });

  test("dpo.json with the parameters that come out, all 41 configurations", async () => {
    const report = await replay("dpo_final_parameters.json");
    expect(report.failed).toEqual([]);
    expect(report.cases).toBe(4141);
  }, 120_000);

  test("dpo.json alone, and without its configurations nothing is compared", async () => {
    const whole = contentOf("dpo.json");
    const { sigmoid } = whole.configs;
    expect((await replay("dpo.json", { ...whole, configs: { sigmoid } })).cases).toBe(15);
  });

  test("a number that is another is found and named", async () => {
    const whole = contentOf("dpo.json");
    const { sigmoid } = structuredClone(whole.configs);
    sigmoid.grad_norm_trace[4] *= 1.001;
    sigmoid.first_batch.metrics["rewards/margins"] += 0.001;
    const { failed } = await replay("dpo.json", { ...whole, configs: { sigmoid } });
    expect(failed.map((line) => line.split(":")[0])).toEqual(["sigmoid, rewards/margins", "sigmoid, grad_norm_trace"]);
  });

  test("a recording that is not whole is refused, naming the place", async () => {
    const content = contentOf("reward.json");
    delete content.configs.plain.lr;
    await expect(replay("reward.json", content)).rejects.toThrow(/not a whole recording.*configs\.plain\.lr/);
  });
});
