/** What a run writes as it goes, and how a resumed one joins on. */
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readTensorboardScalars } from "../../src/files/index.ts";
import { RunRecorder, readFigure } from "../../src/node/runs/recorder.ts";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "ascent-recorder-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const times = { act: 1, env: 2, learn: 3 };

function record(recorder: RunRecorder, steps: readonly number[]): void {
  for (const step of steps) recorder.record({ steps: step, loss: step / 10 }, times);
  recorder.close();
}

test("a resumed run keeps the checkpoint's own step, in the tables and for TensorBoard, and drops what came behind", () => {
  record(new RunRecorder(folder), [10, 20, 30]);
  record(new RunRecorder(folder, 20), [40]);
  expect(readFigure(folder, "loss")).toEqual({ x: [10, 20, 40], y: [1, 2, 4] });
  const events = fs.readdirSync(folder).filter((name) => name.startsWith("events."));
  const [before, after] = events.sort().map((name) => readTensorboardScalars(fs.readFileSync(join(folder, name))));
  expect(before.sessionStarts).toEqual([]);
  // TensorBoard drops earlier files' figures of this step and later ones.
  expect(after.sessionStarts).toEqual([21]);
  expect(after.scalars.filter(({ tag }) => tag === "train/loss").map(({ step }) => step)).toEqual([40]);
});

test("the clock's figures: seconds of each part, steps a second since the last row, a resumed run's time on top", () => {
  const clock = vi.spyOn(performance, "now");
  try {
    let now = 5000;
    clock.mockImplementation(() => now);
    const recorder = new RunRecorder(folder);
    now += 2000;
    expect(recorder.wallSeconds).toBe(2);
    expect(recorder.record({ steps: 100, loss: 1 }, { act: 1500, env: 250, learn: 0.0004 })).toEqual({
      ...{ wallSeconds: 2, stepsPerSecond: 50, actSeconds: 1.5, envSeconds: 0.25, learnSeconds: 0 },
    });
    now += 500;
    expect(recorder.record({ steps: 200, loss: 1 }, times)).toMatchObject({ wallSeconds: 2.5, stepsPerSecond: 200 });
    now += 500;
    recorder.record({ steps: 300, loss: 1 }, times);
    recorder.close();
    const resumed = new RunRecorder(folder, 200);
    expect(resumed.wallSeconds).toBe(2.5);
    now += 1000;
    expect(resumed.record({ steps: 500, loss: 1 }, times)).toMatchObject({ wallSeconds: 3.5, stepsPerSecond: 300 });
    resumed.close();
  } finally {
    clock.mockRestore();
  }
});

test("TensorBoard's tags: episodes under rollout, the clock under time, the rest under train; no NaN", () => {
  const recorder = new RunRecorder(folder);
  recorder.record({ steps: 5, episodeReturn: Number.NaN, episodes: 2, loss: 0.5, kl: Number.POSITIVE_INFINITY }, times);
  recorder.close();
  const [name] = fs.readdirSync(folder).filter((file) => file.startsWith("events."));
  const { scalars } = readTensorboardScalars(fs.readFileSync(join(folder, name)));
  const tags = scalars.map(({ tag, step }) => `${tag}@${step}`);
  expect(tags).toEqual(
    expect.arrayContaining(["rollout/episodes@5", "train/loss@5", "time/actSeconds@5", "time/wallSeconds@5"]),
  );
  expect(tags.join()).not.toMatch(/episodeReturn|train\/kl/);
  expect(readFigure(folder, "episodes")).toEqual({ x: [5], y: [2] });
  expect(readFigure(folder, "nothing").y).toEqual([Number.NaN]);
  expect(readFigure(join(folder, "none"), "loss")).toEqual({ x: [], y: [] });
});
