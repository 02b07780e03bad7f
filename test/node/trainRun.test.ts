/** Runs from code: one's own environments, failures in the middle, policies back from disk, documented figures. */
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { algorithms } from "../../src/algorithms/registry.ts";
import { box, type Environment, environmentSpec } from "../../src/envs/index.ts";
import { AscentError } from "../../src/errors.ts";
import { recordEpisodes } from "../../src/imitation/index.ts";
import { listCheckpoints } from "../../src/node/checkpoints.ts";
import { loadPolicy } from "../../src/node/loadPolicy.ts";
import { timingColumns } from "../../src/node/runs/recorder.ts";
import { trainRun } from "../../src/node/trainRun.ts";
import { createLearner } from "../../src/training/train.ts";

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
  ...{ algorithm: "ppo", options, environment: () => new Point(), environmentOptions },
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
    /^Point-v0: environment \d gave a .*observation at step \d+ of its episode \d+: got .*NaN/,
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
  await expect(trainRun({ ...request, options: { gama: 1 }, out })).rejects.toThrow(/Did you mean "gamma"/);
  await expect(trainRun({ ...request, algorithm: "poo", out })).rejects.toThrow(/Did you mean "ppo"/);
  await expect(trainRun({ algorithm: "ppo", out })).rejects.toThrow(/needs an environment/);
  expect(fs.existsSync(out)).toBe(false);
});

test("a policy from disk acts as the one that was trained, normaliser included", async () => {
  await trainRun({ ...request, out: folder, steps: 256 });
  const policy = await loadPolicy(folder);
  const { description } = policy;
  expect(description.scaling?.scale[0]).not.toBe(1);
  const again = await loadPolicy(join(folder, "policy.safetensors"));
  for (const position of [-2, -0.1, 0, 1.5]) expect(policy.act([position])).toEqual(again.act([position]));
  await expect(loadPolicy(join(folder, "none"))).rejects.toThrow(/Could not read the policy .*none: .*does not exist/);
  const path = join(folder, "policy.safetensors");
  fs.writeFileSync(path, fs.readFileSync(path).subarray(0, 1000));
  await expect(loadPolicy(folder)).rejects.toThrow(/policy\.safetensors: /);
});

test.each(Object.keys(algorithms))("every figure of %s is defined in docs/metrics.md", async (name) => {
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
});
