/** `ascent sweep`: what it prints and writes, the same for any number of jobs and after any stop, extended, and when runs fail. */
import * as fs from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ascent, ascentHere, type Finished, startAscent, temporaryFolder, until } from "./support.ts";

const folder = temporaryFolder();
const sweep = {
  algorithm: "reinforce",
  environments: ["CartPole-v1"],
  steps: 3000,
  seeds: [3, 4],
  trials: 5,
  evaluationEpisodes: 3,
  settings: { hidden: [8] },
  space: { learningRate: { logUniform: [1e-4, 1e-1] }, baseline: { choice: ["none", "mean"] } },
  sampler: { kind: "tpe", startupTrials: 2, candidates: 4 },
  pruner: { kind: "asha", eta: 2 },
  parallel: 2,
};
const write = (name: string, content: object) => fs.writeFileSync(join(folder, name), JSON.stringify(content));
const read = (...path: string[]) => fs.readFileSync(join(folder, ...path), "utf8");

/** The figures and policies of its runs, byte for byte. */
function fingerprint(name: string): Record<string, string> {
  const trials = join(folder, name, "trials");
  const files = fs
    .readdirSync(trials, { recursive: true })
    .map(String)
    .filter((file) => /(progress\.csv|policy\.safetensors|config\.json)$/.test(file))
    .sort();
  return Object.fromEntries(files.map((file) => [file, fs.readFileSync(join(trials, file), "base64")]));
}

let straight: Finished;
beforeAll(() => {
  write("sweep.json", sweep);
  straight = ascent(folder, "sweep", "sweep.json", "--out", "straight", "--jobs", "2");
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test("a line for each trial, a table with intervals, and the best settings as a --config file", () => {
  expect(straight.code).toBe(0);
  expect(straight.stderr).toMatch(
    /^5 trials of reinforce on CartPole-v1 \(3,000 steps\), 2 seeds each at most; sampler tpe, pruner asha, 2 runs at a time\n/,
  );
  expect(straight.stderr).toContain('  learningRate: {"logUniform":[0.0001,0.1]}\n');
  expect(straight.stderr.match(/\ntrial +\d {2}(complete|pruned )/g)).toHaveLength(5);
  expect(straight.stdout).toMatch(/\ntrial {2}seeds {2}score \[95 % t interval\] +learningRate +baseline\n/);
  const { trials, best } = JSON.parse(read("straight", "results.json"));
  expect(trials).toHaveLength(5);
  const settings = JSON.parse(read("straight", "best.json"));
  expect(settings).toEqual({ hidden: [8], ...trials[best].settings });
  expect(read("straight", "results.md")).toContain(
    "| trial | seeds | score [95 % t interval] | learningRate | baseline |",
  );
  expect(read("straight", "results.csv").split("\n")).toHaveLength(7);
});

test("a trial's run is the one that `ascent train --config` makes of its settings", () => {
  const { trials, best } = JSON.parse(read("straight", "results.json"));
  const config = join("straight", "best.json");
  const run = ["--env", "CartPole-v1", "--config", config, "--seed", "4", "--steps", "3000", "--eval-episodes", "3"];
  expect(ascent(folder, "train", "reinforce", ...run, "--quiet", "--out", "alone").code).toBe(0);
  const place = join("straight", "trials", String(best).padStart(4, "0"), "CartPole-v1-4");
  expect(read("alone", "progress.csv")).toBe(read(place, "progress.csv"));
  expect(trials[best].scores[1]).toBe(JSON.parse(read("alone", "summary.json")).evaluation.mean);
});

test("killed and gone on with, one run at a time: all files come out the same", async () => {
  const { child, finished } = startAscent(folder, "sweep", "sweep.json", "--out", "killed", "--jobs", "1");
  const done = () => fs.existsSync(join(folder, "killed", "trials", "0000", "CartPole-v1-3", "summary.json"));
  await until(done);
  child.kill("SIGKILL");
  expect(await finished).toMatchObject({ signal: "SIGKILL" });
  expect(ascent(folder, "sweep", "--out", "killed", "--resume", "--jobs", "1", "--quiet")).toMatchObject({ code: 0 });
  expect(fingerprint("killed")).toEqual(fingerprint("straight"));
  for (const file of ["results.json", "results.md", "results.csv", "best.json"]) {
    expect(read("killed", file)).toBe(read("straight", file));
  }
});

test("stopped by Ctrl-C it says how to go on; more trials later repeat none", async () => {
  const { child, finished } = startAscent(folder, "sweep", "sweep.json", "--out", "stopped");
  await until(() => fs.existsSync(join(folder, "stopped", "trials", "0000")));
  child.kill("SIGINT");
  const run = await finished;
  expect(run).toMatchObject({ code: 130, stdout: "" });
  const [, command] = /everything saved; go on with\n {2}ascent (.*)\n/.exec(run.stderr)!;
  const more = ascent(folder, ...command.split(" "), "--trials", "6", "--json");
  expect(more).toMatchObject({ code: 0, stderr: "" });
  const { trials } = JSON.parse(more.stdout);
  expect(trials.slice(0, 5)).toEqual(JSON.parse(read("straight", "results.json")).trials);
  expect(trials).toHaveLength(6);
});

test("the journal has every trial once, also after a stop", () => {
  for (const name of ["straight", "killed"]) {
    const lines = read(name, "optuna.log").trimEnd().split("\n");
    const entries = lines.map((line) => JSON.parse(line) as { op_code: number; trial_id?: number });
    const of = (code: number) => entries.filter(({ op_code }) => op_code === code);
    expect(of(0)).toHaveLength(1);
    expect(of(4)).toHaveLength(5);
    expect(of(5)).toHaveLength(10);
    expect(
      of(6)
        .map(({ trial_id }) => trial_id)
        .sort(),
    ).toEqual([0, 1, 2, 3, 4]);
  }
});

test("settings that cannot be run fail their trial, and the others go on", () => {
  const space = { learningRate: { choice: [1e38, 1e-3] } };
  write("failing.json", { ...sweep, space, sampler: "grid", pruner: "none", steps: 2000, seeds: 1 });
  const run = ascent(folder, "sweep", "failing.json", "--out", "failing", "--json");
  expect(run.code).toBe(0);
  const { trials, best } = JSON.parse(run.stdout);
  expect(trials.map(({ state }: { state: string }) => state)).toEqual(["failed", "complete"]);
  expect(best.number).toBe(1);
  expect(JSON.parse(read("failing", "trials", "0000", "CartPole-v1-0", "failure.json")).message).toMatch(/finite/);
  expect(ascent(folder, "sweep", "--out", "failing", "--resume", "--json").stdout).toBe(run.stdout);
});

test.each([
  [["sweep"], /Which sweep is meant/],
  [["sweep", "nowhere.json"], /There is no file nowhere\.json/],
  [["sweep", "sweep.json", "--out", "straight"], /already holds a sweep.*--resume/],
  [["sweep", "--out", "nowhere", "--resume"], /no sweep to go on with/],
  [["sweep", "other.json", "--out", "straight", "--resume"], /cannot change anything but its number of trials/],
] as [string[], RegExp][])("ascent %j is refused", async (words, message) => {
  write("other.json", { ...sweep, seeds: 7 });
  const run = await ascentHere(folder, ...words);
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(message);
});
