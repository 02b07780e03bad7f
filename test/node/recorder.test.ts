/** What a run writes as it goes, and how a resumed one joins on. */
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
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
