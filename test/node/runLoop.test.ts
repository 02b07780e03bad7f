/** When a run saves: by steps, by the tenth of the run, by the clock, and at its end; each state once. */
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Learner } from "../../src/learners/learner.ts";
import { type RunLoop, runToEnd } from "../../src/node/runs/runLoop.ts";

let folder: string;
let now = 0;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "ascent-loop-"));
  now = 1000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Ten steps an iteration, taking so many seconds each. */
async function savedAt(seconds: (iteration: number) => number, loop: Partial<RunLoop<Learner>>): Promise<number[]> {
  const learner = {
    ...{ steps: loop.resumeFromStep ?? 0, stepsPerIteration: 10, times: { act: 0, env: 0, learn: 0 }, finished: false },
    exactResume: true,
    *iteration() {
      yield;
      learner.steps += 10;
      now += 1000 * seconds(learner.steps / 10);
      return { steps: learner.steps, loss: 1 };
    },
    iterate: () => ({ steps: learner.steps }),
    save: () => ({ arrays: {}, state: {} }),
    load: () => {},
  };
  const saved: number[] = [];
  await runToEnd({
    out: folder,
    steps: 1000,
    save: () => saved.push(learner.steps),
    ...loop,
    learner: learner as unknown as Learner,
  });
  return saved;
}

test("every tenth of the run, where it goes quickly", async () => {
  expect(await savedAt(() => 0, {})).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
});

test("every so many steps, where that is asked for, whatever the clock says", async () => {
  expect(await savedAt(() => 100, { steps: 100, checkpointEvery: 40 })).toEqual([40, 80, 100]);
  expect(await savedAt(() => 0, { steps: 200, checkpointEvery: 45, resumeFromStep: 100 })).toEqual([150, 200]);
});

test("every thirty seconds, where it goes slowly: counted from the last time, not from the start", async () => {
  expect(await savedAt(() => 10, { steps: 200, resumeFromStep: undefined as never })).toEqual([
    20, 40, 60, 80, 100, 120, 140, 160, 180, 200,
  ]);
  expect(
    await savedAt((k) => (k === 5 ? 31 : 4), { steps: 10_000, signal: undefined as never }).then((all) =>
      all.slice(0, 4),
    ),
  ).toEqual([50, 130, 210, 290]);
});

test("onCheckpoint hears each", async () => {
  const heard: number[] = [];
  await savedAt(() => 0, { steps: 20, onCheckpoint: (steps) => heard.push(steps) });
  expect(heard).toEqual([10, 20]);
});
