/** Addresses of queues: what is taken, and that no message shows a password. Runs' folders as bytes. */
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { AscentError } from "../../src/errors.ts";
import { queueAddress } from "../../src/node/queue/address.ts";
import { jobIdOf, queuedJob } from "../../src/node/queue/names.ts";
import { packRunFolder, unpackRunFolder } from "../../src/node/queue/runFolderBytes.ts";

const folder = fs.mkdtempSync(join(tmpdir(), "ascent-queue-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test.each([
  ["redis://host:6379", "redis://host:6379"],
  ["redis://:secret@host:6379/2", "redis://:***@host:6379/2"],
  ["rediss://me:secret@host", "rediss://me:***@host"],
  ["redis://host?password=secret", "redis://host?password=***"],
])("%s is shown as %s", (url, shown) => {
  expect(queueAddress(url)).toEqual({ url, shown });
});

test.each(["host:6379", "http://:secret@host", "redis://", "redis://:secret@host/queue", "", "secret"])(
  "%j is refused, and no password is shown",
  (url) => {
    expect(() => queueAddress(url)).toThrow(AscentError);
    expect(() => queueAddress(url)).not.toThrow(/secret/);
  },
);

const run = {
  algorithm: "ppo" as const,
  environment: "CartPole-v1",
  steps: 10,
  seed: 1,
  options: {},
  evaluationEpisodes: 1,
  kernels: "auto" as const,
  out: "here",
};

test("a job's name is that of code, settings and seed, wherever it is made", () => {
  const id = jobIdOf(queuedJob("1.0.0", { run, imports: [] }));
  expect(id).toMatch(/^[0-9a-f]{64}$/);
  expect(jobIdOf(queuedJob("1.0.0", { run: { ...run, out: "there" }, imports: [] }))).toBe(id);
  for (const other of [{ seed: 2 }, { steps: 11 }, { options: { gamma: 0.9 } }]) {
    expect(jobIdOf(queuedJob("1.0.0", { run: { ...run, ...other }, imports: [] }))).not.toBe(id);
  }
  expect(jobIdOf(queuedJob("1.0.1", { run, imports: [] }))).not.toBe(id);
});

test("a folder comes out as it was, without its lock and temporary files", () => {
  const from = join(folder, "from");
  fs.mkdirSync(join(from, "checkpoints"), { recursive: true });
  fs.writeFileSync(join(from, "summary.json"), "{}");
  fs.writeFileSync(join(from, "checkpoints", "a.bin"), Uint8Array.from([0, 255, 10]));
  fs.writeFileSync(join(from, "run.lock"), "x");
  fs.writeFileSync(join(from, ".a.12-0@host.tmp"), "x");
  const to = join(folder, "to");
  unpackRunFolder(packRunFolder(from), to);
  expect(fs.readdirSync(to, { recursive: true }).sort()).toEqual([
    "checkpoints",
    join("checkpoints", "a.bin"),
    "summary.json",
  ]);
  expect([...fs.readFileSync(join(to, "checkpoints", "a.bin"))]).toEqual([0, 255, 10]);
});

test.each([
  Uint8Array.from([1, 2]),
  gzipSync("[]x"),
  gzipSync('{"a": 3}'),
  gzipSync(JSON.stringify({ "../outside": "AAAA" })),
  gzipSync(JSON.stringify({ "/outside": "AAAA", "a/../../b": "AAAA" })),
])("bytes that hold no folder, or lead out of it, are refused", (bytes) => {
  expect(() => unpackRunFolder(bytes, join(folder, "bad"))).toThrow(/not a run's folder/);
  expect(fs.existsSync(join(folder, "outside"))).toBe(false);
});
