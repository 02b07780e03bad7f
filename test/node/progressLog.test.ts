/** progress.csv: run + resume gives the same bytes as one uninterrupted run, whatever was lost in between. */
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseCsv } from "../../src/files/csv.ts";
import { ProgressLog } from "../../src/node/progressLog.ts";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "ascent-progress-"));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

const options = { columns: ["return", "loss", "note"], timingColumns: ["stepsPerSecond"] };
const read = (name = "progress.csv") => fs.readFileSync(join(folder, name), "utf8");

let speed = 1000.5;

function run(from: number, to: number, resumeFromStep?: number): void {
  const log = new ProgressLog(folder, { ...options, resumeFromStep });
  for (let step = from; step <= to; step += 10) {
    const figures = {
      return: step / 3,
      loss: step === 20 ? undefined : 1 / step,
      note: step === 30 ? 'odd, "text"\n' : "",
    };
    // As the clock has it: never the same twice.
    log.append(step, { ...figures, stepsPerSecond: speed++ });
  }
  log.flush();
  log.close();
}

test("has a header, then rows, the clock's figures apart", () => {
  run(10, 20);
  expect(read()).toBe("step,return,loss,note\n10,3.3333333333333335,0.1,\n20,6.666666666666667,,\n");
  expect(parseCsv(read("timing.csv")).header).toEqual(["step", "stepsPerSecond"]);
});

test("run, kill and resume: the same bytes as without interruption", () => {
  run(10, 100);
  const whole = read();
  for (const torn of ["", "90", '90,1,2,"op', "90,1,2,x\n100,7", "\n"]) {
    run(10, 60);
    fs.appendFileSync(join(folder, "progress.csv"), torn);
    run(50, 100, 40);
    expect(read()).toBe(whole);
    expect(parseCsv(read("timing.csv")).rows.map(([step]) => step)).toEqual(parseCsv(whole).rows.map(([step]) => step));
  }
});

test("a torn row whose step looks small is cut too", () => {
  run(10, 40);
  fs.appendFileSync(join(folder, "progress.csv"), "5");
  run(50, 50, 40);
  const resumed = read();
  run(10, 50);
  expect(resumed).toBe(read());
});

test("resuming without a file starts one; starting anew replaces it", () => {
  run(50, 60, 40);
  expect(parseCsv(read()).rows).toHaveLength(2);
  run(10, 10);
  expect(parseCsv(read()).rows).toHaveLength(1);
});

test("other columns, unknown figures and steps out of order are refused", () => {
  run(10, 20);
  const before = read();
  expect(() => new ProgressLog(folder, { columns: ["return"], resumeFromStep: 10 })).toThrow(
    /other columns.*Resume with/,
  );
  expect(read()).toBe(before);
  const log = new ProgressLog(folder, { ...options, resumeFromStep: 20 });
  expect(() => log.append(30, { retrun: 1 })).toThrow(/no column "retrun"/);
  expect(() => log.append(20, {})).toThrow(/must grow/);
  log.close();
});
