/** The nine recorded models of Transformers: what they compute here is what they computed there. */

import { describe, expect, test } from "vitest";
import { findRecording } from "../../../src/language/recordings/recordingKinds.ts";
import { recordedFiles, recordedModels } from "./support.ts";

const TOLERANCES: Readonly<Record<string, number>> = { "gpt2-bf16": 0.05, "llama-f16": 0.01 };

describe("recorded forward passes", () => {
  test("are of nine models, one of them a reward model", () => {
    expect(recordedModels.length).toBe(9);
  });

  test.each(recordedModels.filter((name) => name !== "gpt2-reward"))("%s", async (name) => {
    const files = recordedFiles(name);
    const content: unknown = JSON.parse(new TextDecoder().decode(files["logits.json"]));
    const place = { file: "logits.json", folder: name, read: (path: string) => files[path] };
    const found = findRecording(content, place);
    expect(found?.tolerance).toBe(TOLERANCES[name] ?? 1e-4);
    const report = await found!.replay();
    expect(report.failed).toEqual([]);
    expect(report.cases).toBeGreaterThan(30);
  });
});
