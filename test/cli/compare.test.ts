/** `ascent compare`: what it prints and writes, and that it can be stopped, killed and gone on with. */
import * as fs from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseCsv } from "../../src/files/csv.ts";
import { ascent, ascentHere, type Finished, startAscent, temporaryFolder, until } from "./support.ts";

const folder = temporaryFolder();
const read = (...path: string[]) => fs.readFileSync(join(folder, ...path), "utf8");
const small = [
  ...["compare", "reinforce", "--env", "CartPole-v1", "--vary", "baseline=none,mean", "--set", "hidden=8"],
  ...["--seeds", "2", "--jobs", "2", "--eval-episodes", "3"],
];
const total = ["--steps", "8000"];

/** What the runs came to, all but the clock's figures. */
function outcomes(name: string): string[][] {
  const { header, rows } = parseCsv(read(name, "comparison.csv"));
  const kept = header.map((column) => column !== "wallSeconds" && column !== "folder");
  return rows.map((row) => row.filter((_, i) => kept[i]));
}

/** The figures and policies of its runs, byte for byte. */
function fingerprint(name: string): Record<string, string> {
  const runs = ["none", "mean"].flatMap((value) =>
    [0, 1].map((seed) => join(`baseline=${value}`, `CartPole-v1-${seed}`)),
  );
  const files = runs.flatMap((run) => ["progress.csv", "policy.safetensors"].map((file) => join(run, file)));
  return Object.fromEntries(files.map((file) => [file, fs.readFileSync(join(folder, name, file), "base64")]));
}

let straight: Finished;
beforeAll(() => {
  straight = ascent(folder, ...small, ...total, "--out", "straight");
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test("tables on standard output; JSON, CSV, Markdown and a picture in the folder", () => {
  expect(straight.code).toBe(0);
  expect(straight.stdout).toMatch(
    /^\nCartPole-v1, 8,000 steps: mean over seeds \[95 % t interval\]\nvariant +seeds +evaluation, 3 ep/,
  );
  expect(straight.stdout).toMatch(/\nbaseline=none +2 +[\d.]+ \[/);
  expect(straight.stdout).toMatch(
    /\nbaseline=mean − baseline=none +2 .* (no difference shown|higher|lower) with 2 seeds\n/,
  );
  expect(straight.stderr).toMatch(/^2 variants on CartPole-v1 \(8,000 steps\), seeds 0, 1: 4 runs, 2 at a time\n/);
  expect(straight.stderr).toMatch(/\nbaseline=mean, seed 1: [\d.]+ in [\d.]+ s\n/);
  expect(straight.stderr).toMatch(/100% · step 32000 of 32000 · took .* · runs 4\/4/);
  const { findings, runs, failures, plan } = JSON.parse(read("straight", "comparison.json"));
  expect(plan).toMatchObject({
    seeds: [0, 1],
    evaluationEpisodes: 3,
    environments: [{ steps: 8000, threshold: 475 }],
  });
  expect(runs).toHaveLength(4);
  expect(failures).toEqual([]);
  const evaluations = runs.filter((run: { variant: string }) => run.variant === "baseline=mean");
  const mean = (evaluations[0].evaluation + evaluations[1].evaluation) / 2;
  expect(findings[0].variants[1].evaluation.value).toBeCloseTo(mean, 9);
  expect(read("straight", "comparison.md")).toContain("![learning curves](comparison.svg)");
  expect(read("straight", "comparison.svg")).toContain("baseline=mean");
});

test("a run is the one that `ascent train` makes with that seed", () => {
  const run = ["--env", "CartPole-v1", "--set", "baseline=mean", "--set", "hidden=8", "--seed", "1"];
  ascent(folder, "train", "reinforce", ...run, ...total, "--eval-episodes", "3", "--quiet", "--out", "alone");
  const path = join("baseline=mean", "CartPole-v1-1");
  expect(read("alone", "progress.csv")).toBe(read("straight", path, "progress.csv"));
  const { evaluation } = JSON.parse(read("alone", "summary.json"));
  expect(outcomes("straight").find(([variant, , seed]) => variant === "baseline=mean" && seed === "1")).toContain(
    String(evaluation.mean),
  );
});

test("killed, it goes on: what was finished is not repeated, and all comes out the same", async () => {
  const { child, finished } = startAscent(folder, ...small, ...total, "--out", "killed");
  const summaries = () => filesBelow(join(folder, "killed"), "summary.json");
  await until(() => summaries().length > 0);
  child.kill("SIGKILL");
  expect(await finished).toMatchObject({ signal: "SIGKILL" });
  const before = new Map(summaries().map((path) => [path, fs.statSync(path).mtimeMs]));
  const resumed = ascent(folder, "compare", "--out", "killed", "--resume");
  expect(resumed).toMatchObject({ code: 0 });
  // A child may still have finished while its parent died.
  const [, already] = /(\d) of them finished already/.exec(resumed.stderr) ?? [];
  expect(Number(already)).toBeGreaterThanOrEqual(before.size);
  for (const [path, time] of before) expect(fs.statSync(path).mtimeMs).toBe(time);
  expect(outcomes("killed")).toEqual(outcomes("straight"));
  expect(fingerprint("killed")).toEqual(fingerprint("straight"));
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s saves every run and says how to go on", async (signal, code) => {
  const { child, finished } = startAscent(folder, ...small, ...total, "--out", signal);
  await until(() => filesBelow(join(folder, signal), "run.lock").length > 0);
  child.kill(signal);
  const run = await finished;
  expect(run).toMatchObject({ code, stdout: "" });
  expect(run.stderr).toContain(`${signal}: stopping and saving every run; once more quits at once`);
  const [, command] = /stopped with \d of 4 runs finished, everything saved; go on with\n {2}ascent (.*)\n/.exec(
    run.stderr,
  )!;
  expect(filesBelow(join(folder, signal), "run.lock")).toEqual([]);
  expect(fs.existsSync(join(folder, signal, "comparison.json"))).toBe(false);
  if (signal !== "SIGINT") return;
  expect(ascent(folder, ...command.split(" "), "--quiet").code).toBe(0);
  expect(fingerprint(signal)).toEqual(fingerprint("straight"));
});

test("more seeds later; --json is one line on standard output", () => {
  const run = [
    "compare",
    "ppo",
    "--env",
    "CartPole-v1",
    "--steps",
    "300",
    "--eval-episodes",
    "2",
    "--set",
    "nSteps=32",
  ];
  const one = ascent(folder, ...run, "--seeds", "1", "--out", "grows", "--json");
  expect(one.code).toBe(0);
  const { findings } = JSON.parse(one.stdout);
  expect(findings[0].variants[0].evaluation).toMatchObject({ low: null, high: null, count: 1 });
  const three = ascent(folder, "compare", "--out", "grows", "--resume", "--seeds", "0,4", "--json");
  expect(JSON.parse(three.stdout).findings[0].variants[0].seeds).toEqual([0, 4]);
  expect(one.stderr + three.stderr).toBe("");
});

test("a run that fails is named with variant and seed, and the others go on", () => {
  const failing = ["--variant", "fine: reinforce", "--variant", "wild: reinforce distribution=gaussian"];
  const run = ascent(
    folder,
    ...["compare", ...failing, "--env", "CartPole-v1", "--steps", "200", "--seeds", "2", "--eval-episodes", "2"],
    ...["--set", "hidden=8", "--out", "failing"],
  );
  expect(run.code).toBe(1);
  expect(run.stdout).toMatch(/\nfine +2 /);
  expect(run.stdout).toMatch(/\nwild − fine +0 +– +no seed that both have finished\n/);
  expect(run.stderr).toMatch(/failed: wild on CartPole-v1, seed 0: /);
  expect(run.stderr).toMatch(
    /2 of 4 runs failed:\n {2}wild on CartPole-v1, seed [01]: .*\n {2}wild .*\nonce mended, go on with\n {2}ascent compare --out failing --resume\n$/,
  );
  expect(JSON.parse(read("failing", "comparison.json")).failures).toHaveLength(2);
});

test("a child process that dies is a failure, and the comparison goes on with its run later", async () => {
  const { finished } = startAscent(folder, ...small, ...total, "--out", "orphan");
  const lock = join(folder, "orphan", "baseline=none", "CartPole-v1-0", "run.lock");
  await until(() => fs.existsSync(lock));
  process.kill(JSON.parse(fs.readFileSync(lock, "utf8")).pid, "SIGKILL");
  const run = await finished;
  expect(run.code).toBe(1);
  expect(run.stderr).toContain(
    "failed: baseline=none on CartPole-v1, seed 0: The process ended before its work was done: got SIGKILL",
  );
  expect(ascent(folder, "compare", "--out", "orphan", "--resume", "--quiet").code).toBe(0);
  expect(fingerprint("orphan")).toEqual(fingerprint("straight"));
});

test("environments of one's own, registered by a file that every process imports", () => {
  const entry = pathToFileURL("dist/index.js").href;
  fs.writeFileSync(
    join(folder, "mine.mjs"),
    `import { environmentSpec, registerEnvironment } from ${JSON.stringify(entry)};
     registerEnvironment({ ...environmentSpec("CartPole-v1"), id: "Mine-v0", rewardThreshold: undefined });`,
  );
  const run = ascent(
    folder,
    ...["compare", "reinforce", "--env", "Mine-v0", "--import", "mine.mjs", "--steps", "100", "--seeds", "1"],
    ...["--eval-episodes", "1", "--out", "mine"],
  );
  expect(run).toMatchObject({ code: 0 });
  expect(run.stdout).toMatch(/\nMine-v0, 100 steps/);
  // Going on needs no --import: the plan knows the files.
  expect(ascent(folder, "compare", "--out", "mine", "--resume", "--seeds", "2", "--quiet")).toMatchObject({ code: 0 });
  expect(fs.readFileSync(join(folder, "mine/comparison.csv"), "utf8").trimEnd().split("\n")).toHaveLength(3);
});

const on = ["--env", "CartPole-v1", "--out", "never"];
test.each([
  ["nothing", [], 1, /There is nothing to compare\. Name algorithms, as in `ascent compare ppo a2c/],
  ["no environment", ["ppo"], 1, /The environment is missing/],
  ["an unknown algorithm", ["a2d", ...on], 1, /no algorithm "a2d".*Did you mean "a2c"\?/],
  ["an unknown environment", ["ppo", "--env", "Cartpole-v1", "--out", "never"], 1, /Did you mean "CartPole-v1"\?/],
  [
    "an unknown setting",
    ["ppo", "--vary", "gama=0.9,0.8", ...on],
    1,
    /ppo has no option "gama"\. Did you mean "gamma"\?/,
  ],
  ["a value out of range", ["ppo gamma=2", ...on], 1, /gamma/],
  ["one value of --vary missing", ["ppo", "--vary", "gamma", ...on], 2, /key=value,value/],
  ["a seed among settings", ["ppo", "--vary", "seed=1,2", ...on], 1, /has a seed of its own/],
  ["the same twice", ["ppo", "ppo", ...on], 1, /Two variants have the same name.*"ppo" and "ppo"/],
  ["a list with blanks", ["ppo hidden=64, 64", ...on], 1, /a word that is no setting: got 64/],
  ["behaviour cloning", ["bc", ...on], 1, /bc learns from recorded episodes/],
  ["no seeds", ["ppo", "--seeds", "0", ...on], 2, /whole number of 1 or more/],
  ["a seed twice", ["ppo", "--seeds", "1,1", ...on], 1, /compare: seeds: got \[1, 1\]/],
  ["a variant without a name", ["ppo", "--variant", "gamma=0.9", ...on], 1, /A --variant has no name/],
  ["a variant without an algorithm", ["--variant", "a: gamma=0.9", ...on], 1, /Variant "a" names no algorithm/],
  [
    "--vary beside --variant",
    ["ppo", "--vary", "gamma=0.9,0.8", "--variant", "a:", ...on],
    1,
    /--vary does not go with/,
  ],
  ["no file of variants", ["--variants", "none.json", ...on], 1, /There is no file none\.json/],
  ["no file to import", ["ppo", "--import", "none.mjs", ...on], 1, /There is no file .*none\.mjs to import/],
  ["nothing to go on with", ["--resume", "--out", "never"], 1, /There is no comparison to go on with in never/],
  ["a folder in use", ["ppo", "--env", "CartPole-v1", "--out", "straight"], 1, /already holds a comparison/],
  ["other steps on resume", ["--resume", "--out", "straight", "--steps", "5"], 1, /cannot change the steps: got \[5\]/],
  ["other variants on resume", ["ppo", "--resume", "--out", "straight"], 1, /cannot change the variants/],
] as const)("%s is refused before anything runs", async (_, args, code, message) => {
  const refused = await ascentHere(folder, "compare", ...args);
  expect(refused).toMatchObject({ code, stdout: "" });
  expect(refused.stderr).toMatch(message);
  expect(fs.existsSync(join(folder, "never"))).toBe(false);
});

function filesBelow(path: string, name: string): string[] {
  if (!fs.existsSync(path)) return [];
  const all = fs.readdirSync(path, { recursive: true }).map(String);
  return all.filter((file) => file.endsWith(name)).map((file) => join(path, file));
}
