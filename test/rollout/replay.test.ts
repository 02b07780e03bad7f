/** The last few batches: how many, in which order, and back from what was saved. */
import { expect, test } from "vitest";
import { Replay, type StoredBatch } from "../../src/rollout/replay.ts";

const shape = { steps: 3, environments: 1, observationSize: 2, actionSize: 1, maskSize: 0 };

/** Two steps, told apart by their rewards. */
const batch = (mark: number): StoredBatch => ({
  rollout: {
    observations: new Float32Array(4),
    actions: new Float32Array(2),
    masks: new Float32Array(0),
    logProbs: new Float32Array(2),
    rewards: new Float64Array(2).fill(mark),
    terminated: new Uint8Array(2),
    truncated: new Uint8Array(2),
    cutRows: new Int32Array(0),
    cutObservations: new Float32Array(0),
    lastObservations: new Float32Array(2),
    states: new Float32Array(0),
    starts: new Float32Array(0),
  },
  lengths: Int32Array.of(2),
  cut: Uint8Array.of(1),
});
const marks = (replay: Replay) => Array.from({ length: replay.length }, (_, i) => replay.at(i).rollout.rewards[0]);

test("as many batches as asked for are kept, the oldest first, the newest last", () => {
  const replay = new Replay(3, shape);
  const seen = [1, 2, 3, 4, 5].map((mark) => {
    replay.push(batch(mark));
    return marks(replay);
  });
  expect(seen).toEqual([[1], [1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5]]);
});

test("one batch kept is always the newest", () => {
  const replay = new Replay(1, shape);
  replay.push(batch(1));
  replay.push(batch(2));
  expect(marks(replay)).toEqual([2]);
});

test("a full replay is saved and put back whole; of more batches than are kept it is refused", () => {
  const replay = new Replay(3, shape);
  for (const mark of [1, 2, 3]) replay.push(batch(mark));
  const saved = replay.save();
  const other = new Replay(3, shape);
  other.check(saved);
  other.load(saved);
  expect(marks(other)).toEqual([1, 2, 3]);
  expect(() => new Replay(2, shape).check(saved)).toThrow(/does not fit this learner/);
});
