/** Runs from code: one's own environments, failures in the middle, policies back from disk, documented figures. */

import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { algorithms } from "../../src/algorithms/algorithmRegistry.ts";
import type { AlgorithmName } from "../../src/algorithms/byName.ts";
import { box, type Environment, environmentSpec } from "../../src/envs/index.ts";
import { AscentError } from "../../src/errors.ts";
import { recordEpisodes } from "../../src/imitation/index.ts";
import { listCheckpoints } from "../../src/node/checkpoints.ts";
import { loadPolicy, readPolicy } from "../../src/node/loadPolicy.ts";
import { timingColumns } from "../../src/node/runs/recorder.ts";
import { trainRun } from "../../src/node/trainRun.ts";
import { createLearner, train } from "../../src/training/train.ts";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "ascent-run-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A point that is pushed about; reward for being near 0. */
class Point implements Environment<number[], Float32Array> {
  observationSpace = box({ low: -10, high: 10, shape: [1] });
  actionSpace = box({ low: -1, high: 1, shape: [1] });
  position = 1;
  step(action: Float32Array) {
    this.position = Math.max(-9, Math.min(9, this.position + 0.5 * action[0]));
    return { observation: [this.position], reward: -Math.abs(this.position), terminated: false, truncated: false };
  }
  reset({ seed = 0 } = {}) {
    this.position = (seed % 5) - 2;
    return { observation: [this.position] };
  }
  saveState() {
    return this.position;
  }
  loadState(state: number) {
    this.position = state;
  }
}

const options = { nEnvs: 2, nSteps: 32, nEpochs: 2, hidden: [8], normalizeObservations: true, annealSteps: 512 };
const environmentOptions = { id: "Point-v0", maxEpisodeSteps: 20 };
const request = {
  ...{ algorithm: "ppo" as const, options, environment: () => new Point(), environmentOptions },
  ...{ evaluationEpisodes: 3, checkpointEvery: 64 },
};

test("one's own environment: a whole run, resumed bit for bit, evaluated within its time limit", async () => {
  const { summary } = await trainRun({ ...request, out: join(folder, "a"), steps: 512 });
  expect(summary).toMatchObject({ env: "Point-v0", steps: 512, evaluation: { episodes: 3 } });
  await trainRun({ ...request, out: join(folder, "b"), steps: 192 });
  const second = await trainRun({ ...request, out: join(folder, "b"), steps: 512, resume: true });
  expect(second.summary?.evaluation).toEqual(summary?.evaluation);
  for (const file of ["progress.csv", "policy.safetensors", "checkpoints/checkpoint-000000000512.safetensors"]) {
    expect(fs.readFileSync(join(folder, "a", file)).equals(fs.readFileSync(join(folder, "b", file))), file).toBe(true);
  }
});

test("a NaN from the environment stops the run with its place, and the last checkpoint stands", async () => {
  class Broken extends Point {
    static steps = 0;
    override step(action: Float32Array) {
      const result = super.step(action);
      return Broken.steps++ === 300 ? { ...result, observation: [Number.NaN] } : result;
    }
  }
  const run = trainRun({ ...request, environment: () => new Broken(), out: folder, steps: 512 });
  await expect(run).rejects.toThrow(
    /^Point-v0: environment \d gave a .*observation at step \d+ of its episode \d+, seed \d+: got .*NaN/,
  );
  expect(listCheckpoints(join(folder, "checkpoints"))[0].step).toBe(256);
  await trainRun({ ...request, out: folder, steps: 512, resume: true });
  expect(fs.existsSync(join(folder, "summary.json"))).toBe(true);
});

test("an action outside the space is refused by name", () => {
  const environment = environmentSpec("CartPole-v1").makeSingle();
  environment.reset({ seed: 0 });
  expect(() => environment.step(2)).toThrow(AscentError);
  expect(() => environment.step(2)).toThrow(/CartPole-v1.*2/);
});

test("wrong settings fail before the folder is made", async () => {
  const out = join(folder, "new");
  await expect(trainRun({ ...request, options: { gama: 1 } as object, out })).rejects.toThrow(/Did you mean "gamma"/);
  await expect(trainRun({ ...request, algorithm: "poo" as AlgorithmName, out })).rejects.toThrow(/Did you mean "ppo"/);
  await expect(trainRun({ algorithm: "ppo", out })).rejects.toThrow(/needs an environment/);
  expect(fs.existsSync(out)).toBe(false);
});

test("an environment whose state cannot be saved: refused before anything is trained, with no folder made", async () => {
  const environment = () => Object.assign(new Point(), { saveState: () => ({ place: Float64Array.of(1) }) });
  let iterations = 0;
  const onIteration = () => iterations++;
  const run = trainRun({ ...request, environment, onIteration, out: join(folder, "a"), steps: 512 });
  await expect(run).rejects.toThrow(/cannot be kept exactly at state\.place: got a Float64Array.*Array\.from/);
  expect(iterations).toBe(0);
  expect(fs.readdirSync(folder)).toEqual([]);
});

test("a policy from disk acts as the one that was trained, normaliser included", async () => {
  await trainRun({ ...request, out: folder, steps: 256 });
  const policy = await loadPolicy(folder);
  const { algorithm, environment } = request;
  const trained = await train(algorithm, { environment, environmentOptions, options, steps: 256 });
  expect(policy.description.scaling?.scale[0]).not.toBe(1);
  for (const position of [-2, -0.1, 0, 1.5]) expect(policy.act([position])).toEqual(trained.policy.act([position]));
  await expect(loadPolicy(join(folder, "none"))).rejects.toThrow(/Could not read the policy .*none: .*does not exist/);
  const path = join(folder, "policy.safetensors");
  fs.writeFileSync(path, fs.readFileSync(path).subarray(0, 1000));
  await expect(loadPolicy(folder)).rejects.toThrow(/policy\.safetensors: /);
});

test("from a trained policy: recorded, resumed without its file, and the way that a changed setting is shown", async () => {
  const first = { ...request, out: join(folder, "a"), steps: 128 };
  await trainRun(first);
  const changed = { ...first, options: { ...options, learningRate: 1e-5 }, resume: true };
  await expect(trainRun(changed)).rejects.toThrow(/cannot change learningRate.*start a new run .*--init .*a \(in code/);

  const { hidden: _, normalizeObservations: __, ...own } = { ...options, learningRate: 1e-5 };
  const tuned = { ...request, options: own, out: join(folder, "b"), initialPolicy: join(folder, "a"), steps: 256 };
  const stopped = await trainRun({ ...tuned, signal: AbortSignal.abort() });
  const old = await readPolicy(join(folder, "a"));
  const { weights, scaling } = old;
  expect(await readPolicy(join(folder, "b"))).toMatchObject({ weights, scaling });
  expect(stopped.config).toMatchObject({
    init: { algorithm: "ppo", env: "Point-v0", path: join(folder, "a"), critic: true },
    options: { hidden: [8], normalizeObservations: true, learningRate: 1e-5 },
  });
  expect(stopped.config.init?.sha256).toMatch(/^[0-9a-f]{64}$/);

  fs.rmSync(join(folder, "a"), { recursive: true });
  const resumed = { ...request, options: own, out: join(folder, "b"), steps: 256, resume: true };
  await expect(trainRun({ ...resumed, initialCritic: false })).rejects.toThrow(/cannot change the initial critic/);
  expect((await trainRun(resumed)).summary).toMatchObject({ steps: 256 });
  await trainRun({ ...tuned, out: join(folder, "c"), initialPolicy: old });
  const progress = (run: string) => fs.readFileSync(join(folder, run, "progress.csv"), "utf8");
  expect(progress("c")).toBe(progress("b"));
});

test("two resumes at once: one is refused by name, the other goes on as if alone", async () => {
  await trainRun({ ...request, out: join(folder, "alone"), steps: 512 });
  const out = join(folder, "shared");
  await trainRun({ ...request, out, steps: 192 });
  const again = { ...request, out, steps: 512, resume: true };
  const outcomes = await Promise.allSettled([trainRun(again), trainRun(again)]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const [refused] = outcomes.filter((outcome) => outcome.status === "rejected");
  expect(refused.reason).toBeInstanceOf(AscentError);
  expect(refused.reason.message).toMatch(
    new RegExp(`^The run in .*shared is in use by process ${process.pid} on .*\\. Wait .*remove .*run\\.lock\\.$`),
  );
  for (const file of ["progress.csv", "policy.safetensors", "checkpoints/checkpoint-000000000512.safetensors"]) {
    const bytes = (run: string) => fs.readFileSync(join(folder, run, file), "base64");
    expect(bytes("shared"), file).toBe(bytes("alone"));
  }
  expect(fs.existsSync(join(out, "run.lock"))).toBe(false);
});

test("two new runs in one folder: one is refused", async () => {
  const outcomes = await Promise.allSettled([1, 2].map(() => trainRun({ ...request, out: folder, steps: 64 })));
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("the seed may stand beside the options, and is a part of the run", async () => {
  const { config } = await trainRun({ ...request, out: folder, steps: 64, seed: 7 });
  expect(config).toMatchObject({ seed: 7, options: { seed: 7 } });
  const other = trainRun({ ...request, out: folder, steps: 128, seed: 8, resume: true });
  await expect(other).rejects.toThrow(/cannot change seed: got 8, expected 7/);
});

test("the lock goes with a run that fails", async () => {
  const fail = () => {
    throw new Error("rehearsed");
  };
  const run = trainRun({ ...request, out: folder, steps: 512, onIteration: fail });
  await expect(run).rejects.toThrow("rehearsed");
  expect(fs.existsSync(join(folder, "run.lock"))).toBe(false);
});

test("the environments of a run are closed, however it ends", async () => {
  let open = 0;
  class Counted extends Point {
    constructor() {
      super();
      open++;
    }
    close() {
      open--;
    }
  }
  const counted = { ...request, environment: () => new Counted(), out: folder };
  await trainRun({ ...counted, steps: 128 });
  expect(open).toBe(0);
  await trainRun({ ...counted, steps: 256, resume: true });
  expect(open).toBe(0);
  await expect(trainRun({ ...counted, steps: 256 })).rejects.toThrow(/already holds a run/);
  expect(open).toBe(0);
  const fail = () => {
    throw new Error("rehearsed");
  };
  await expect(trainRun({ ...counted, steps: 512, resume: true, onIteration: fail })).rejects.toThrow("rehearsed");
  expect(open).toBe(0);
});

test("resuming with fewer steps than are made is refused and changes nothing", async () => {
  await trainRun({ ...request, out: folder, steps: 512, signal: AbortSignal.abort() });
  const stop = new AbortController();
  const onCheckpoint = (steps: number) => steps >= 256 && stop.abort();
  const stopped = { ...request, out: folder, resume: true, onCheckpoint, signal: stop.signal };
  expect(await trainRun(stopped)).toMatchObject({ steps: 256 });
  const config = fs.readFileSync(join(folder, "config.json"), "utf8");
  await expect(trainRun({ ...request, out: folder, resume: true, steps: 192 })).rejects.toThrow(
    /past these steps already: got 192 steps, expected 256 or more: it has made 256.*go on to 512\.$/,
  );
  expect(fs.readFileSync(join(folder, "config.json"), "utf8")).toBe(config);
  expect(fs.existsSync(join(folder, "summary.json"))).toBe(false);
  // Asking once more for what the run was started with is no request for fewer.
  expect((await trainRun({ ...request, out: folder, resume: true, steps: 512 })).steps).toBe(512);
  expect((await trainRun({ ...request, out: folder, resume: true, steps: 512 })).summary?.steps).toBe(512);
});

test("the time limit is a part of the run", async () => {
  await trainRun({ ...request, out: join(folder, "a"), steps: 256 });
  const out = join(folder, "b");
  await trainRun({ ...request, out, steps: 128 });
  const resumed = { ...request, out, steps: 256, resume: true };
  const longer = { ...resumed, environmentOptions: { id: "Point-v0", maxEpisodeSteps: 30 } };
  await expect(trainRun(longer)).rejects.toThrow(
    /cannot change the time limit \(maxEpisodeSteps\): got 30, expected 20/,
  );
  const endless = { ...resumed, environmentOptions: { id: "Point-v0", maxEpisodeSteps: Number.POSITIVE_INFINITY } };
  await expect(trainRun(endless)).rejects.toThrow(/cannot change the time limit .*got "none", expected 20/);
  await trainRun({ ...resumed, environmentOptions: {} });
  for (const file of ["progress.csv", "checkpoints/checkpoint-000000000256.safetensors", "config.json"]) {
    const bytes = (run: string) => fs.readFileSync(join(folder, run, file), "utf8");
    expect(bytes("b"), file).toBe(bytes("a"));
  }
});

test("a summary is not left beside the policy of a longer run", async () => {
  await trainRun({ ...request, out: folder, steps: 128 });
  const stop = new AbortController();
  const onCheckpoint = () => stop.abort();
  const { summary } = await trainRun({
    ...request,
    out: folder,
    resume: true,
    steps: 512,
    onCheckpoint,
    signal: stop.signal,
  });
  expect(summary).toBeUndefined();
  expect(fs.existsSync(join(folder, "summary.json"))).toBe(false);
});

test("stopped in the evaluation: all is saved, and a resume evaluates as if never stopped", async () => {
  const whole = await trainRun({ ...request, out: join(folder, "a"), steps: 128 });
  const stop = new AbortController();
  const out = join(folder, "b");
  const stopped = await trainRun({ ...request, out, steps: 128, signal: stop.signal, onEvaluate: () => stop.abort() });
  expect(stopped).toMatchObject({ steps: 128 });
  expect(stopped.summary).toBeUndefined();
  expect(fs.existsSync(join(out, "summary.json"))).toBe(false);
  const { summary } = await trainRun({ ...request, out, resume: true });
  expect(summary?.evaluation).toEqual(whole.summary?.evaluation);
});

test.each(Object.keys(algorithms) as AlgorithmName[])(
  "every figure of %s is defined in docs/metrics.md",
  async (name) => {
    const defined = fs.readFileSync(new URL("../../docs/metrics.md", import.meta.url), "utf8");
    const small = Object.entries({ nEnvs: 2, nSteps: 32 }).filter(([key]) => key in algorithms[name].options.shape);
    for (const environment of ["CartPole-v1", "Pendulum-v1"]) {
      const byData = algorithms[name].learnsFrom === "data";
      const data = byData ? await recordEpisodes("random", environment, { episodes: 3 }) : undefined;
      const { learner } = await createLearner(name, { environment, data, options: Object.fromEntries(small) });
      const figures = Object.keys(learner.iterate());
      const own = byData ? ["steps", "heldOutLogLikelihood"] : ["steps", "episodes", "episodeReturn", "episodeLength"];
      expect(figures).toEqual(expect.arrayContaining(own));
      for (const figure of ["step", ...figures, ...timingColumns]) {
        expect(defined, figure).toMatch(new RegExp(`^\\| \`${figure}\` \\|`, "m"));
      }
    }
  },
);

test("settings that change: in config.json, resumed bit for bit across a change, never changed by a resume", async () => {
  const changes = [
    { atStep: 200, options: { learningRate: 1e-4, targetKl: null } },
    { atStep: 300, options: { objective: "penalty" as const } },
  ];
  const run = { ...request, changes, evaluationEpisodes: 1 };
  await trainRun({ ...run, out: join(folder, "a"), steps: 512 });
  await trainRun({ ...run, out: join(folder, "b"), steps: 256 });
  await trainRun({ ...request, evaluationEpisodes: 1, out: join(folder, "b"), steps: 512, resume: true });
  const files = [
    "config.json",
    "progress.csv",
    "policy.safetensors",
    "checkpoints/checkpoint-000000000512.safetensors",
  ];
  const [a, b] = ["a", "b"].map((name) => files.map((file) => fs.readFileSync(join(folder, name, file), "utf8")));
  expect(b).toEqual(a);
  expect(JSON.parse(a[0]).changes).toEqual(changes);
  // A figure that comes with a change has no column; TensorBoard takes it.
  expect(a[1].split("\n")[0]).not.toContain("klCoef");
  const rates = a[1].split("\n").map((row) => row.split(",")[a[1].split("\n")[0].split(",").indexOf("learningRate")]);
  expect(rates.slice(1, 9)).toEqual(["0.0003", "0.0003", "0.0003", "0.0003", "0.0001", "0.0001", "0.0001", "0.0001"]);
  const again = { ...request, out: join(folder, "b"), steps: 600, resume: true };
  await expect(trainRun({ ...again, changes: changes.slice(0, 1) })).rejects.toThrow(
    /resumed run cannot change the changes of settings.*Leave it out/,
  );
  await trainRun({ ...again, changes, evaluationEpisodes: 1 });
  await expect(
    trainRun({ ...run, out: join(folder, "c"), changes: [{ atStep: 3, options: { nEnvs: 3 } }] }),
  ).rejects.toThrow(/nEnvs cannot change/);
  expect(fs.existsSync(join(folder, "c"))).toBe(false);
});
