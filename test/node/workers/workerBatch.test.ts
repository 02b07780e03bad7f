/** Batches in worker threads: the bits of one thread for any number of workers, states that pass from one to the other. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { BatchedEnvironment } from "../../../src/envs/batched.ts";
import { environmentSpec, prepareEnvironment, sampleFlat } from "../../../src/envs/index.ts";
import { inWorkers } from "../../../src/node/index.ts";
import { slicesOf } from "../../../src/node/workers/slices.ts";
import { RandomStream, streams } from "../../../src/random/index.ts";
import { registerTroubled, writeTroubled } from "./troubled.ts";

const folder = mkdtempSync(join(tmpdir(), "ascent-workers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const troubled = writeTroubled(folder);
await registerTroubled(troubled);
const walk = "Troubled-never-throw";

function choose(batch: BatchedEnvironment, random: RandomStream, actions: Float32Array): void {
  const { actionMasks: masks, count, actionSize, actionSpace } = batch;
  for (let i = 0; i < count; i++) {
    if (masks === undefined) sampleFlat(actionSpace, random, actions, i * actionSize);
    else actions[i] = masks.subarray(i * (masks.length / count)).indexOf(1);
  }
}

/** All that a batch says of its last step; rows of what is not valid are left out. */
function said(batch: BatchedEnvironment): unknown {
  const { count, observationSize, finalObservations, exactFinalObservations } = batch;
  const ended = [...Array(count).keys()].filter((i) => batch.terminated[i] === 1 || batch.truncated[i] === 1);
  const rows = (numbers?: ArrayLike<number>) =>
    numbers && ended.map((i) => Array.from(numbers).slice(i * observationSize, (i + 1) * observationSize));
  return {
    ...{ observations: [...batch.observations], exact: batch.exactObservations && [...batch.exactObservations] },
    ...{ rewards: [...batch.rewards], terminated: [...batch.terminated], truncated: [...batch.truncated] },
    ...{ finals: rows(finalObservations), exactFinals: rows(exactFinalObservations) },
    ...{ masks: batch.actionMasks && [...batch.actionMasks], infos: batch.infos && [...batch.infos] },
    finalInfos: batch.finalInfos && ended.map((i) => batch.finalInfos?.[i]),
  };
}

test.each([
  ["CartPole-v1", 5, [1, 2, 3]],
  ["Pendulum-v1", 4, [2]],
  ["MaskedCorridor-v1", 5, [2]],
  ["HalfCheetah-v5", 3, [2]],
  ["BipedalWalker-v3", 2, [2]],
] as const)("%s: %i environments in %o workers say what they say in one thread", async (id, count, numbers) => {
  await prepareEnvironment(id);
  const plain = environmentSpec(id).make(count);
  const batches = numbers.map((workers) => inWorkers(id, { workers }).make(count));
  try {
    for (const batch of [plain, ...batches]) batch.reset(11);
    const actions = new Float32Array(count * plain.actionSize);
    const random = new RandomStream(0, streams.user);
    for (let k = 0; k < 60; k++) {
      choose(plain, random, actions);
      for (const batch of [plain, ...batches]) batch.step(actions);
      for (const batch of batches) expect(said(batch)).toEqual(said(plain));
    }
    const state = plain.saveState();
    for (const batch of batches) expect(JSON.stringify(batch.saveState())).toBe(JSON.stringify(state));
    for (const batch of batches) batch.reset(12);
    for (const batch of batches) batch.loadState(JSON.parse(JSON.stringify(state)));
    for (let k = 0; k < 20; k++) {
      choose(plain, random, actions);
      for (const batch of [plain, ...batches]) batch.step(actions);
      for (const batch of batches) expect(said(batch)).toEqual(said(plain));
    }
  } finally {
    for (const batch of [plain, ...batches]) batch.close?.();
  }
});

test("a user's own environments, by the file that registers them: infos, states and their ends as in one thread", () => {
  const plain = environmentSpec(walk).make(5);
  const batch = inWorkers(walk, { workers: 3, imports: [troubled] }).make(5);
  try {
    const actions = new Float32Array(5);
    const random = new RandomStream(1, streams.user);
    for (const one of [plain, batch]) one.reset(4);
    for (let k = 0; k < 200; k++) {
      choose(plain, random, actions);
      for (const one of [plain, batch]) one.step(actions);
      expect(said(batch)).toEqual(said(plain));
    }
    expect(batch.saveState()).toEqual(plain.saveState());
    expect(batch.infos?.[4]).toEqual(plain.infos?.[4]);
  } finally {
    batch.close?.();
  }
});

test("pictures come from the worker that has the environment", () => {
  const plain = environmentSpec("CartPole-v1").make(4);
  const batch = inWorkers("CartPole-v1", { workers: 2 }).make(4);
  for (const one of [plain, batch]) one.reset(4);
  for (const index of [0, 1, 2, 3]) expect(batch.scene?.(index)).toEqual(plain.scene?.(index));
  expect(() => batch.scene?.(4)).toThrow(/CartPole-v1: the number of an environment/);
  batch.close?.();
});

test("an environment that does not heed where its slice begins is refused: its slices would be the same episodes", () => {
  const spec = inWorkers("Unheeding-v0", { workers: 2, imports: [troubled] });
  expect(() => spec.make(4)).toThrow(/Unheeding-v0 cannot be cut in slices.*make: \(count, firstIndex\) =>/);
});

test("slices: all environments, in order, as even as can be, none empty", () => {
  for (const [count, workers] of [
    [8, 3],
    [2, 4],
    [1, 1],
    [7, 7],
  ]) {
    const slices = slicesOf(count, workers);
    expect(slices.length).toBe(Math.min(count, workers));
    expect(slices.reduce((at, { first, count: of }) => (first === at ? at + of : Number.NaN), 0)).toBe(count);
    const sizes = slices.map(({ count: of }) => of);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  }
});
