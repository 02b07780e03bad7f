/** Dict actions with masks: which columns they speak of, what is a bad one, and what a batch and the checker do with them. */

import { expect, test } from "vitest";
import {
  batchFromFactory,
  box,
  checkEnvironment,
  dict,
  discrete,
  type Environment,
  multiBinary,
  multiDiscrete,
} from "../../src/envs/index.ts";
import { whyNotMask } from "../../src/envs/masks.ts";
import { choiceColumns, maskSize } from "../../src/envs/spaces.ts";

const space = dict({
  move: box({ low: -1, high: 1, shape: [2] }),
  tool: discrete(2, 5),
  nested: dict({ lights: multiBinary(2), keys: multiDiscrete([3, 2]) }),
});
type Action = { move: Float32Array; tool: number; nested: { keys: Int32Array } };

/** Tool 6 and the first key's choice 1 are never allowed. */
class Panel implements Environment<number[], Action> {
  readonly observationSpace = box({ low: 0, high: 1, shape: [1] });
  readonly actionSpace = space;
  mask = [1, 0, 1, 0, 1, 1, 1];
  played: Action[] = [];
  #steps = -1;

  reset() {
    this.#steps = 0;
    return { observation: [0] };
  }

  step(action: Action) {
    if (this.#steps < 0) throw new Error("reset first");
    this.played.push(action);
    this.#steps++;
    return { observation: [0], reward: 0, terminated: this.#steps === 7, truncated: false };
  }

  actionMask() {
    return Uint8Array.from(this.mask);
  }

  saveState() {
    return this.#steps;
  }

  loadState(state: unknown) {
    this.#steps = state as number;
  }
}

test("the columns of choices, nested ones included", () => {
  expect(choiceColumns(space)).toEqual([
    { column: 2, start: 5, size: 2 },
    { column: 5, start: 0, size: 3 },
    { column: 6, start: 0, size: 2 },
  ]);
  expect(maskSize(space)).toBe(7);
});

test.each([
  [[1, 0, 1, 0, 1, 1, 1], undefined],
  [[0, 0, 1, 0, 1, 1, 1], "a mask that allows no action"],
  [[1, 0, 1, 0, 1, 0, 0], "a mask that allows no action"],
  [[1, 0, 1], "3 entries"],
])("mask %j: %s", (mask, reason) => {
  expect(whyNotMask(space, Uint8Array.from(mask))).toBe(reason);
});

test("a batch refuses a masked choice of a field and lets the others through", () => {
  const batch = batchFromFactory(() => new Panel() as Environment, 2);
  batch.reset(0);
  expect([...batch.actionMasks!]).toEqual([1, 0, 1, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 1]);
  const fine = [0.5, -1, 5, 1, 0, 2, 1];
  batch.step(Float32Array.from([...fine, ...fine]));
  for (const [column, value] of [
    [2, 6],
    [5, 1],
  ]) {
    const wrong = fine.with(column, value);
    expect(() => batch.step(Float32Array.from([...fine, ...wrong]))).toThrow(
      new RegExp(`${value}, which the action mask forbids`),
    );
  }
});

test("the checker plays allowed actions only", () => {
  const made: Panel[] = [];
  const findings = checkEnvironment(() => {
    made.push(new Panel());
    return made[made.length - 1] as Environment;
  });
  expect(findings.filter(({ level }) => level === "error")).toEqual([]);
  const played = made.flatMap((one) => one.played);
  expect(played.length).toBeGreaterThan(100);
  for (const { tool, nested } of played) {
    expect(tool).toBe(5);
    expect(nested.keys[0]).not.toBe(1);
  }
});
