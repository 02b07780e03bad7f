/** The lock of a run's folder: one holder at a time, and none that is dead. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hostName } from "../../src/node/processes.ts";
import { takeLock } from "../../src/node/runs/lock.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "ascent-lock-"));
  path = join(folder, "run.lock");
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const take = () => takeLock(path, "The run");
const deadProcess = () => Number(execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }));
const leave = (holder: object) => fs.writeFileSync(path, JSON.stringify({ host: hostName(), id: "old", ...holder }));

test("one holder at a time, and the next after it", () => {
  const listeners = process.listenerCount("exit");
  const release = take();
  expect(JSON.parse(fs.readFileSync(path, "utf8"))).toMatchObject({ host: hostName(), pid: process.pid });
  expect(take).toThrow(`The run is in use by process ${process.pid} on ${hostName()}. Wait`);
  release();
  expect(fs.readdirSync(folder)).toEqual([]);
  take()();
  expect(process.listenerCount("exit")).toBe(listeners);
});

test.each([
  ["a dead process", () => ({ pid: deadProcess() })],
  ["an earlier process that had this one's number", () => ({ pid: process.pid })],
])("a lock that %s left is taken over", (_, holder) => {
  leave(holder());
  const release = take();
  expect(fs.readdirSync(folder)).toEqual(["run.lock"]);
  expect(take).toThrow(/in use/);
  release();
  expect(fs.existsSync(path)).toBe(false);
});

test.each([
  ["a living process", { pid: process.ppid }, new RegExp(`process ${process.ppid} on ${hostName()}`)],
  ["a process of another machine", { pid: 1, host: "elsewhere" }, /process 1 on elsewhere.*remove .*run\.lock/],
])("the lock of %s stands", (_, holder, message) => {
  leave(holder);
  const before = fs.readFileSync(path, "utf8");
  expect(take).toThrow(message);
  expect(fs.readFileSync(path, "utf8")).toBe(before);
});

test("a lock that cannot be read stands", () => {
  fs.writeFileSync(path, "");
  expect(take).toThrow(/in use by another process/);
  expect(fs.readFileSync(path, "utf8")).toBe("");
});

test("a lock that another has taken over is not removed by its first holder", () => {
  const release = take();
  leave({ pid: 1, host: "elsewhere" });
  release();
  expect(fs.existsSync(path)).toBe(true);
});
