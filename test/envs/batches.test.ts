/** What every batch of the built-in tasks promises: what reset and a loaded state clear, whose seeds they are, what is refused. */
import { describe, expect, test } from "vitest";
import { type Box, environmentSpec, listEnvironments, makeBatched } from "../../src/envs/index.ts";
import { sampleFlat } from "../../src/envs/spaces.ts";
import { RandomStream } from "../../src/random/index.ts";

type Batch = ReturnType<typeof makeBatched>;
type Saved = Record<string, unknown>;

function act(batch: Batch, random: RandomStream): void {
  const actions = new Float32Array(batch.count * batch.actionSize);
  const masks = batch.actionMasks;
  for (let i = 0; i < batch.count; i++) {
    if (masks === undefined) sampleFlat(batch.actionSpace, random, actions, i * batch.actionSize);
    else
      actions[i] = masks.subarray((i * masks.length) / batch.count, ((i + 1) * masks.length) / batch.count).indexOf(1);
  }
  batch.step(actions);
}

const run = (batch: Batch, steps: number, seed: number) => {
  const random = new RandomStream(seed, 77);
  for (let t = 0; t < steps; t++) act(batch, random);
};
const look = ({ observations, rewards, terminated, truncated }: Batch) =>
  [observations, rewards, terminated, truncated].map((array) => [...array]);
const ids = listEnvironments()
  .filter(({ prepare }) => prepare === undefined)
  .map(({ id }) => id)
  .filter((id) => /-v\d$/.test(id));

describe.each(ids)("%s", (id) => {
  test("reset clears what was, and a seed means the same again", () => {
    const batch = makeBatched(id, 3);
    batch.reset(5);
    const first = look(batch);
    expect(
      first
        .slice(1)
        .flat()
        .every((value) => value === 0),
    ).toBe(true);
    run(batch, 40, 1);
    batch.reset(5);
    expect(look(batch)).toEqual(first);
    batch.reset(6);
    expect(look(batch)[0]).not.toEqual(first[0]);
  });

  test("environment i starts alike however many stand beside it, and none as another", () => {
    const [few, many] = [makeBatched(id, 2), makeBatched(id, 5)];
    few.reset(9);
    many.reset(9);
    const size = few.observationSize;
    expect([...many.observations.subarray(0, 2 * size)]).toEqual([...few.observations]);
    // Places in a corridor may be alike; real numbers are not.
    if (few.observationSpace.kind !== "box") return;
    const rows = Array.from({ length: 5 }, (_, i) => many.observations.subarray(i * size, (i + 1) * size).join());
    expect(new Set(rows).size).toBe(5);
  });

  test("a saved state goes on to the same future, new episodes included, and is not the live one", () => {
    const [batch, copy] = [makeBatched(id, 2), makeBatched(id, 2)];
    batch.reset(3);
    run(batch, 30, 2);
    const saved = batch.saveState();
    const text = JSON.stringify(saved);
    run(batch, 230, 4);
    expect(JSON.stringify(saved)).toBe(text);
    copy.reset(8);
    run(copy, 20, 9);
    copy.loadState(JSON.parse(text));
    expect(
      look(copy)
        .slice(1)
        .flat()
        .every((value) => value === 0),
    ).toBe(true);
    run(copy, 230, 4);
    expect(look(copy)).toEqual(look(batch));
    expect(copy.saveState()).toEqual(batch.saveState());
  });

  test("a state of another task, of more environments, or of none changes nothing", () => {
    const [batch, other] = [makeBatched(id, 2), makeBatched(id, 3)];
    for (const call of ["saveState", "step"] as const)
      expect(() => batch[call](new Float32Array(2))).toThrow(new RegExp(`${id}: ${call} was called before reset`));
    batch.reset(1);
    run(batch, 10, 1);
    const before = JSON.stringify(batch.saveState());
    other.reset(1);
    const saved = JSON.parse(before) as Saved;
    const lists = Object.entries(saved).flatMap(([name, value]) =>
      Array.isArray(value) ? [[name, value] as const] : [],
    );
    for (const bad of [
      { ...saved, id: "Other-v0" },
      other.saveState(),
      { ...saved, seed: -1 },
      ...lists.map(([name, list]) => ({ ...saved, [name]: list.slice(1) })),
      ...lists.map(([name, list]) => ({ ...saved, [name]: [...list, 0] })),
    ])
      expect(() => batch.loadState(bad)).toThrow(expect.objectContaining({ code: "file" }));
    expect(JSON.stringify(batch.saveState())).toBe(before);
  });

  test("actions of another number are refused, and none is taken of which one is bad", () => {
    const batch = makeBatched(id, 2);
    batch.reset(1);
    const before = JSON.stringify(batch.saveState());
    expect(() => batch.step(new Float32Array(3))).toThrow(/wrong length: got 3, expected 2 \(/);
    const allowed = batch.actionMasks?.indexOf(1) ?? 0;
    expect(() => batch.step(Float32Array.of(allowed, Number.NaN))).toThrow(/environment 1 .*NaN/);
    if (batch.actionSpace.kind === "discrete") {
      const n = batch.actionSpace.n;
      for (const action of [n, -1, 0.5]) {
        const error = new RegExp(`environment 1 cannot take the action at step 0 .*got ${action} is not an integer`);
        expect(() => batch.step(Float32Array.of(allowed, action))).toThrow(error);
      }
    }
    expect(JSON.stringify(batch.saveState())).toBe(before);
  });
});

describe("time limits of the built-in tasks", () => {
  test.each([
    ["Pendulum-v1", 200],
    ["PendulumNoVelocity-v1", 200],
    ["MountainCarContinuous-v0", 999],
    ["MountainCar-v0", 200],
  ])("%s is cut at %d steps exactly, once and again", (id, limit) => {
    const batch = makeBatched(id, 1);
    expect(environmentSpec(id as "Pendulum-v1").maxEpisodeSteps).toBe(limit);
    batch.reset(0);
    const idle = Float32Array.of(batch.actionSpace.kind === "discrete" ? 1 : 0);
    for (let t = 1; t <= 2 * limit; t++) {
      batch.step(idle);
      expect([batch.truncated[0], batch.terminated[0]]).toEqual([t % limit === 0 ? 1 : 0, 0]);
    }
  });
});

describe("states to start from", () => {
  const spec = environmentSpec("Pendulum-v1");

  test("a batch starts its first environment there", () => {
    const batch = spec.make(2);
    batch.reset(0);
    spec.startFrom?.(batch, { state: [Math.PI / 2, 0.5] });
    expect([...batch.observations]).toEqual([0, 1, 0.5, 1, 0, 0].map((value) => expect.closeTo(value, 6)));
  });

  test.each([
    [{}, /no initial\.state/],
    [{ state: [1] }, /1 numbers in initial\.state, expected 2 numbers/],
  ])("%j is none", (initial, message) => {
    expect(() => spec.startFrom?.(spec.make(1), initial)).toThrow(message);
  });

  test("nor is one that no episode can be in", () => {
    const batch = spec.make(2);
    batch.reset(0);
    const saved = batch.saveState() as Saved;
    expect(() => batch.loadState({ ...saved, state: [0, 0, 0, 9] })).toThrow(
      /not one of a running episode: got an observation of environment 1 with element 2: 9 is outside/,
    );
  });
});

test("a part of what is seen is that part of the whole, in every row and after every end", () => {
  for (const [id, whole, columns] of [
    ["CartPoleNoVelocity-v1", "CartPole-v1", [0, 2]],
    ["PendulumNoVelocity-v1", "Pendulum-v1", [0, 1]],
  ] as const) {
    const [part, all] = [makeBatched(id, 3), makeBatched(whole, 3)];
    part.reset(4);
    all.reset(4);
    for (let t = 0; t < 60; t++) {
      const ended = Array.from({ length: 3 }, (_, i) => all.terminated[i] + all.truncated[i]);
      for (let i = 0; i < 3; i++)
        for (const [k, j] of columns.entries()) {
          expect(part.observations[2 * i + k]).toBe(all.observations[i * all.observationSize + j]);
          if (ended[i] > 0)
            expect(part.finalObservations[2 * i + k]).toBe(all.finalObservations[i * all.observationSize + j]);
        }
      const actions = Float32Array.of(1, t % 2, 0);
      part.step(actions);
      all.step(actions);
    }
    const { low, high } = all.observationSpace as Box;
    expect(part.observationSpace).toMatchObject({ low: columns.map((j) => low[j]), high: columns.map((j) => high[j]) });
  }
});

describe("what is given beside an id", () => {
  test("options are refused by name, but none and undefined ones are fine", () => {
    expect(makeBatched("CartPole-v1", 1, {}).count).toBe(1);
    expect(makeBatched("CartPole-v1", 1, { maxEpisodeSteps: undefined as never }).count).toBe(1);
    expect(() => makeBatched("CartPole-v1", 1, { maxEpisodeSteps: 5, id: "x" })).toThrow(/maxEpisodeSteps 5, id "x"/);
    expect(() => makeBatched("CartPole-v1", 0)).toThrow(/whole number ≥ 1/);
  });
});
