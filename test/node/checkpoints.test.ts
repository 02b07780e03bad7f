/** A run's checkpoints: the newest good one is loaded, damaged ones never, and a full disk loses nothing. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AscentError } from "../../src/errors.ts";
import { encodeCheckpoint } from "../../src/files/checkpoint.ts";
import { listCheckpoints, loadLatestCheckpoint, readCheckpoint, saveCheckpoint } from "../../src/node/checkpoints.ts";
import { hostName } from "../../src/node/processes.ts";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "ascent-checkpoints-"));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

const bytesFor = (step: number, version = 1, size = 4) =>
  encodeCheckpoint({
    version,
    arrays: { w: { shape: [size], data: new Float32Array(size).fill(step) } },
    state: { step },
  });
const steps = () => listCheckpoints(folder).map(({ step }) => step);

function damage(path: string): void {
  const bytes = fs.readFileSync(path);
  bytes[bytes.length - 40] ^= 1;
  fs.writeFileSync(path, bytes);
}

test("keeps the newest and loads the latest", () => {
  const runFolder = join(folder, "made", "on", "demand");
  for (const step of [100, 200, 300, 1000]) saveCheckpoint(runFolder, step, bytesFor(step));
  expect(listCheckpoints(runFolder).map(({ step }) => step)).toEqual([1000, 300, 200]);
  const loaded = loadLatestCheckpoint(runFolder, 1);
  expect(loaded?.step).toBe(1000);
  expect(loaded?.checkpoint.state).toEqual({ step: 1000 });
  expect(loaded?.refused).toEqual([]);
});

test("passes over damaged, torn and foreign files and says why", () => {
  const paths = [1, 2, 3, 4].map((step) =>
    saveCheckpoint(folder, step, bytesFor(step, step === 4 ? 9 : 1), { keep: 9 }),
  );
  damage(paths[2]);
  fs.truncateSync(paths[1], 100);
  const loaded = loadLatestCheckpoint(folder, 1);
  expect(loaded?.step).toBe(1);
  expect(loaded?.refused.map(({ step }) => step)).toEqual([4, 3, 2]);
  expect(loaded?.refused[0].reason).toMatch(/version 9/);
  expect(loaded?.refused[1].reason).toMatch(/SHA-256/);
  expect(loaded?.refused[2].reason).toMatch(/cut short/);
  expect(loaded?.refused[2].reason).toContain(basename(paths[1]));
});

test("only bad checkpoints are an error, none at all are not", () => {
  expect(loadLatestCheckpoint(folder)).toBeUndefined();
  expect(loadLatestCheckpoint(join(folder, "none"))).toBeUndefined();
  damage(saveCheckpoint(folder, 5, bytesFor(5)));
  expect(() => loadLatestCheckpoint(folder)).toThrow(AscentError);
  expect(() => loadLatestCheckpoint(folder)).toThrow(/None of the checkpoints.*SHA-256/s);
});

test("a damaged file asked for by name is never loaded", () => {
  const path = saveCheckpoint(folder, 5, bytesFor(5));
  damage(path);
  expect(() => readCheckpoint(path)).toThrow(/checkpoint-000000000005\.safetensors.*SHA-256/);
  expect(() => readCheckpoint(join(folder, "missing"))).toThrow(/does not exist/);
});

test("resuming behind a damaged newer file: what was just saved is not pruned away", () => {
  for (const step of [100, 200, 300, 400]) saveCheckpoint(folder, step, bytesFor(step), { keep: 9 });
  for (const { path, step } of listCheckpoints(folder)) if (step > 100) damage(path);
  expect(loadLatestCheckpoint(folder)?.step).toBe(100);
  saveCheckpoint(folder, 150, bytesFor(150), { keep: 1 });
  expect(steps()).toEqual([400, 300, 200, 150]);
  expect(loadLatestCheckpoint(folder)?.step).toBe(150);
  saveCheckpoint(folder, 500, bytesFor(500), { keep: 2 });
  expect(steps()).toEqual([500, 400]);
});

test("leftovers of a killed save are neither loaded nor kept", () => {
  saveCheckpoint(folder, 1, bytesFor(1));
  const gone = execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }).trim();
  fs.writeFileSync(join(folder, `.checkpoint-000000000002.safetensors.${gone}-0@${hostName()}.tmp`), "half");
  expect(loadLatestCheckpoint(folder)?.step).toBe(1);
  saveCheckpoint(folder, 3, bytesFor(3));
  expect(fs.readdirSync(folder).every((name) => name.startsWith("checkpoint-"))).toBe(true);
});

test("wrong steps and counts are refused", () => {
  expect(() => saveCheckpoint(folder, 1.5, bytesFor(1))).toThrow(/whole number/);
  expect(() => saveCheckpoint(folder, 1, bytesFor(1), { keep: 0 })).toThrow(/keep/);
});

function mountTiny(): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test("a full disk: a clear error, and the last good checkpoint stays", ({ skip }) => {
  if (!mountTiny()) skip("needs the right to mount a small file system; atomic.test.ts rehearses the failure");
  try {
    saveCheckpoint(folder, 1, bytesFor(1, 1, 4000));
    saveCheckpoint(folder, 2, bytesFor(2, 1, 4000));
    expect(() => saveCheckpoint(folder, 3, bytesFor(3, 1, 16_000))).toThrow(
      /disk is full \(ENOSPC\)\. Free some space/,
    );
    expect(loadLatestCheckpoint(folder)).toMatchObject({ step: 2, refused: [] });
    expect(fs.readdirSync(folder)).toHaveLength(2);
    saveCheckpoint(folder, 4, bytesFor(4, 1, 100));
    expect(loadLatestCheckpoint(folder)?.step).toBe(4);
  } finally {
    execFileSync("umount", [folder]);
  }
});
