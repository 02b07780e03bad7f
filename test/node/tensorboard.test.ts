/** Event files on disk: names in order, resumed runs, and errors. */
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readTensorboardScalars } from "../../src/files/tensorboardEvents.ts";
import { TensorboardWriter } from "../../src/node/tensorboard.ts";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "ascent-tensorboard-"));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

const now = () => 1_700_000_000_500;

test("figures can be read while the file is still open", () => {
  const writer = new TensorboardWriter(join(folder, "tb"), { now });
  writer.scalars(10, { "rollout/return": 21.5 });
  expect(readTensorboardScalars(fs.readFileSync(writer.path))).toEqual({
    fileVersion: "brain.Event:2",
    scalars: [{ tag: "rollout/return", step: 10, value: 21.5, wallTime: 1_700_000_000.5 }],
    sessionStarts: [],
    truncated: false,
  });
  expect(writer.path).toMatch(/events\.out\.tfevents\.1700000000\.[\w.-]+\.\d+\.0$/);
  writer.close();
  writer.close();
  expect(() => writer.scalars(11, { a: 1 })).toThrow(/closed before/);
});

test("a resumed run, even within the same second, comes later by name and purges what it repeats", () => {
  const first = new TensorboardWriter(folder, { now });
  first.scalars(1, { a: 1 });
  first.scalars(2, { a: 2 });
  first.close();
  const second = new TensorboardWriter(folder, { now, purgeFromStep: 2 });
  second.scalars(2, { a: 20 });
  second.close();
  const names = fs.readdirSync(folder).sort();
  expect(names.map((name) => join(folder, name))).toEqual([first.path, second.path]);
  expect(readTensorboardScalars(fs.readFileSync(second.path)).sessionStarts).toEqual([2]);
});

test("a folder that cannot be made is named", () => {
  fs.writeFileSync(join(folder, "file"), "");
  expect(() => new TensorboardWriter(join(folder, "file", "tb"))).toThrow(/event file in .*not a folder/);
});
