/** Training runs with environments in worker threads: the same files, resumed with any number of them, also after kill -9. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { trainRun } from "../../../src/node/index.ts";
import { registerTroubled, writeTroubled } from "./troubled.ts";

const folder = mkdtempSync(join(tmpdir(), "ascent-worker-runs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const troubled = writeTroubled(folder);
await registerTroubled(troubled);

const settings = {
  algorithm: "ppo" as const,
  environment: "CartPole-v1",
  options: { nEnvs: 4, nSteps: 32, batchSize: 64, nEpochs: 2, annealSteps: 1280 },
  seed: 1,
  evaluationEpisodes: 2,
};
const bytes = (out: string, file: string) => readFileSync(join(out, file));

test("a run in two workers is the run in none, its checkpoint and settings too, and each goes on with the other's", async () => {
  const [plain, threads, mixed] = ["plain", "threads", "mixed"].map((name) => join(folder, name));
  await trainRun({ ...settings, steps: 1280, out: plain });
  await trainRun({ ...settings, steps: 1280, out: threads, environmentWorkers: 2 });
  await trainRun({ ...settings, steps: 640, out: mixed, environmentWorkers: 3 });
  await trainRun({ ...settings, steps: 1280, out: mixed, resume: true });
  for (const out of [threads, mixed]) {
    expect(bytes(out, "policy.safetensors").equals(bytes(plain, "policy.safetensors"))).toBe(true);
  }
  expect(bytes(threads, "config.json").equals(bytes(plain, "config.json"))).toBe(true);
  const [checkpoint] = readdirSync(join(plain, "checkpoints")).slice(-1);
  expect(bytes(threads, join("checkpoints", checkpoint)).equals(bytes(plain, join("checkpoints", checkpoint)))).toBe(
    true,
  );
});

test("a worker that dies in mid-step ends the run by name, and what was saved is gone on with", async () => {
  const out = join(folder, "died");
  const request = { ...settings, environment: "Troubled-step-exit", imports: [troubled], steps: 256, out };
  await expect(trainRun({ ...request, environmentWorkers: 2 })).rejects.toThrow(
    /Troubled-step-exit: worker thread 1, with environments 2 to 3, ended in step at step 3/,
  );
  const { summary } = await trainRun({ ...request, resume: true });
  expect(summary?.steps).toBe(256);
});

test("a function cannot go to worker threads: refused before the folder is made", async () => {
  const out = join(folder, "function");
  const environment = () => {
    throw new Error("not called");
  };
  await expect(trainRun({ ...settings, environment, out, environmentWorkers: 2 })).rejects.toThrow(
    /environmentWorkers needs an environment that worker threads can make too: got a function/,
  );
  expect(existsSync(out)).toBe(false);
});

test("kill -9 in the midst of a run with workers takes all of it at once; a resume without them gives the same bits", async () => {
  const [whole, killed] = [join(folder, "whole"), join(folder, "killed")];
  const flags =
    "--steps 20000 --envs 4 --set nSteps=64 --set nEpochs=2 --eval-episodes 1 --checkpoint-every 1000".split(" ");
  const command = [
    resolve("dist/cli/main.js"),
    "train",
    "ppo",
    "--env",
    "Pendulum-v1",
    ...flags,
    "--quiet",
    "--out",
    killed,
  ];
  const child = spawn(process.execPath, [...command, "--env-workers", "2"], { stdio: "ignore" });
  const ended = new Promise((done) => child.on("exit", done));
  const checkpoints = join(killed, "checkpoints");
  while (child.exitCode === null && !(existsSync(checkpoints) && readdirSync(checkpoints).length > 1)) {
    await new Promise((done) => setTimeout(done, 5));
  }
  child.kill("SIGKILL");
  await ended;
  expect(existsSync(join(killed, "summary.json"))).toBe(false);
  const options = { nEnvs: 4, nSteps: 64, nEpochs: 2 };
  const run = { algorithm: "ppo", environment: "Pendulum-v1", options, steps: 20_000, evaluationEpisodes: 1 } as const;
  await trainRun({ ...run, out: killed, resume: true, options: {} });
  await trainRun({ ...run, out: whole });
  expect(bytes(killed, "policy.safetensors").equals(bytes(whole, "policy.safetensors"))).toBe(true);
});
