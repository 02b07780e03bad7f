/** Runs the built command as a user would, in a folder of its own. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { runProgram } from "../../src/cli/program.ts";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
// Without what npm sets, so that messages name the command `ascent`; tests of its other names use vi.stubEnv.
for (const name of Object.keys(process.env)) if (name.startsWith("npm_")) delete process.env[name];
const { env } = process;

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export function temporaryFolder(): string {
  return fs.mkdtempSync(join(tmpdir(), "ascent-cli-"));
}

export function ascent(folder: string, ...args: string[]): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

/** The same within this process, which takes hundredths of a second; for what ends early, such as refusals. */
export async function ascentHere(folder: string, ...args: string[]): Promise<Finished> {
  const texts = { stdout: "", stderr: "" };
  const capture = (name: "stdout" | "stderr") =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      texts[name] += text;
      return true;
    });
  const spies = [capture("stdout"), capture("stderr")];
  const home = process.cwd();
  process.chdir(folder);
  try {
    await runProgram(args);
    return { code: Number(process.exitCode ?? 0), ...texts };
  } finally {
    process.exitCode = undefined;
    process.chdir(home);
    for (const spy of spies) spy.mockRestore();
  }
}

export interface Running {
  child: ChildProcess;
  finished: Promise<Finished & { signal: string | null }>;
}

export function startAscent(folder: string, ...args: string[]): Running {
  const child = spawn(process.execPath, [command, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const finished = new Promise<Finished & { signal: string | null }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, finished };
}

/** Waits for the condition, a minute at most: what never comes true must not go on behind a test that has given up. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error("what was waited for did not happen within a minute");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export function checkpointsIn(folder: string): string[] {
  try {
    return fs.readdirSync(join(folder, "checkpoints")).filter((name) => name.startsWith("checkpoint-"));
  } catch {
    return [];
  }
}

/** A small run that uses everything a resume could forget: both normalisers, schedules, unfinished episodes. */
export const smallRun = [
  ...["train", "ppo", "--env", "Pendulum-v1", "--seed", "5", "--eval-episodes", "2"],
  ...["--set", "nSteps=64", "--set", "nEnvs=4", "--set", "nEpochs=4", "--set", "batchSize=96", "--set", "hidden=[16]"],
  ...["--set", "normalizeObservations=true", "--set", "normalizeRewards=true"],
  ...["--set", "learningRate=linear:1e-3", "--set", "clipRange=cosine:0.3:0.1", "--set", "annealSteps=20480"],
];

/** The files of a finished run that must be the same, byte for byte, however it came about. */
export function fingerprint(folder: string): Record<string, string> {
  const newest = checkpointsIn(folder).sort().at(-1);
  const files = ["progress.csv", "policy.safetensors", join("checkpoints", newest ?? "none"), "learning-curve.svg"];
  return Object.fromEntries(files.map((file) => [file, fs.readFileSync(join(folder, file), "base64")]));
}
