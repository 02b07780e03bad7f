/** Progress display: a bar in a terminal, sparse plain lines in a pipe, nothing when quiet, and no process kept alive. */
import { PassThrough } from "node:stream";
import { expect, test, vi } from "vitest";
import { formatDuration } from "../../src/node/progressText.ts";
import { createReporter, type ReporterStream } from "../../src/node/reporter.ts";

function sink(isTTY: boolean): { stream: ReporterStream; text: () => string } {
  const through = new PassThrough();
  let text = "";
  through.on("data", (chunk) => {
    text += chunk;
  });
  return { stream: Object.assign(through, { isTTY, columns: 60 }), text: () => text };
}

test("piped: a line each 5 % or 10 s, with time left, and no escape codes", () => {
  const { stream, text } = sink(false);
  let time = 0;
  const reporter = createReporter({ total: 10_000, stream, now: () => time });
  for (let step = 10; step <= 10_000; step += 10) {
    time += 10;
    reporter.update(step, { return: step / 7, device: "cpu" });
    if (step === 5000) reporter.message("saved");
  }
  reporter.finish();
  reporter.finish();
  reporter.update(1, {});
  const lines = text().trimEnd().split("\n");
  expect(lines).toHaveLength(21);
  expect(lines[0]).toBe("5% · step 500 of 10000 · 0:10 left · return 71.4 · device cpu");
  expect(lines[10]).toBe("saved");
  expect(lines[20]).toBe("100% · step 10000 of 10000 · took 0:10 · return 1.43k · device cpu");
  expect(text()).not.toContain("\u001b");
});

test("piped and slow: a line each 10 s; piped and fast: the last state is still told", () => {
  const { stream, text } = sink(false);
  let time = 0;
  const slow = createReporter({ total: 1e6, start: 500_000, stream, now: () => time });
  for (let second = 1; second <= 60; second++) {
    time = second * 1000;
    slow.update(500_000 + second * 100, {});
  }
  expect(text().split("\n").slice(0, 2)).toEqual([
    "50% · step 501000 of 1000000 · 1:23:10 left",
    "50% · step 502000 of 1000000 · 1:23:00 left",
  ]);
  expect(text().trimEnd().split("\n")).toHaveLength(6);
  const fast = sink(false);
  const reporter = createReporter({ total: 100, stream: fast.stream, now: () => 1 });
  for (let step = 1; step <= 100; step++) reporter.update(step, {});
  reporter.finish();
  expect(fast.text()).toBe("100% · step 100 of 100 · took 0:00\n");
});

test("quiet: nothing at all", () => {
  const { stream, text } = sink(true);
  const reporter = createReporter({ total: 10, quiet: true, stream });
  reporter.update(5, { a: 1 });
  reporter.message("hello");
  reporter.finish();
  expect(text()).toBe("");
});

test("terminal: a bar that fits the width, messages above it, no mode left switched", () => {
  const { stream, text } = sink(true);
  let time = 0;
  const reporter = createReporter({ total: 1000, stream, now: () => time });
  time = 5000;
  reporter.update(500, { return: 123.456, "a rather long name of a figure": 1 });
  reporter.message("checkpoint saved");
  reporter.finish();
  reporter.update(600, {});
  expect(text()).toContain("50% · 500/1k · 0:05 left · return 123");
  expect(text()).toContain("checkpoint saved\n");
  expect(text().endsWith("\n")).toBe(true);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what is being looked at.
  for (const line of text().split(/[\n\r]|\u001b\[\d*[A-Za-z]/)) expect([...line].length).toBeLessThan(60);
  expect(text()).not.toContain("\u001b[?");
  expect(text()).not.toContain("\u001b7");
});

test("terminal: the bar's timer does not keep the process alive", async () => {
  const timers: NodeJS.Timeout[] = [];
  const { setTimeout: start } = globalThis;
  const spy = vi.spyOn(globalThis, "setTimeout").mockImplementation(((work: () => void, delay?: number) => {
    const timer = start(work, delay);
    timers.push(timer);
    return timer;
  }) as typeof setTimeout);
  const reporter = createReporter({ total: 10, stream: sink(true).stream });
  reporter.update(1, {});
  const first = timers.length;
  await new Promise((resolve) => start(resolve, 250));
  // The bar has drawn itself anew meanwhile, each time with a new timer.
  expect(timers.length).toBeGreaterThan(first);
  expect(timers.filter((timer) => timer.hasRef())).toEqual([]);
  reporter.finish();
  spy.mockRestore();
});

test.each([
  [0, "0:00"],
  [59_600, "1:00"],
  [3_675_000, "1:01:15"],
])("formatDuration(%s) is %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});
