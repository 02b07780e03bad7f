/** What goes wrong in worker threads: whatever it is, the caller hears of it, by name, and never waits for ever. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import type { BatchedEnvironment } from "../../../src/envs/batched.ts";
import { inWorkers } from "../../../src/node/index.ts";
import { registerTroubled, writeTroubled } from "./troubled.ts";

const folder = mkdtempSync(join(tmpdir(), "ascent-failures-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const troubled = writeTroubled(folder);
await registerTroubled(troubled);

const made: BatchedEnvironment[] = [];
afterEach(() => {
  for (const batch of made.splice(0)) {
    try {
      batch.close?.();
    } catch {
      // Some fail in close, which is what their test is about.
    }
  }
});

/** Six environments in three workers: number 3 is the second of worker 1. */
function make(id: string, deadlineSeconds = 20, startSeconds = 30): BatchedEnvironment {
  const batch = inWorkers(id, { workers: 3, imports: [troubled], deadlineSeconds, startSeconds }).make(6);
  made.push(batch);
  return batch;
}

const right = new Float32Array(6).fill(1);

function untilItFails(batch: BatchedEnvironment): void {
  batch.reset(5);
  for (let k = 0; k < 10; k++) batch.step(right);
}

test("a child that throws in its constructor: its own text, with the environments", () => {
  expect(() => make("Troubled-make-throw")).toThrow(
    /Troubled-make-throw: worker thread 1, with environments 2 to 3, met an error while its environments were made.*the make of it/,
  );
});

test("a child that dies in its constructor", () => {
  expect(() => make("Troubled-make-exit")).toThrow(
    /worker thread 1, with environments 2 to 3, ended while its environments were made: got exit code 7/,
  );
});

test("a child that hangs in its constructor", () => {
  expect(() => make("Troubled-make-hang", 20, 1)).toThrow(
    /does not answer while its environments were made: got no answer within 1 s/,
  );
});

test("a child that throws in reset: its own text, with environment, step and seed", () => {
  const batch = make("Troubled-reset-throw");
  expect(() => batch.reset(5)).toThrow(
    /Troubled-reset-throw: environment 3 threw in reset, at step 0 of its episode 0, seed 5: got RangeError: the reset of it/,
  );
});

test("a child that dies in reset", () => {
  const batch = make("Troubled-reset-exit");
  expect(() => batch.reset(5)).toThrow(
    /with environments 2 to 3, ended in reset at step 0 since the reset with seed 5: got exit code 7/,
  );
});

test("a child that throws in step: its own text, with environment, step and seed; the others wait for a new beginning", () => {
  const batch = make("Troubled-step-throw");
  expect(() => untilItFails(batch)).toThrow(
    /Troubled-step-throw: environment 3 threw in step, at step 3 of its episode 0, seed 5: got RangeError: the step of it/,
  );
  expect(() => batch.step(right)).toThrow(/step was called after one that went wrong.*Call reset or loadState first/);
  batch.reset(6);
  batch.step(right);
  expect(batch.rewards.every((reward) => reward !== 0)).toBe(true);
});

test("a child that dies in mid-step: the step throws, and every later call", () => {
  const batch = make("Troubled-step-exit");
  expect(() => untilItFails(batch)).toThrow(
    /worker thread 1, with environments 2 to 3, ended in step at step 3 since the reset with seed 5: got exit code 7/,
  );
  expect(() => batch.step(right)).toThrow(/went wrong/);
  expect(() => batch.reset(0)).toThrow(/ended in step at step 3/);
  batch.close?.();
});

test.each(["hang", "sleep"])("a child that does not come back from step (%s): the deadline ends it", (how) => {
  const batch = make(`Troubled-step-${how}`, 1);
  const begin = performance.now();
  expect(() => untilItFails(batch)).toThrow(
    /with environments 2 to 3, does not answer in step at step 3 since the reset with seed 5: got no answer within 1 s/,
  );
  expect(performance.now() - begin).toBeLessThan(5000);
  batch.close?.();
});

test("a child that throws in close: said, and all threads are gone", () => {
  const batch = make("Troubled-close-throw");
  batch.reset(5);
  expect(() => batch.close?.()).toThrow(/the close of it/);
  expect(() => batch.reset(0)).toThrow(/the batch is closed/);
  batch.close?.();
});

test("a child that dies in close", () => {
  const batch = make("Troubled-close-exit");
  batch.reset(5);
  expect(() => batch.close?.()).toThrow(/ended in close at step 0/);
});

test("a child that hangs in close", () => {
  const batch = make("Troubled-close-hang", 1);
  batch.reset(5);
  expect(() => batch.close?.()).toThrow(/does not answer in close/);
});

test("shutdown with unread results: infos that nobody read, and what others said while one failed", () => {
  const batch = make("Troubled-step-throw");
  expect(() => untilItFails(batch)).toThrow(/environment 3 threw/);
  batch.close?.();
  batch.close?.();
  expect(() => batch.step(right)).toThrow(/went wrong|closed/);
});

test("a file to import that is not there, and an id that it does not register", () => {
  const nowhere = inWorkers("Pendulum-v1", { workers: 2, imports: [join(folder, "nowhere.mjs")] });
  expect(() => nowhere.make(2)).toThrow(/worker thread 0, with environment 0, met an error.*nowhere\.mjs/);
  expect(() => inWorkers("Troubled-never-throw", { workers: 2 }).make(2)).toThrow(
    /no environment named "Troubled-never-throw"/,
  );
});

test("an action that the space does not have is refused with the environment's number in the whole batch", () => {
  const batch = make("Troubled-never-throw");
  batch.reset(0);
  expect(() => batch.step(Float32Array.of(0, 1, 0, 1, 0, 2))).toThrow(/environment 5 cannot take the action/);
  expect(() => batch.step(new Float32Array(5))).toThrow(/went wrong/);
});
