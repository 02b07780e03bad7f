/** Recording episodes and learning from them by the command line: files, folders, resuming, and what can be wrong. */
import * as fs from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeDataset } from "../../src/imitation/index.ts";
import { ascentHere, fingerprint, temporaryFolder } from "./support.ts";

const folder = temporaryFolder();
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Pictures made in one process have its counters in their class names. */
const bytesOf = (run: string) => ({ ...fingerprint(run), "learning-curve.svg": "" });
const record = (...more: string[]) => ascentHere(folder, "record", ...more);
const bc = (...more: string[]) => ascentHere(folder, "train", "bc", "--eval-episodes", "2", "--quiet", ...more);
const small = [
  "--set",
  "hidden=[8]",
  "--set",
  "patience=100",
  "--set",
  "learningRate=linear:1e-2",
  "--set",
  "annealSteps=4000",
];

beforeAll(async () => {
  await ascentHere(
    folder,
    "train",
    "ppo",
    "--env",
    "CartPole-v1",
    "--steps",
    "256",
    "--out",
    "run",
    "--eval-episodes",
    "1",
    "--quiet",
  );
  await record("random", "--env", "CartPole-v1", "--episodes", "20", "--out", "random.safetensors");
  await record("random", "--env", "Pendulum-v1", "--episodes", "2", "--out", "pendulum.safetensors");
});

test("episodes of a policy: the file, the figures, the same again from the same seed", async () => {
  const run = await record("run", "--episodes", "7", "--seed", "3", "--out", "new/a.safetensors", "--json");
  expect(run).toMatchObject({ code: 0, stderr: "" });
  const report = JSON.parse(run.stdout);
  expect(Object.keys(report)).toEqual(["file", "env", "policy", "episodes", "steps", "mean", "sd", "min", "max"]);
  expect(report).toMatchObject({ file: "new/a.safetensors", env: "CartPole-v1", policy: "ppo", episodes: 7 });
  const bytes = fs.readFileSync(join(folder, "new/a.safetensors"));
  const dataset = decodeDataset(bytes);
  expect(dataset.offsets).toHaveLength(8);
  expect(report.steps).toBe(dataset.rewards.length);
  expect(report.mean).toBeCloseTo(dataset.rewards.reduce((a, b) => a + b, 0) / 7, 9);
  await record("run/policy.safetensors", "--episodes", "7", "--seed", "3", "--out", "b.safetensors");
  expect(fs.readFileSync(join(folder, "b.safetensors")).equals(bytes)).toBe(true);
  const sampled = await record("run", "--episodes", "7", "--seed", "3", "--stochastic", "--out", "c.safetensors");
  expect(sampled.stdout).toMatch(
    /^ppo on CartPole-v1: 7 episodes, \d+ steps\nreturn .* ± .*\nfile .*\nlearn .*ascent train bc --data c\.safetensors/,
  );
  expect(fs.readFileSync(join(folder, "c.safetensors")).equals(bytes)).toBe(false);
});

test("train bc: the environment comes from the file, the folder is a run's, the curve is drawn in samples", async () => {
  const run = await bc("--data", "random.safetensors", "--steps", "2000", ...small, "--json");
  expect(run.code).toBe(0);
  const summary = JSON.parse(run.stdout);
  expect(summary).toMatchObject({ algorithm: "bc", env: "CartPole-v1", evaluation: { episodes: 2 } });
  expect(summary.steps).toBeGreaterThanOrEqual(2000);
  const at = (name: string) => fs.readFileSync(join(folder, "runs/bc-CartPole-v1-0", name), "utf8");
  expect(JSON.parse(at("config.json")).data.file).toBe("random.safetensors");
  expect(at("progress.csv")).toMatch(/^step,epochs,logLikelihood,.*heldOutLogLikelihood,heldOutAccuracy/);
  expect(at("learning-curve.svg")).toMatch(/held-out[\s\S]*samples|samples[\s\S]*held-out/);
  const evaluated = await ascentHere(folder, "evaluate", "runs/bc-CartPole-v1-0", "--episodes", "2", "--json");
  const { max, ...same } = JSON.parse(evaluated.stdout);
  expect(same).toEqual(summary.evaluation);
  expect(max).toBeGreaterThanOrEqual(same.mean);
});

test("resume: bit for bit, also when the data have moved, but not with other data", async () => {
  await bc("--data", "random.safetensors", "--steps", "4000", "--out", "straight", ...small);
  await bc("--data", "random.safetensors", "--steps", "2000", "--out", "halves", ...small);
  fs.copyFileSync(join(folder, "random.safetensors"), join(folder, "moved.safetensors"));
  const resumed = await bc("--data", "moved.safetensors", "--steps", "4000", "--out", "halves", "--resume");
  expect(resumed).toMatchObject({ code: 0 });
  expect(bytesOf(join(folder, "halves"))).toEqual(bytesOf(join(folder, "straight")));
  fs.renameSync(join(folder, "moved.safetensors"), join(folder, "away.safetensors"));
  const lost = await bc("--out", "halves", "--resume");
  expect(lost).toMatchObject({ code: 1, stderr: expect.stringMatching(/are not where they were.*--data FILE/) });
  const other = await bc("--data", "b.safetensors", "--steps", "5000", "--out", "halves", "--resume");
  expect(other).toMatchObject({ code: 1, stderr: expect.stringMatching(/cannot change the data it learns from/) });
  const again = await bc("--config", "straight/config.json", "--out", "again");
  expect(again).toMatchObject({ code: 0, stderr: "" });
  expect(bytesOf(join(folder, "again"))).toEqual(bytesOf(join(folder, "straight")));
});

test("a run that stopped early is finished, and says so; resuming it changes nothing", async () => {
  const flags = ["--data", "random.safetensors", "--out", "early", "--set", "patience=1", "--set", "learningRate=0.05"];
  const run = await ascentHere(folder, "train", "bc", "--eval-episodes", "1", ...flags);
  expect(run.code).toBe(0);
  expect(run.stdout).toMatch(/samples in .* samples\/s\nstopped early/);
  const before = bytesOf(join(folder, "early"));
  expect(await bc("--out", "early", "--resume")).toMatchObject({ code: 0 });
  expect(bytesOf(join(folder, "early"))).toEqual(before);
});

test("nothing held out: the curve shows the training likelihood", async () => {
  await bc("--data", "random.safetensors", "--steps", "1500", "--out", "all", "--set", "heldOut=0");
  expect(fs.readFileSync(join(folder, "all/learning-curve.svg"), "utf8")).toMatch(/training episodes/);
});

test.each<[string, string[], number, RegExp]>([
  ["random without an environment", ["record", "random", "--out", "x"], 1, /Random actions need an environment.*--env/],
  ["no --out", ["record", "run"], 2, /required option '--out <file>' not specified/],
  [
    "a file that is there",
    ["record", "run", "--out", "random.safetensors"],
    1,
    /something at random\.safetensors already/,
  ],
  ["no such policy", ["record", "nowhere", "--out", "x"], 1, /Could not read the policy nowhere/],
  [
    "another environment",
    ["record", "run", "--env", "Pendulum-v1", "--out", "x"],
    1,
    /cannot be used with Pendulum-v1/,
  ],
  [
    "an unknown environment",
    ["record", "random", "--env", "CartPol-v1", "--out", "x"],
    1,
    /Did you mean "CartPole-v1"/,
  ],
  [
    "no episodes",
    ["record", "random", "--env", "CartPole-v1", "--episodes", "0", "--out", "x"],
    2,
    /whole number of 1/,
  ],
  ["bc without data", ["train", "bc"], 1, /learns from recorded episodes.*--data FILE/],
  ["bc without data but an environment", ["train", "bc", "--env", "CartPole-v1"], 1, /learns from recorded episodes/],
  ["no such data", ["train", "bc", "--data", "none"], 1, /Could not read the recorded episodes none: .*does not exist/],
  ["data that are none", ["train", "bc", "--data", "run/config.json"], 1, /run\/config\.json: Not a valid safetensors/],
  ["a policy as data", ["train", "bc", "--data", "run/policy.safetensors"], 1, /Not recorded episodes.*ascent-policy/],
  [
    "data of another task",
    ["train", "bc", "--data", "pendulum.safetensors", "--env", "CartPole-v1"],
    1,
    /of Pendulum-v1 cannot be used with CartPole-v1/,
  ],
  ["data for ppo", ["train", "ppo", "--data", "random.safetensors"], 1, /ppo learns by acting/],
])("refused: %s", async (_, args, code, message) => {
  const before = fs.readdirSync(folder, { recursive: true }).sort();
  const run = await ascentHere(folder, ...args);
  expect(run).toMatchObject({ code, stdout: "" });
  expect(run.stderr).toMatch(message);
  expect(run.stderr).not.toMatch(/\n {4}at /);
  expect(fs.readdirSync(folder, { recursive: true }).sort()).toEqual(before);
});
