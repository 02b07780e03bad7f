/** Language models on the command line: what a run writes and says, how it goes on, and what is refused. */

import * as fs from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { ascent, ascentHere, temporaryFolder } from "./support.ts";

const folder = temporaryFolder();
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const small = ["--world", "reverse", "--rows", "32", "--set", "batchSize=8", "--eval-episodes", "4"];

describe("a run", () => {
  test("writes its folder, prints completions as it goes, and ends with an evaluation", () => {
    const run = ascent(folder, "train", "sft", ...small, "--steps", "64", "--out", "base");
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(
      /^sft on reverse: 64 samples of 32 rows, seed 0, kernels \w+\nfolder base\nmodel {2}the preset/,
    );
    expect(run.stderr).toMatch(/completions at sample 64\n {2}.* → .*\(\d/);
    expect(run.stdout).toMatch(
      /evaluation on reverse: 4 completions, reward [\d.]+ ± [\d.]+ \(mean ± sd\); exactMatch/,
    );
    expect(run.stdout).toMatch(
      /model {4}base\/model\nsamples {2}base\/samples\.jsonl\npicture {2}base\/learning-curve\.svg/,
    );
    const names = fs.readdirSync(join(folder, "base")).filter((name) => !name.startsWith("events"));
    expect(names.sort()).toEqual(
      [
        ...["checkpoints", "config.json", "learning-curve.svg", "model", "progress.csv", "samples.jsonl"],
        ...["summary.json", "timing.csv"],
      ].sort(),
    );
    expect(fs.readdirSync(join(folder, "base/model")).sort()).toEqual(
      ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"].sort(),
    );
  });

  test("--json prints the summary and nothing else; an earlier run is a model; settings are said", () => {
    const flags = ["--model", "base", "--lora", "2", "--steps", "16", "--out", "tuned", "--set", "loss=sigmoid+sft"];
    const { code, stdout, stderr } = ascent(folder, "train", "dpo", ...small, ...flags, "--json", "--quiet");
    expect([code, stderr]).toEqual([0, ""]);
    const summary = JSON.parse(stdout);
    expect(Object.keys(summary)).toEqual([
      ...["algorithm", "on", "seed", "steps", "wallSeconds", "samplesPerSecond", "kernels", "version"],
      ...["metrics", "evaluation"],
    ]);
    expect(summary).toMatchObject({ algorithm: "dpo", on: "reverse", steps: 16, evaluation: { samples: 4 } });
    const config = JSON.parse(fs.readFileSync(join(folder, "tuned/config.json"), "utf8"));
    expect(config).toMatchObject({
      model: { path: join("base", "model") },
      lora: { rank: 2, alpha: 4, targets: ["c_attn"] },
      options: {
        loss: [
          { loss: "sigmoid", weight: 1 },
          { loss: "sft", weight: 1 },
        ],
      },
    });
    expect(fs.existsSync(join(folder, "tuned/model/adapter_model.safetensors"))).toBe(true);
  });

  test("goes on with --resume, and again from its config.json with another seed", () => {
    const more = ascent(folder, "train", "dpo", "--out", "tuned", "--resume", "--steps", "32", "--json", "--quiet");
    expect(JSON.parse(more.stdout)).toMatchObject({ steps: 32, seed: 0 });
    const flags = ["--config", "tuned/config.json", "--seed", "5", "--out", "other", "--json", "--quiet"];
    expect(JSON.parse(ascent(folder, "train", "dpo", ...flags).stdout)).toMatchObject({ steps: 32, seed: 5 });
  });
});

test("evaluate completes prompts of the world that a run learnt from", async () => {
  const { code, stdout } = await ascentHere(folder, "evaluate", "base", "--episodes", "3", "--seed", "2", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ samples: 3, reward: { mean: expect.any(Number) } });
  expect((await ascentHere(folder, "evaluate", "base", "--episodes", "3")).stdout).toMatch(
    /^sft on reverse, sampled completions\n3 completions, reward/,
  );
});

test("the default folder is named by algorithm, place and seed", async () => {
  const { languageRequestFrom } = await import("../../src/cli/languageRequest.ts");
  const flags = { kernels: "auto", monitor: true } as const;
  expect(languageRequestFrom("kto", { ...flags, world: "names" }).request.out).toBe(join("runs", "kto-names-0"));
  const fromFile = languageRequestFrom("dpo", { ...flags, model: "m", data: "my/pairs.jsonl.gz", seed: 3 });
  expect(fromFile.request.out).toBe(join("runs", "dpo-pairs-3"));
});

describe("what is wrong is refused with exit code 1, in words", () => {
  test.each<[string, string[], RegExp]>([
    ["an environment", ["sft", "--world", "sort", "--env", "CartPole-v1"], /--env is for policies over environments/],
    ["changes", ["sft", "--world", "sort", "--change", "9:learningRate=1e-4"], /--change is for policies over/],
    ["a world for a policy", ["ppo", "--env", "CartPole-v1", "--world", "sort"], /--world is for language models/],
    ["nothing to learn from", ["dpo", "--model", "base"], /dpo has nothing to learn from.*--data.*--world/],
    ["no such algorithm", ["dop", "--world", "sort"], /no algorithm "dop".*Did you mean "dpo"/],
    ["no such model", ["dpo", "--world", "sort", "--model", "nowhere"], /There is no such model: got "nowhere"/],
    ["no such setting", ["dpo", "--world", "sort", "--set", "betta=1"], /no option "betta"/],
    [
      "no run to resume",
      ["sft", "--world", "sort", "--out", "never", "--resume"],
      /There is no run to resume in never/,
    ],
  ])("%s", async (_, args, message) => {
    const { code, stderr } = await ascentHere(folder, "train", ...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });
});

test("algorithms says what each trains and learns from; help lists settings and presets", async () => {
  const list = (await ascentHere(folder, "algorithms")).stdout;
  expect(list).toMatch(
    /Policies over environments[\s\S]*ppo +an environment[\s\S]*Language models[\s\S]*dpo +pairs of completions/,
  );
  const help = (await ascentHere(folder, "train", "dpo", "--help")).stdout;
  expect(help).toMatch(/Settings of dpo[\s\S]*labelSmoothing[\s\S]*Presets[\s\S]*names, 4,000 steps/);
});

test("replay takes recorded runs of losses and says how many numbers agree", async () => {
  const losses = fileURLToPath(new URL("../golden/preferences/losses", import.meta.url));
  const file = join(losses, "reward.json");
  const { code, stdout } = await ascentHere(folder, "replay", file, "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ file, cases: 396, worstError: expect.any(Number), failed: [] });
  const strict = await ascentHere(folder, "replay", file, "--tolerance", "1e-12");
  expect(strict.code).toBe(1);
  expect(strict.stdout).toMatch(/comparisons of preference losses, of which \d+ DIFFER|of which \d+ DIFFER/);
});
