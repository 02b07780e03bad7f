/** The nine recorded models of Transformers: what they compute here is what they computed there. */

import { describe, expect, test } from "vitest";
import { logitsForm, replayLogits } from "../../../src/language/recordings/logits.ts";
import { createEngine } from "../../../src/tensor/index.ts";
import { recordedFiles, recordedModel, recordedModels } from "./support.ts";

/** The half-precision recordings hold the rounding of a whole forward pass in that dtype. */
const TOLERANCES: Readonly<Record<string, number>> = { "gpt2-bf16": 0.05, "llama-f16": 0.01 };

describe("recorded forward passes", () => {
  test("are of nine models, one of them a reward model", () => {
    expect(recordedModels.length).toBe(9);
  });

  test.each(recordedModels.filter((name) => name !== "gpt2-reward"))("%s", async (name) => {
    const engine = await createEngine();
    const content = new TextDecoder().decode(recordedFiles(name)["logits.json"]);
    const recording = logitsForm.parse(JSON.parse(content));
    const report = replayLogits(recordedModel(engine, name), recording, TOLERANCES[name] ?? 1e-4);
    expect(report.failed).toEqual([]);
    expect(report.cases).toBeGreaterThan(30);
  });
});
