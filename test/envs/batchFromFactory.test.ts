import { describe, expect, test } from "vitest";
import {
  batchFromFactory,
  box,
  clipAction,
  discrete,
  type Environment,
  environmentSpec,
  makeBatched,
  registerEnvironment,
  singleFromBatched,
  timeLimit,
  transformReward,
} from "../../src/envs/index.ts";
import { deriveSeed, streams } from "../../src/random/index.ts";
import { train } from "../../src/training/train.ts";
import { Corridor, type Seen } from "./corridor.ts";

function planted(change: (environment: Corridor) => void): () => Corridor {
  return () => {
    const environment = new Corridor();
    change(environment);
    return environment;
  };
}

/** Right at the left end, otherwise by turns. */
function actionsFor(places: Float32Array, t: number): Float32Array {
  return Float32Array.from({ length: places.length / 3 }, (_, i) =>
    places[3 * i] === 0 ? 1 : (t + i) % 3 === 0 ? 0 : 1,
  );
}

describe("a user's class in a batch", () => {
  test("equals stepping each by hand: seeds, flattening, autoreset, final observations, masks", () => {
    const batch = batchFromFactory(() => new Corridor(), 3, { maxEpisodeSteps: 6 });
    const hand = [0, 1, 2].map(() => new Corridor());
    const episodes = [0, 0, 0];
    const steps = [0, 0, 0];
    const seedOf = (i: number) => ({ seed: deriveSeed(12, streams.environmentSeeds, i, episodes[i]) });
    const row = (seen: Seen) => [seen.place, ...seen.noise];
    batch.reset(12);
    let rows = hand.map((one, i) => row(one.reset(seedOf(i)).observation));
    expect([...batch.observations]).toEqual(rows.flat());
    const seen = { terminated: 0, truncated: 0 };
    for (let t = 0; t < 300; t++) {
      const actions = actionsFor(batch.observations, t);
      batch.step(actions);
      rows = hand.map((one, i) => {
        const { observation, reward, terminated } = one.step(actions[i]);
        const truncated = ++steps[i] >= 6;
        expect([batch.rewards[i], batch.terminated[i], batch.truncated[i]]).toEqual([reward, +terminated, +truncated]);
        seen.terminated += +terminated;
        seen.truncated += +truncated;
        if (!terminated && !truncated) return row(observation);
        expect([...batch.finalObservations.subarray(3 * i, 3 * i + 3)]).toEqual(row(observation));
        episodes[i]++;
        steps[i] = 0;
        return row(one.reset(seedOf(i)).observation);
      });
      expect([...batch.observations]).toEqual(rows.flat());
      expect([...(batch.actionMasks as Uint8Array)]).toEqual(hand.flatMap((one) => [...one.actionMask()]));
    }
    expect(seen.terminated).toBeGreaterThan(10);
    expect(seen.truncated).toBeGreaterThan(0);
  });

  test("without a limit nothing is ever truncated", () => {
    const batch = batchFromFactory(
      planted((one) => (one.look = () => ({ place: 1, noise: new Float32Array(2) }))),
      1,
    );
    batch.reset(0);
    for (let t = 0; t < 5000; t++) {
      batch.step(Float32Array.of(t % 2));
      expect(batch.truncated[0]).toBe(0);
    }
  });

  test("terminated and truncated on the same step are both reported", () => {
    const factory = planted(
      (one) => (one.step = () => ({ observation: one.look(), reward: 0, terminated: true, truncated: false })),
    );
    const batch = batchFromFactory(factory, 1, { maxEpisodeSteps: 1 });
    batch.reset(0);
    batch.step(Float32Array.of(1));
    expect([batch.terminated[0], batch.truncated[0]]).toEqual([1, 1]);
  });

  test("saved state continues bit for bit", () => {
    const make = () => batchFromFactory(() => new Corridor(), 2, { maxEpisodeSteps: 7 });
    const original = make();
    original.reset(3);
    for (let t = 0; t < 25; t++) original.step(actionsFor(original.observations, t));
    const copy = make();
    copy.loadState(JSON.parse(JSON.stringify(original.saveState())));
    expect(copy.exactState).toBe(true);
    expect(copy.actionMasks).toEqual(original.actionMasks);
    for (let t = 0; t < 60; t++) {
      expect(copy.observations).toEqual(original.observations);
      const actions = actionsFor(original.observations, t);
      original.step(actions);
      copy.step(actions);
      expect([copy.rewards, copy.terminated, copy.truncated]).toEqual([
        original.rewards,
        original.terminated,
        original.truncated,
      ]);
    }
  });

  test("a class without saveState resumes at the next episode, and says it is not exact", () => {
    const factory = (): Environment => {
      const { observationSpace, actionSpace, reset, step, look } = new Corridor();
      return Object.assign(Object.create({ reset, step, look }), { observationSpace, actionSpace, place: -1 });
    };
    const original = batchFromFactory(factory, 1);
    original.reset(3);
    const copy = batchFromFactory(factory, 1);
    copy.loadState(JSON.parse(JSON.stringify(original.saveState())));
    expect(copy.exactState).toBe(false);
    const next = new Corridor().reset({ seed: deriveSeed(3, streams.environmentSeeds, 0, 1) }).observation;
    expect([...copy.observations]).toEqual([next.place, ...next.noise]);
  });

  test.each([
    ["episodes", { seed: 5, episodes: [1] }],
    ["steps", { seed: 5, steps: [1] }],
    ["states", { seed: 5, states: [{}] }],
    ["observations", { seed: 5, observations: [] }],
    ["seed", { seed: -1 }],
  ])("a saved state with wrong %s is refused and changes nothing", (_, change) => {
    const batch = batchFromFactory(() => new Corridor(), 2);
    batch.reset(3);
    const saved = batch.saveState() as object;
    expect(() => batch.loadState({ ...saved, ...change })).toThrow(/saved state of custom.*Load /);
    expect(batch.saveState()).toEqual(saved);
  });

  test("info comes through: beside its observation, that of an episode's last step beside the final one", () => {
    class Telling extends Corridor {
      episode = 0;
      override reset(options?: { seed?: number }) {
        this.episode++;
        return { ...super.reset(options), info: { started: this.episode } };
      }
      override step(action: number) {
        const result = super.step(action);
        return this.place === 2 ? result : { ...result, info: { place: this.place, episode: this.episode } };
      }
    }
    const batch = batchFromFactory(() => new Telling(), 1);
    batch.reset(2);
    const { infos, finalInfos } = batch;
    expect(infos).toEqual([{ started: 1 }]);
    const seen: unknown[] = [];
    for (batch.step(Float32Array.of(1)); batch.terminated[0] === 0; batch.step(Float32Array.of(1)))
      seen.push(infos?.[0]);
    expect(seen.slice(-2)).toEqual([undefined, { place: 3, episode: 1 }]);
    expect([infos, finalInfos]).toEqual([[{ started: 2 }], [{ place: 4, episode: 1 }]]);
    expect([batch.infos, batch.finalInfos]).toEqual([infos, finalInfos]);
    batch.reset(0);
    expect(finalInfos).toEqual([undefined]);

    const single = singleFromBatched(batchFromFactory(() => new Telling(), 1));
    expect(single.reset({ seed: 0 }).info).toEqual({ started: 1 });
    let result = single.step(1);
    while (!result.terminated) result = single.step(1);
    expect(result.info).toEqual({ place: 4, episode: 1 });
    expect(single.reset().info).toBeDefined();
    const silent = singleFromBatched(batchFromFactory(() => new Corridor(), 1));
    expect(silent.reset()).not.toHaveProperty("info");
  });

  test("and back to one environment for people", () => {
    const single = singleFromBatched<Seen, number>(batchFromFactory(() => new Corridor(), 1));
    expect(single.reset({ seed: 1 }).observation.noise).toHaveLength(2);
    expect(single.actionMask?.()).toHaveLength(2);
    expect(single.step(1).reward).toBeLessThanOrEqual(1);
  });
});

describe("faults are named with environment and step", () => {
  test.each<[string, (environment: Corridor) => void, RegExp]>([
    [
      "NaN reward",
      (one) => (one.step = () => ({ observation: one.look(), reward: NaN, terminated: false, truncated: false })),
      /environment 0 gave a bad reward at step 1 .*got NaN/,
    ],
    [
      "flag",
      (one) => (one.step = () => ({ observation: one.look(), reward: 0, terminated: 1 as never, truncated: false })),
      /flags that are not booleans/,
    ],
    [
      "outside",
      (one) => (one.look = () => ({ place: 5, noise: new Float32Array(2) })),
      /bad observation at step 0.*field "place": 5/,
    ],
    ["shape", (one) => (one.look = () => ({ place: 0, noise: new Float32Array(3) })), /3 elements, not 2/],
    ["NaN observation", (one) => (one.look = () => ({ place: 0, noise: Float32Array.of(0, NaN) })), /element 1: NaN/],
    ["mask", (one) => (one.actionMask = () => new Uint8Array(3)), /bad action mask.*3 entries/],
    ["closed mask", (one) => (one.actionMask = () => new Uint8Array(2)), /allows no action/],
  ])("%s", (_, change, message) => {
    const batch = batchFromFactory(planted(change), 2);
    expect(() => {
      batch.reset(0);
      batch.step(Float32Array.of(1, 1));
    }).toThrow(message);
  });

  test("infinite observations of an unbounded Box", () => {
    const observation = Float32Array.of(Infinity);
    const factory = (): Environment => ({
      observationSpace: box({ low: -Infinity, high: Infinity, shape: [1] }),
      actionSpace: discrete(2),
      reset: () => ({ observation }),
      step: () => ({ observation, reward: 0, terminated: false, truncated: false }),
    });
    expect(() => batchFromFactory(factory, 1).reset(0)).toThrow(/non-finite observation/);
  });

  test("actions: outside, masked, too few, before reset", () => {
    const batch = batchFromFactory(() => new Corridor(), 2);
    expect(() => batch.step(new Float32Array(2))).toThrow(/before reset/);
    batch.reset(0);
    expect(() => batch.step(Float32Array.of(1, 2))).toThrow(/environment 1 cannot take the action at step 0/);
    expect(() => batch.step(new Float32Array(1))).toThrow(/wrong length/);
    while (batch.observations[0] !== 0) batch.step(Float32Array.of(0, 1));
    expect(() => batch.step(Float32Array.of(0, 1))).toThrow(/environment 0 .*mask forbids/);
  });

  test("a factory whose environments differ", () => {
    let made = 0;
    const factory = planted((one) => Object.assign(one, { actionSpace: discrete(2 + made++) }));
    expect(() => batchFromFactory(factory, 2)).toThrow(/different spaces.*Discrete\(3\)/);
  });

  test("options", () => {
    expect(() => batchFromFactory(() => new Corridor(), 0)).toThrow(/whole number ≥ 1/);
    for (const maxEpisodeSteps of [0, -1, 2.5, NaN, Infinity]) {
      expect(() => batchFromFactory(() => new Corridor(), 1, { maxEpisodeSteps })).toThrow(/maxEpisodeSteps/);
    }
  });
});

describe("registry", () => {
  test("an unknown id names the nearest", () => {
    expect(() => environmentSpec("cartpole-v1")).toThrow(/Did you mean "CartPole-v1"/);
  });

  test("registered specs, ids and factories all make batches", () => {
    const spec = {
      id: "Corridor-v0",
      maxEpisodeSteps: 9,
      summary: "walk right",
      make: (count: number) => batchFromFactory(() => new Corridor(), count, { id: "Corridor-v0", maxEpisodeSteps: 9 }),
      makeSingle: () => new Corridor(),
    };
    registerEnvironment(spec);
    expect(makeBatched("Corridor-v0", 2).id).toBe("Corridor-v0");
    expect(makeBatched(spec, 3).count).toBe(3);
    expect(makeBatched(() => new Corridor(), 2, { id: "mine" }).id).toBe("mine");
    expect(() => registerEnvironment({ ...spec })).toThrow(/registered already/);
  });
});

describe("options of an environment that has its own", () => {
  const options = { id: undefined, maxEpisodeSteps: 100 };
  const message = /CartPole-v1 .*environmentOptions.*: got maxEpisodeSteps 100, expected none\. Leave them out/;

  test.each([
    ["an id", "CartPole-v1"],
    ["a spec", environmentSpec("CartPole-v1")],
  ])("are refused for %s", (_, source) => {
    expect(() => makeBatched(source, 1, options)).toThrow(message);
    expect(makeBatched(source, 1, { maxEpisodeSteps: undefined }).count).toBe(1);
    expect(makeBatched(source, 1, {}).count).toBe(1);
  });

  test("training refuses them too, and the cure that the error names works", async () => {
    const environment = "CartPole-v1";
    await expect(train("ppo", { environment, environmentOptions: options, steps: 1 })).rejects.toThrow(message);
    const shorter = () => timeLimit(environmentSpec(environment).makeSingle(), 3);
    const batch = makeBatched(shorter, 1);
    batch.reset(0);
    for (let t = 0; t < 3; t++) batch.step(Float32Array.of(t % 2));
    expect([...batch.truncated]).toEqual([1]);
  });
});

describe("wrappers", () => {
  test("timeLimit truncates, also on the step that terminates, and its state is saved", () => {
    const make = () => timeLimit(new Corridor(), 3);
    const environment = make();
    environment.reset({ seed: 0 });
    environment.step(1);
    const copy = make();
    copy.loadState?.(JSON.parse(JSON.stringify(environment.saveState?.())));
    const ends = [environment.step(1), copy.step(1)];
    expect(ends[0]).toEqual(ends[1]);
    if (!ends[0].terminated) expect([environment.step(1).truncated, copy.step(1).truncated]).toEqual([true, true]);
    const ending = timeLimit(
      planted(
        (one) => (one.step = () => ({ observation: one.look(), reward: 0, terminated: true, truncated: false })),
      )(),
      1,
    );
    ending.reset();
    expect(ending.step(1)).toMatchObject({ terminated: true, truncated: true });
    expect(() => timeLimit(new Corridor(), 0)).toThrow(/whole number ≥ 1/);
  });

  test("clipAction and transformReward", () => {
    const inner = environmentSpec("MountainCarContinuous-v0").makeSingle() as Environment<Float32Array, Float32Array>;
    const environment = transformReward(clipAction(inner), (reward) => reward * 10);
    environment.reset({ seed: 0 });
    expect(environment.step([3]).reward).toBeCloseTo(-1, 12);
    expect(() => clipAction(new Corridor() as never)).toThrow(/Box actions/);
  });
});

test("what an episode ended on keeps the digits that float32 has not", () => {
  const far = (): Environment<number[], number> => {
    let t = 0;
    return {
      observationSpace: box({ low: -Infinity, high: Infinity, shape: [1] }),
      actionSpace: discrete(2),
      reset: () => {
        t = 0;
        return { observation: [1e9] };
      },
      step: () => ({ observation: [1e9 + ++t / 8], reward: 0, terminated: t === 3, truncated: false }),
    };
  };
  const batch = batchFromFactory(far, 2);
  batch.reset(0);
  for (let t = 0; t < 3; t++) batch.step(Float32Array.of(0, 0));
  expect([...batch.terminated]).toEqual([1, 1]);
  expect([...batch.exactFinalObservations!]).toEqual([1e9 + 3 / 8, 1e9 + 3 / 8]);
  expect([...batch.finalObservations]).toEqual([1e9, 1e9]);
});
