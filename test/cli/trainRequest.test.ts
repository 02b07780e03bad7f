/** What the flags of `ascent train` ask for, beside a file of settings. */
import * as fs from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TrainFlags } from "../../src/cli/trainFlags.ts";
import { requestFrom } from "../../src/cli/trainRequest.ts";
import { temporaryFolder } from "./support.ts";

const folder = temporaryFolder();
const config = join(folder, "config.json");
beforeAll(() => {
  const run = { algorithm: "ppo", env: "CartPole-v1", steps: 5000, options: { gamma: 0.9, annealSteps: 5000 } };
  fs.writeFileSync(config, JSON.stringify(run));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const request = (flags: Partial<TrainFlags>) => requestFrom("ppo", { monitor: true, ...flags } as TrainFlags).request;

test("a new run takes the steps of the run whose settings it has, unless it says others", () => {
  expect(request({ config })).toMatchObject({ environment: "CartPole-v1", steps: 5000 });
  expect(request({ config, steps: 700 }).steps).toBe(700);
});

test("a resumed run goes on to its own steps: the file's say nothing of it", () => {
  expect(request({ config, resume: true })).not.toHaveProperty("steps");
  expect(request({ config, resume: true, steps: 700 }).steps).toBe(700);
});

test("a new run starts from the policy of the run whose settings it has; a resumed one goes on from its own", () => {
  const path = join(folder, "started.json");
  const init = { path: "start/policy.safetensors", algorithm: "ppo", env: "CartPole-v1", critic: false };
  fs.writeFileSync(path, JSON.stringify({ ...JSON.parse(fs.readFileSync(config, "utf8")), init }));
  expect(request({ config: path })).toMatchObject({ initialPolicy: "start/policy.safetensors", initialCritic: false });
  expect(request({ config: path, init: "other" }).initialPolicy).toBe("other");
  expect(request({ config: path, resume: true })).not.toHaveProperty("initialPolicy");
  expect(request({ config: path, resume: true })).not.toHaveProperty("initialCritic");
});

test("changes of settings are the flags', or those of the run whose settings it has", () => {
  const path = join(folder, "changed.json");
  const changes = [{ atStep: 100, options: { gamma: 0.5 } }];
  fs.writeFileSync(path, JSON.stringify({ ...JSON.parse(fs.readFileSync(config, "utf8")), changes }));
  expect(request({ config: path }).changes).toEqual(changes);
  expect(request({ config: path, resume: true })).not.toHaveProperty("changes");
  const other = [{ atStep: 7, options: { clipRange: 0.1 } }];
  expect(request({ config: path, change: other }).changes).toEqual(other);
  expect(request({ config })).not.toHaveProperty("changes");
});
