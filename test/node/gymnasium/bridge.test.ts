/** The bridge to Python with a stub in Python's place: what goes over it, and each way in which the other side can fail. */
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import type { BatchedEnvironment } from "../../../src/envs/batched.ts";
import { environmentSpec } from "../../../src/envs/environmentRegistry.ts";
import { discrete } from "../../../src/envs/spaces.ts";
import { AscentError } from "../../../src/errors.ts";
import {
  type GymnasiumOptions,
  gymnasiumEnvironment,
  registerGymnasium,
} from "../../../src/node/gymnasium/gymnasiumEnvironment.ts";
import { deriveSeed, streams } from "../../../src/random/index.ts";
import { train } from "../../../src/training/train.ts";

const python = fileURLToPath(new URL("./stubServer.mjs", import.meta.url));
const open: BatchedEnvironment[] = [];
afterEach(() => {
  for (const batch of open.splice(0)) batch.close?.();
});

function batchOf(name: string, count = 2, options: GymnasiumOptions = {}): BatchedEnvironment {
  const batch = gymnasiumEnvironment(name, { python, ...options }).make(count);
  open.push(batch);
  return batch;
}

const seedOf = (seed: number, i: number, episode: number) =>
  deriveSeed(seed, streams.environmentSeeds, i, episode) % 2 ** 31;

function errorOf(work: () => unknown): AscentError {
  try {
    work();
  } catch (error) {
    if (error instanceof AscentError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("exchange", () => {
  test("episodes end and begin within a step; the observation they ended on is kept; each episode has its own seed", () => {
    const batch = batchOf("counts", 3);
    batch.reset(5);
    const firsts = [0, 1, 2].map((i) => seedOf(5, i, 0));
    expect([...batch.observations]).toEqual(firsts.flatMap((seed) => [seed % 1000, 0]));
    batch.step(Float32Array.of(0, 1, 2));
    expect([...batch.rewards]).toEqual([0, 1, 2]);
    batch.step(Float32Array.of(0, 0, 0));
    expect([...batch.terminated, ...batch.truncated]).toEqual([0, 0, 0, 0, 0, 0]);
    batch.step(Float32Array.of(0, 0, 0));
    expect([...batch.terminated]).toEqual(firsts.map((seed) => 1 - (seed % 2)));
    expect([...batch.truncated]).toEqual(firsts.map((seed) => seed % 2));
    expect([...batch.finalObservations]).toEqual(firsts.flatMap((seed) => [seed % 1000, 3]));
    expect([...(batch.exactFinalObservations ?? [])]).toEqual([...batch.finalObservations]);
    expect([...batch.observations]).toEqual([0, 1, 2].flatMap((i) => [seedOf(5, i, 1) % 1000, 0]));
    for (let t = 0; t < 3; t++) batch.step(new Float32Array(3));
    expect([...batch.observations]).toEqual([0, 1, 2].flatMap((i) => [seedOf(5, i, 2) % 1000, 0]));
  });

  test("masks come with observations", () => {
    const batch = batchOf("masked");
    batch.reset(0);
    expect([...(batch.actionMasks ?? [])]).toEqual([1, 0, 0, 1, 0, 0]);
    batch.step(new Float32Array(2));
    expect([...(batch.actionMasks ?? [])]).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test("a saved state begins the next episodes, and says that it is not exact", () => {
    const batch = batchOf("counts");
    batch.reset(9);
    for (let t = 0; t < 4; t++) batch.step(new Float32Array(2));
    const saved = JSON.parse(JSON.stringify(batch.saveState()));
    expect(batch.exactState).toBe(false);
    const other = batchOf("counts");
    other.loadState(saved);
    expect([...other.observations]).toEqual([0, 1].flatMap((i) => [seedOf(9, i, 2) % 1000, 0]));
    expect(errorOf(() => other.loadState({ ...saved, id: "else" })).code).toBe("file");
  });

  test("actions that the space does not have never reach Python", () => {
    const batch = batchOf("counts");
    expect(errorOf(() => batch.step(new Float32Array(2))).code).toBe("state");
    batch.reset(0);
    expect(errorOf(() => batch.step(Float32Array.of(0, 3))).code).toBe("space");
    expect(errorOf(() => batch.step(new Float32Array(3))).code).toBe("shape");
  });

  test("a policy trains on it, by the spec and by the id", async () => {
    const spec = gymnasiumEnvironment("counts", { python });
    const small = { steps: 64, options: { nEnvs: 2, nSteps: 16, batchSize: 16, nEpochs: 1 } };
    const { policy } = await train("ppo", { environment: spec, ...small });
    expect(policy.actionSpace).toEqual(discrete(3));
    registerGymnasium();
    expect(environmentSpec("gymnasium:counts")).toBe(environmentSpec("gymnasium:counts"));
  });
});

describe("failures", () => {
  test.each<[string, RegExp]>([
    ["dies", /process ended at step 1 of the batch, seed 4: got exit code 7, and on standard error: last words/],
    ["killed", /process ended at step 1 of the batch, seed 4: got SIGKILL/],
    ["hangs", /did not answer within 300 ms at step 1 of the batch, seed 4/],
    ["garbage", /is no answer at step 1 of the batch, seed 4: got "Hello from an environment/],
    ["too long", /is no answer at step 1/],
    ["raises", /ZeroDivisionError in step of environment 1 at step 1 of its episode, seed 4[\s\S]*walk\.py", line 3/],
    ["NaN", /environment 0 gave a bad observation, column 0, at step 2 of the batch, seed 4: got NaN/],
  ])("%s in the second step", (name, words) => {
    const batch = batchOf(name, 2, { timeoutMs: name === "hangs" ? 300 : 20_000 });
    batch.reset(4);
    batch.step(new Float32Array(2));
    const error = errorOf(() => batch.step(new Float32Array(2)));
    expect(error.message).toMatch(new RegExp(`^gymnasium:${name}: `));
    expect(error.message).toMatch(words);
    // Asked again, it says the same and waits for nothing.
    if (name !== "NaN") expect(errorOf(() => batch.step(new Float32Array(2))).message).toMatch(/^gymnasium:/);
  });

  test.each<[object, RegExp]>([
    [{ sort: "package", python: "/a/python", text: "No module" }, /\/a\/python -m pip install gymnasium/],
    [{ sort: "atari", python: "/a/python", text: "No module" }, /\/a\/python -m pip install ale-py/],
    [{ sort: "unknown", text: "No such" }, /Gymnasium has no environment for gymnasium:refused: got No such/],
    [{ sort: "space", space: "Tuple(Discrete(2))", part: "goal" }, /no counterpart for at goal: got Tuple/],
    [{ sort: "dependency", python: "/a/python", text: "pip install box2d" }, /needs a package[\s\S]*pip install box2d/],
  ])("what the server refuses as it starts: %o", (failure, words) => {
    const error = errorOf(() => batchOf("refused", 1, { arguments: { ...failure } }));
    expect(error.message).toMatch(words);
  });

  test("no such program, and one that is no Python", () => {
    expect(errorOf(() => batchOf("x", 1, { python: "/no/such/python" })).message).toMatch(
      /needs Python, and "\/no\/such\/python" could not be started: got ENOENT[\s\S]*ASCENT_PYTHON/,
    );
    expect(errorOf(() => batchOf("x", 1, { python: "/bin/echo" })).message).toMatch(/is no answer as it started/);
    expect(errorOf(() => batchOf("old")).message).toMatch(/is no answer as it started/);
  });

  test("what was closed says so", () => {
    const batch = batchOf("counts");
    batch.reset(0);
    batch.close?.();
    expect(errorOf(() => batch.step(new Float32Array(2))).message).toMatch(/is closed/);
  });
});
