/** A run that was stopped, killed or ran out of disk goes on as if nothing had happened: the same bytes at the end. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ascent, checkpointsIn, fingerprint, smallRun, startAscent, temporaryFolder, until } from "./support.ts";

const folder = temporaryFolder();
const total = ["--steps", "20480"];
const often = ["--checkpoint-every", "512", "--quiet"];
let reference: Record<string, string>;
beforeAll(() => {
  expect(ascent(folder, ...smallRun, ...total, "--quiet", "--out", "straight").code).toBe(0);
  reference = fingerprint(join(folder, "straight"));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const resume = (name: string, ...more: string[]) => [
  "train",
  "ppo",
  "--out",
  name,
  "--resume",
  "--eval-episodes",
  "2",
  ...more,
];

test("train(2N) equals train(N), then resume to 2N, byte for byte", () => {
  expect(ascent(folder, ...smallRun, "--quiet", "--steps", "10240", "--out", "halves").code).toBe(0);
  const second = ascent(folder, ...resume("halves", ...total, "--json", "--quiet"));
  expect(second.code).toBe(0);
  expect(JSON.parse(second.stdout)).toMatchObject({ steps: 20480, env: "Pendulum-v1" });
  expect(fingerprint(join(folder, "halves"))).toEqual(reference);
});

test("schedules keep to the steps of the first start", () => {
  ascent(folder, ...smallRun, "--set", "annealSteps=null", "--quiet", "--steps", "512", "--out", "anneal");
  const { options } = JSON.parse(fs.readFileSync(join(folder, "anneal/config.json"), "utf8"));
  expect(options.annealSteps).toBe(512);
  ascent(folder, ...resume("anneal", "--steps", "1024", "--quiet"));
  const [header, ...rows] = fs.readFileSync(join(folder, "anneal/progress.csv"), "utf8").trim().split("\n");
  const column = header.split(",").indexOf("learningRate");
  expect(rows.map((row) => Number(row.split(",")[column]))).toEqual([1e-3, 5e-4, 0, 0]);
});

test("after kill -9 at any moment", async () => {
  let args = [...smallRun, ...total, ...often, "--out", "killed"];
  for (let kills = 0; kills < 4; kills++) {
    const before = checkpointsIn(join(folder, "killed")).sort().at(-1);
    const { child, finished } = startAscent(folder, ...args);
    await until(() => child.exitCode !== null || checkpointsIn(join(folder, "killed")).sort().at(-1) !== before);
    // Different moments of the iterations and writes that follow.
    await new Promise((resolve) => setTimeout(resolve, 3 * kills));
    child.kill("SIGKILL");
    expect(await finished).toMatchObject({ signal: "SIGKILL" });
    args = resume("killed", ...often);
  }
  expect(ascent(folder, ...resume("killed", "--quiet")).code).toBe(0);
  expect(fingerprint(join(folder, "killed"))).toEqual(reference);
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s stops, saves, and says how to resume", async (signal, code) => {
  const { child, finished } = startAscent(folder, ...smallRun, ...total, "--out", signal, "--checkpoint-every", "512");
  await until(() => checkpointsIn(join(folder, signal)).length > 0);
  child.kill(signal);
  const run = await finished;
  expect(run).toMatchObject({ code, stdout: "" });
  expect(run.stderr).toContain(`${signal}: stopping and saving`);
  const [, stoppedAt, command] = /stopped at step ([\d,]+) of 20,480, .*\n {2}ascent (.*)\n/.exec(run.stderr) ?? [];
  expect(Number(stoppedAt.replace(",", ""))).toBeLessThan(20480);
  expect(fs.existsSync(join(folder, signal, "policy.safetensors"))).toBe(true);
  expect(fs.existsSync(join(folder, signal, "summary.json"))).toBe(false);
  expect(ascent(folder, ...command.split(" "), "--quiet", "--eval-episodes", "2").code).toBe(0);
  expect(fingerprint(join(folder, signal))).toEqual(reference);
});

test("Ctrl-C says how to resume also when quiet", async () => {
  const { child, finished } = startAscent(folder, ...smallRun, ...total, ...often, "--out", "hushed");
  await until(() => checkpointsIn(join(folder, "hushed")).length > 0);
  child.kill("SIGINT");
  const { code, stdout, stderr } = await finished;
  expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
  expect(stderr).toMatch(/^stopped at step .*\n {2}ascent train ppo --out hushed --resume\n$/);
});

test("a second resume beside the first is refused, and the first is none the worse for it", async () => {
  ascent(folder, ...smallRun, "--quiet", "--steps", "512", "--out", "two");
  const { child, finished } = startAscent(folder, ...resume("two", ...total, ...often));
  await until(() => fs.existsSync(join(folder, "two/run.lock")));
  child.kill("SIGSTOP");
  const second = ascent(folder, ...resume("two", "--quiet"));
  child.kill("SIGCONT");
  expect(second).toMatchObject({ code: 1, stdout: "" });
  expect(second.stderr).toMatch(new RegExp(`^ascent: The run in two is in use by process ${child.pid} on `));
  expect(await finished).toMatchObject({ code: 0 });
  expect(fingerprint(join(folder, "two"))).toEqual(reference);
});

test("a full disk: a clear error, nothing lost, and the run goes on once there is room", ({ skip }) => {
  const disk = join(folder, "disk");
  fs.mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", disk], { stdio: "ignore" });
  } catch {
    skip("needs the right to mount a small file system");
  }
  try {
    const run = ascent(folder, ...smallRun, ...total, ...often, "--out", "disk/run");
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/disk is full \(ENOSPC\)/);
    expect(run.stderr).toMatch(/everything up to step [\d,]+ is saved; once mended, go on with\n {2}ascent train/);
    execFileSync("mount", ["-o", "remount,size=16m", disk]);
    expect(ascent(folder, ...resume("disk/run", "--quiet")).code).toBe(0);
    expect(fingerprint(join(disk, "run"))).toEqual(reference);
  } finally {
    execFileSync("umount", [disk]);
  }
});
