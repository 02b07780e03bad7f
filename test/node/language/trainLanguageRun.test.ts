/** Runs that train language models: their folders, resumed bit for bit, and what is refused before anything is touched. */

import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LanguageAlgorithmName } from "../../../src/algorithms/language/byName.ts";
import { sequenceScorer } from "../../../src/algorithms/language/sequenceScorer.ts";
import { encodeSequence } from "../../../src/algorithms/language/sequences.ts";
import { characterTokenizer } from "../../../src/language/tokenizer/characterTokenizer.ts";
import { listCheckpoints } from "../../../src/node/checkpoints.ts";
import { loadLanguageModel, saveLanguageModel } from "../../../src/node/language/languageModels.ts";
import type { LanguageRunRequest } from "../../../src/node/language/runRequest.ts";
import { trainLanguageRun } from "../../../src/node/language/trainLanguageRun.ts";
import { finish } from "../../../src/pauses.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { somePairs, tiny, tinyModel } from "../../algorithms/language/support.ts";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "ascent-text-run-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const at = (...names: string[]) => join(folder, ...names);

/** A folder with a tiny model and its tokenizer, and a file of preferences in its characters. */
async function ownModel(): Promise<{ model: string; data: string }> {
  const model = tinyModel(await createEngine());
  model.tokenizer = characterTokenizer("abcdefgh");
  saveLanguageModel(model, at("own"));
  const letters = (ids: readonly number[]) => ids.map((id) => "abcdefgh"[id % 8]).join("");
  const lines = somePairs(12).map(({ prompt, chosen, rejected }) =>
    JSON.stringify({ prompt: letters(prompt), chosen: letters(chosen), rejected: letters(rejected) }),
  );
  fs.writeFileSync(at("pairs.jsonl"), `${lines.join("\n")}\n`);
  return { model: at("own"), data: at("pairs.jsonl") };
}

const options = { batchSize: 4, learningRate: 0.01, annealSteps: 48 };
const often = { checkpointEvery: 16, sampleEvery: 12, evaluationSamples: 4, monitor: false };

async function expectSameFiles(a: string, b: string, steps: number): Promise<void> {
  const checkpoint = `checkpoints/checkpoint-${String(steps).padStart(12, "0")}.safetensors`;
  const models = fs.readdirSync(at(a, "model")).map((name) => `model/${name}`);
  for (const file of ["progress.csv", "samples.jsonl", checkpoint, ...models]) {
    if (!fs.existsSync(at(a, file))) continue;
    // The base's folder is written down in an adapter's configuration.
    if (file.endsWith("adapter_config.json")) continue;
    expect(fs.readFileSync(at(a, file)).equals(fs.readFileSync(at(b, file))), file).toBe(true);
  }
}

describe("a run from a model's folder and a file of preferences", () => {
  test.each<[LanguageAlgorithmName, Partial<LanguageRunRequest>]>([
    ["dpo", {}],
    ["dpo", { options: { ...options, precomputeReference: true } }],
    ["dpo", { options: { ...options, movingReference: true, referenceEvery: 3 } }],
    ["dpo", { lora: { rank: 2 } }],
    ["kto", {}],
    ["orpo", {}],
    ["sft", {}],
    ["reward-model", { options: { ...options, members: 2 } }],
  ])("%s %j: stopped and resumed it is the same files, byte for byte", async (algorithm, more) => {
    const request = { algorithm, options, ...often, ...(await ownModel()), ...more } as LanguageRunRequest;
    const whole = await trainLanguageRun({ ...request, out: at("a"), steps: 48 });
    expect(whole.summary).toMatchObject({ algorithm, on: "pairs.jsonl", steps: 48 });
    const stop = new AbortController();
    const half = await trainLanguageRun({
      ...{ ...request, out: at("b"), steps: 48, signal: stop.signal },
      onIteration: ({ steps }) => {
        if (steps >= 20) stop.abort();
      },
    });
    expect(half.summary).toBeUndefined();
    const rest = await trainLanguageRun({ algorithm, ...often, out: at("b"), resume: true });
    expect(rest.summary?.metrics).toEqual(whole.summary?.metrics);
    await expectSameFiles("a", "b", 48);
    expect(fs.readdirSync(at("b"))).toEqual(
      expect.arrayContaining(["config.json", "learning-curve.svg", "timing.csv"]),
    );
    expect(fs.existsSync(at("b", "model-2"))).toBe(algorithm === "reward-model");
  });

  test("the model in the folder is the trained one", async () => {
    const { model, data } = await ownModel();
    await trainLanguageRun({ algorithm: "dpo", ...often, model, data, options, steps: 24, out: at("a") });
    const [before, after] = await Promise.all([loadLanguageModel(model), loadLanguageModel(at("a", "model"))]);
    expect(after.block.flat()).not.toEqual(before.block.flat());
    expect(after.tokenizer?.files()).toEqual(before.tokenizer?.files());
    const row = encodeSequence("row", { prompt: [1], completion: [4, 2] }, tiny, 12);
    const [logProb] = finish(sequenceScorer("test", after, [12], 1).logProbs([row]));
    expect(logProb).toBeLessThan(0);
  });

  test("a failure in the midst loses nothing that was saved", async () => {
    const request = { algorithm: "sft", options, ...often, ...(await ownModel()), steps: 48 } as const;
    const failing = trainLanguageRun({
      ...{ ...request, out: at("a") },
      onIteration: ({ steps }) => {
        if (steps > 30) throw new Error("the disk is on fire");
      },
    });
    await expect(failing).rejects.toThrow("on fire");
    expect(listCheckpoints(at("a", "checkpoints"))[0].step).toBeGreaterThanOrEqual(16);
    await trainLanguageRun({ ...request, out: at("b") });
    await trainLanguageRun({ algorithm: "sft", ...often, out: at("a"), resume: true });
    await expectSameFiles("a", "b", 48);
  });
});

test("a world alone is enough: model, rows, completions with their rewards, and an evaluation", async () => {
  const seen: number[] = [];
  const { summary, config } = await trainLanguageRun({
    ...{ algorithm: "sft", world: "reverse", worldRows: 32, steps: 64, out: at("a"), ...often, sampleEvery: 32 },
    options: { batchSize: 16, learningRate: 1e-3 },
    onSamples: (_, steps) => seen.push(steps),
  });
  expect(seen).toEqual([32, 64]);
  expect(summary?.evaluation).toMatchObject({ samples: 4, reward: { mean: expect.any(Number) } });
  expect(config).toMatchObject({ model: { world: "reverse" }, world: "reverse", worldRows: 32 });
  const lines = fs.readFileSync(at("a", "samples.jsonl"), "utf8").trim().split("\n");
  expect(lines.length).toBe(6);
  expect(JSON.parse(lines[0])).toMatchObject({ steps: 32, prompt: expect.any(String), reward: expect.any(Number) });
});

describe("what is wrong is said before the folder is touched", () => {
  const refused = async (request: Partial<LanguageRunRequest>, message: RegExp) => {
    const own = await ownModel();
    const given = { algorithm: "dpo", out: at("new"), ...own, ...request } as LanguageRunRequest;
    await expect(trainLanguageRun(given)).rejects.toThrow(message);
    expect(fs.existsSync(at("new"))).toBe(false);
  };

  test.each<[string, Partial<LanguageRunRequest>, RegExp]>([
    ["no model", { model: undefined }, /needs a model.*--model/],
    ["a model that is nowhere", { model: "nowhere" }, /no such model: got "nowhere", expected a folder.*sentences/],
    ["a world that is none", { world: "nowhere", model: undefined }, /no world of text of that name/],
    ["no data", { data: undefined }, /learns from preference data, and there are none/],
    ["data that are nowhere", { data: "nowhere.jsonl" }, /nowhere\.jsonl/],
    ["an option that is none", { options: { betta: 1 } }, /no option "betta".*beta/],
    ["a loss that is none", { options: { loss: "sigmoidal" } }, /"loss".*one of sigmoid/],
    ["a reference of an algorithm without one", { algorithm: "orpo", reference: "own" }, /orpo has no reference|own/],
    ["LoRA on modules that are none", { lora: { rank: 2, targets: ["q_proj"] } }, /q_proj/],
    ["no steps", { steps: 0 }, /steps/],
  ])("%s", async (_, request, message) => refused(request, message));

  test("data without the fields, with file and line", async () => {
    fs.writeFileSync(
      at("odd.jsonl"),
      '{"prompt": "a", "chosen": "b", "rejected": "c"}\n{"prompt": "a", "chosen": "b"}\n',
    );
    await refused({ data: at("odd.jsonl") }, /odd\.jsonl.*line 2.*rejected/);
  });

  test("a model without a tokenizer, where data are texts", async () => {
    const { model } = await ownModel();
    fs.rmSync(join(model, "tokenizer.json"));
    const request = { algorithm: "dpo", model, data: at("pairs.jsonl"), out: at("new") } as const;
    await expect(trainLanguageRun(request)).rejects.toThrow(/no tokenizer/);
  });
});

describe("a resume", () => {
  async function begun(): Promise<LanguageRunRequest> {
    const request = { algorithm: "dpo", options, ...often, ...(await ownModel()), steps: 16, out: at("a") } as const;
    await trainLanguageRun(request);
    return { algorithm: "dpo", ...often, out: at("a"), resume: true };
  }

  test("goes on to more steps, and needs neither the model nor its folder any more", async () => {
    const request = await begun();
    fs.rmSync(at("own"), { recursive: true });
    expect((await trainLanguageRun({ ...request, steps: 24 })).steps).toBe(24);
    await expect(trainLanguageRun({ ...request, steps: 8 })).rejects.toThrow(/past these steps already/);
  });

  test("cannot change settings, data or the algorithm", async () => {
    const request = await begun();
    const change = (more: Partial<LanguageRunRequest>) => trainLanguageRun({ ...request, steps: 24, ...more });
    await expect(change({ options: { beta: 0.5 } })).rejects.toThrow(/cannot change beta/);
    await expect(change({ algorithm: "cpo" })).rejects.toThrow(/cannot change the algorithm/);
    await expect(change({ seed: 3 })).rejects.toThrow(/cannot change the seed/);
    fs.appendFileSync(at("pairs.jsonl"), '{"prompt": "a", "chosen": "b", "rejected": "c"}\n');
    await expect(change({})).rejects.toThrow(/cannot change the data/);
    fs.rmSync(at("pairs.jsonl"));
    await expect(change({})).rejects.toThrow(/not where it was.*--data/);
  });

  test("passes over a checkpoint that is damaged, and says so", async () => {
    const request = await begun();
    const [newest] = listCheckpoints(at("a", "checkpoints"));
    fs.truncateSync(newest.path, 1000);
    let passed = 0;
    const { steps } = await trainLanguageRun({
      ...request,
      onStart: ({ refused, resumeFromStep }) => {
        passed = refused.length;
        expect(resumeFromStep).toBe(0);
      },
    });
    expect([passed, steps]).toEqual([1, 16]);
  });
});
