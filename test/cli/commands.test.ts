/** What the commands print, and with which exit codes. */
import * as fs from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test, vi } from "vitest";
import { algorithms } from "../../src/algorithms/algorithmRegistry.ts";
import { languageAlgorithms } from "../../src/algorithms/language/languageRegistry.ts";
import { listEnvironments } from "../../src/envs/index.ts";
import { ascent, ascentHere, temporaryFolder } from "./support.ts";

const folder = temporaryFolder();
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const golden = (id: string) => fileURLToPath(new URL(`../golden/gymnasium/${id}.json`, import.meta.url));

test("train writes the whole folder, and --json prints the summary and nothing else", () => {
  const flags = ["--steps", "2e3", "--seed", "7", "--out", "full", "--eval-episodes", "5", "--json", "--quiet"];
  const run = ascent(folder, "train", "ppo", "--env", "CartPole-v1", ...flags);
  expect(run).toMatchObject({ code: 0, stderr: "" });
  const summary = JSON.parse(run.stdout);
  expect(run.stdout.trim().split("\n")).toHaveLength(1);
  expect(Object.keys(summary)).toEqual(
    ["algorithm", "env", "seed", "steps", "wallSeconds", "stepsPerSecond", "kernels", "version", "evaluation"], // the contract
  );
  expect(summary).toMatchObject({ algorithm: "ppo", env: "CartPole-v1", seed: 7, steps: 2048 });
  expect(Object.keys(summary.evaluation)).toEqual(["episodes", "mean", "sd", "min"]);
  expect(JSON.parse(fs.readFileSync(join(folder, "full/summary.json"), "utf8"))).toEqual(summary);
  const names = fs
    .readdirSync(join(folder, "full"))
    .map((name) => name.replace(/^events\.out\.tfevents\..*/, "events"));
  const files = [
    "config.json",
    "policy.safetensors",
    "progress.csv",
    "timing.csv",
    "learning-curve.svg",
    "summary.json",
  ];
  expect(names.sort()).toEqual([...files, "checkpoints", "events"].sort());
  const picture = fs.readFileSync(join(folder, "full/learning-curve.svg"), "utf8");
  expect(picture).toMatch(/^<svg/);
  expect(picture).toContain("return of sampled actions, mean of the last 100 training episodes");
  expect(picture).toMatch(/most probable actions: \d/);

  // The run's own evaluation can be repeated.
  const again = ascent(folder, "evaluate", "full", "--episodes", "5", "--seed", "7", "--json");
  expect(again.code).toBe(0);
  const { max, ...same } = JSON.parse(again.stdout);
  expect(same).toEqual(summary.evaluation);
  expect(max).toBeGreaterThanOrEqual(same.mean);
  const sampled = ascent(
    folder,
    "evaluate",
    "full/policy.safetensors",
    "--episodes",
    "5",
    "--seed",
    "7",
    "--stochastic",
  );
  expect(sampled.stdout).toMatch(/5 episodes, sampled actions\nreturn .* ± /);
});

test("settings: defaults < preset < file < --set < --envs and --seed", () => {
  fs.writeFileSync(join(folder, "given.json"), JSON.stringify({ gamma: 0.9, nSteps: 16, seed: 1, nEnvs: 2 }));
  const given = [
    "--config",
    "given.json",
    "--set",
    "nSteps=8",
    "--set",
    "nEnvs=3",
    "--set",
    "hidden=16,8",
    "--set",
    "criticHidden=4",
    "--envs",
    "4",
    "--seed",
    "9",
  ];
  const limits = ["--steps", "64", "--eval-episodes", "1"];
  const run = ascent(folder, "train", "ppo", "--env", "CartPole-v1", ...given, ...limits);
  expect(run.code).toBe(0);
  const path = join(folder, "runs/ppo-CartPole-v1-9/config.json");
  const { options, ...config } = JSON.parse(fs.readFileSync(path, "utf8"));
  expect(config).toMatchObject({ algorithm: "ppo", env: "CartPole-v1", steps: 64, seed: 9 });
  expect(options).toMatchObject({
    gamma: 0.9,
    nSteps: 8,
    nEnvs: 4,
    hidden: [16, 8],
    criticHidden: [4],
    seed: 9,
    gaeLambda: 0.8,
    vfCoef: 0.5,
  });
  expect(run.stderr).toMatch(/preset CartPole-v1\n.*gaeLambda=0\.8.*\nset by you\n.*gamma=0\.9/);
  expect(run.stdout).toMatch(/evaluation, 1 episodes of the most probable actions: return/);
  // The same run from its config.json alone.
  const copy = ascent(folder, "train", "ppo", "--config", path, "--out", "copy", "--eval-episodes", "1", "--quiet");
  expect(copy).toMatchObject({ code: 0, stdout: "", stderr: "" });
  const progress = (run: string) => fs.readFileSync(join(folder, run, "progress.csv"), "utf8");
  expect(progress("copy")).toBe(progress("runs/ppo-CartPole-v1-9"));
});

test("--config of a run: its settings are not called the user's, and schedules that ran over all of it run over the new one", async () => {
  const tiny = ["--set", "nSteps=8", "--set", "nEnvs=2", "--set", "learningRate=linear:0.5", "--eval-episodes", "1"];
  const first = ["train", "ppo", "--env", "CartPole-v1", "--steps", "32", ...tiny, "--out"];
  expect((await ascentHere(folder, ...first, "whole", "--quiet")).code).toBe(0);
  expect((await ascentHere(folder, ...first, "part", "--set", "annealSteps=16", "--quiet")).code).toBe(0);
  const rates = (run: string) => {
    const [header, ...rows] = fs
      .readFileSync(join(folder, run, "progress.csv"), "utf8")
      .trim()
      .split("\n");
    const column = header.split(",").indexOf("learningRate");
    return rows.map((row) => Number(row.split(",")[column]));
  };
  const again = ["train", "ppo", "--steps", "64", "--set", "gamma=0.5", "--eval-episodes", "1"];
  const longer = await ascentHere(folder, ...again, "--config", "whole/config.json", "--out", "longer");
  expect(longer.stderr).toMatch(/settings of whole\/config\.json\n.*nSteps=8.*\nset by you\n {2}gamma=0\.5\n/);
  expect(longer.stderr).not.toMatch(/preset|schedules end/);
  expect(rates("longer")).toEqual([0.5, 0.375, 0.25, 0.125]);
  const kept = await ascentHere(folder, ...again, "--config", "part/config.json", "--out", "kept");
  expect(kept.stderr).toMatch(/schedules end at step 16: the setting annealSteps/);
  expect(rates("kept").slice(1)).toEqual([0, 0, 0]);
});

test("envs and algorithms list what is registered", async () => {
  const envs = JSON.parse((await ascentHere(folder, "envs", "--json")).stdout);
  expect(envs.map(({ id }: { id: string }) => id)).toEqual(listEnvironments().map(({ id }) => id));
  expect(envs[0]).toMatchObject({ id: "CartPole-v1", maxEpisodeSteps: 500, rewardThreshold: 475 });
  expect((await ascentHere(folder, "envs")).stdout).toMatch(
    /^id +observation.*\nCartPole-v1 +Box\(\[4\]\) +Discrete\(2\)/,
  );
  const known = JSON.parse((await ascentHere(folder, "algorithms", "--json")).stdout);
  expect(known.map(({ name }: { name: string }) => name)).toEqual([
    ...Object.keys(algorithms),
    ...Object.keys(languageAlgorithms),
  ]);
});

test("the help of an algorithm explains every setting of its schema", async () => {
  const { stdout, code } = await ascentHere(folder, "train", "ppo", "--help");
  expect(code).toBe(0);
  for (const name of Object.keys(algorithms["ppo"].options.shape)) {
    expect(stdout, name).toMatch(new RegExp(`^  ${name} +\\S+.* +\\S.*$`, "m"));
  }
  expect(stdout).toMatch(/learningRate +number or schedule +0\.0003 +\S/);
  expect(stdout).toMatch(/gamma +number from 0 to 1 +0\.99 /);
  expect(stdout).toMatch(/hidden +list of whole numbers ≥ 1 +64,64 /);
  expect(stdout).toContain("Examples:");
  for (const command of ["evaluate", "envs", "algorithms", "replay"]) {
    const help = await ascentHere(folder, command, "--help");
    expect(help.stdout, command).toMatch(/Usage: ascent [\s\S]*Examples:\n {2}\$ ascent/);
  }
});

test("help and messages call the command as the user did", async () => {
  vi.stubEnv("npm_lifecycle_event", "start");
  try {
    for (const words of [[], ["train"], ["train", "ppo"], ["record"], ["variance"]]) {
      const { stdout } = await ascentHere(folder, ...words, "--help");
      expect(stdout, words.join(" ")).toMatch(/Usage: npm start -- [\s\S]*Examples:\n {2}\$ npm start -- /);
      expect(stdout, words.join(" ")).not.toMatch(/[`$ ]ascent [a-z]/);
    }
    const missing = await ascentHere(folder, "train", "ppo");
    expect(missing.stderr).toMatch(/`npm start -- envs` lists them/);
  } finally {
    vi.unstubAllEnvs();
  }
  const { stdout } = await ascentHere(folder, "--help");
  expect(stdout).toMatch(/Exit codes: 0 .*\n.*ASCENT_KERNELS/);
});

test("no line of help is wider than the terminal", async () => {
  for (const name of Object.keys(algorithms)) {
    const { stdout } = await ascentHere(folder, "train", name, "--help");
    const settings = stdout.slice(stdout.indexOf("Settings of"), stdout.indexOf("Settings count"));
    for (const line of settings.split("\n").slice(1)) expect([...line].length, line).toBeLessThanOrEqual(110);
  }
});

test("replay: agreement, and exit code 1 past the tolerance", async () => {
  const file = golden("CartPole-v1");
  const { code, stdout } = await ascentHere(folder, "replay", file, "--json");
  expect(code).toBe(0);
  const fields = ["env", "episodes", "steps", "maxObservationError", "maxRewardError", "flagMismatches"];
  expect(Object.keys(JSON.parse(stdout))).toEqual(fields);
  const recording = JSON.parse(fs.readFileSync(file, "utf8"));
  recording.episodes[0].obs[3][0] += 0.01;
  fs.writeFileSync(join(folder, "wrong.json"), JSON.stringify(recording));
  expect(await ascentHere(folder, "replay", "wrong.json")).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("DIFFER"),
  });
  expect((await ascentHere(folder, "replay", "wrong.json", "--json")).code).toBe(1);
  expect((await ascentHere(folder, "replay", "wrong.json", "--tolerance", "0.1")).code).toBe(0);
  // Wrong at step 4 of the first episode: the steps before it agree, and all are reported.
  const first = await ascentHere(folder, "replay", "wrong.json", "--steps", "3", "--json");
  expect(first.code).toBe(0);
  const { steps, perStep } = JSON.parse(first.stdout);
  expect([steps, perStep[3].observationError, perStep[4].observationError]).toEqual([
    9,
    expect.closeTo(0, 6),
    expect.closeTo(0.01, 6),
  ]);
  const table = await ascentHere(folder, "replay", "wrong.json", "--steps", "4");
  expect(table).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/the first 4 steps of each DIFFER[\s\S]*10 \(not held\)/),
  });
  expect((await ascentHere(folder, "replay", "wrong.json", "--steps", "none")).code).toBe(2);
});

test("replay of a model's recorded forward passes: agreement, and exit code 1 past the tolerance", async () => {
  const model = fileURLToPath(new URL("../golden/preferences/models/llama-tied", import.meta.url));
  const { code, stdout } = await ascentHere(folder, "replay", join(model, "logits.json"), "--json");
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  expect(Object.keys(report)).toEqual(["file", "cases", "worstError", "failed"]);
  expect(report).toMatchObject({ file: join(model, "logits.json"), failed: [] });
  expect(report.worstError).toBeLessThan(1e-4);
  const copy = join(folder, "model");
  fs.cpSync(model, copy, { recursive: true });
  const recording = JSON.parse(fs.readFileSync(join(copy, "logits.json"), "utf8"));
  recording.logits[1][2][5] += 0.01;
  recording.greedy[0].continuation[3] = 1;
  fs.rmSync(join(copy, "logits.json"));
  fs.writeFileSync(join(copy, "logits.json"), JSON.stringify(recording));
  const wrong = await ascentHere(copy, "replay", "logits.json", "--json");
  expect(wrong.code).toBe(1);
  const { worstError, failed } = JSON.parse(wrong.stdout);
  expect([worstError, failed.length]).toEqual([1, 2]);
  expect(failed.join()).toMatch(/logits of sequence 1: .*greedy 0: /);
  expect((await ascentHere(copy, "replay", "logits.json")).stdout).toMatch(/of which 2 DIFFER/);
  const alone = join(folder, "alone.json");
  fs.writeFileSync(alone, JSON.stringify(recording));
  expect(await ascentHere(folder, "replay", "alone.json")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no config\.json/),
  });
});
