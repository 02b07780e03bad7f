/** Folders of runs: what is in the way of a new one and what is not, and options that were unset. */
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeFile, removeLeftovers, temporaryPath } from "../../src/node/atomic.ts";
import { hostName } from "../../src/node/processes.ts";
import {
  exactly,
  type RunConfig,
  readConfig,
  requireRun,
  runIdentity,
  writeConfig,
} from "../../src/node/runs/config.ts";
import { claimFolder, pathsIn } from "../../src/node/runs/folder.ts";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "ascent-folders-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

test("a new run takes an empty folder, or one that holds a killed writer's file and no more", () => {
  claimFolder(folder)();
  fs.writeFileSync(temporaryPath(join(folder, "progress.csv")), "half a line");
  claimFolder(folder)();
  claimFolder(join(folder, "not", "there"))();
  expect(fs.existsSync(join(folder, "not", "there"))).toBe(true);
  expect(() => claimFolder(folder)).toThrow(/is not empty/);
  fs.writeFileSync(pathsIn(folder).config, "{}");
  expect(() => claimFolder(folder)).toThrow(/already holds a run.*--resume/);
});

test("files of writers that live, or may live elsewhere, stay until they are old", () => {
  const dead = 2 ** 30;
  const name = (pid: number, host: string) => join(folder, `.a.${pid}-0@${host}.tmp`);
  const [own, gone, elsewhere, old] = [
    name(process.pid, hostName()),
    name(dead, hostName()),
    name(dead, "other"),
    name(dead, "older"),
  ];
  for (const path of [own, gone, elsewhere, old, join(folder, "a.tmp")]) fs.writeFileSync(path, "");
  const long = new Date(Date.now() - 11 * 60 * 1000);
  fs.utimesSync(old, long, long);
  removeLeftovers(folder);
  expect([own, gone, elsewhere, old].map((path) => fs.existsSync(path))).toEqual([true, false, true, false]);
  expect(fs.existsSync(join(folder, "a.tmp"))).toBe(true);
});

test("removing a file that is not there is no error, a folder in its place is", () => {
  removeFile(join(folder, "none"));
  fs.writeFileSync(join(folder, "one"), "");
  removeFile(join(folder, "one"));
  expect(fs.readdirSync(folder)).toEqual([]);
  fs.mkdirSync(join(folder, "sub"));
  expect(() => removeFile(join(folder, "sub"))).toThrow(expect.objectContaining({ code: "file" }));
});

test("stored options are all there are: what a run had unset is unset, whatever a preset says", () => {
  const options = exactly("ppo", { gamma: 0.5 });
  expect(options["gamma"]).toBe(0.5);
  for (const name of ["nEnvs", "learningRate", "targetKl"]) {
    expect(Object.hasOwn(options, name)).toBe(true);
    expect(options[name]).toBeUndefined();
  }
});

test("what makes a run the same: all but how far it goes and where its data lie", () => {
  const config: RunConfig = {
    ...{ algorithm: "ppo", env: "E-v0", steps: 10, seed: 1, kernels: "simd", version: "1", options: { gamma: 1 } },
    ...{ maxEpisodeSteps: 5, data: { file: "a", sha256: "x" } },
  };
  expect(runIdentity(config)).toEqual(runIdentity({ ...config, steps: 99, data: { file: "b", sha256: "x" } }));
  for (const other of [
    { seed: 2 },
    { kernels: "fma" as const },
    { options: {} },
    { maxEpisodeSteps: 6 },
    { data: { file: "a", sha256: "y" } },
  ])
    expect(runIdentity({ ...config, ...other })).not.toEqual(runIdentity(config));
  expect(() => requireRun(folder)).toThrow(/got a folder without config\.json/);
  expect(() => requireRun(join(folder, "none"))).toThrow(/got no such folder/);
  writeConfig(folder, config);
  requireRun(folder);
  expect(readConfig(folder)).toEqual(config);
  fs.writeFileSync(pathsIn(folder).config, JSON.stringify({ ...config, steps: 0 }));
  expect(() => readConfig(folder)).toThrow(/is not what a run was started with/);
});
