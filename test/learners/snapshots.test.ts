/** Snapshots in memory are what files would hold: copies both ways, of one network, and of a form that is checked before anything is loaded. */

import { describe, expect, test } from "vitest";
import { box, discrete, type Environment } from "../../src/envs/index.ts";
import { AscentError } from "../../src/errors.ts";
import { recordEpisodes } from "../../src/imitation/index.ts";
import type { LearnerSnapshot, PolicyLearner } from "../../src/learners/learner.ts";
import { createLearner } from "../../src/training/train.ts";
import { ladder } from "../algorithms/ladder.ts";
import { iterate } from "../algorithms/support.ts";

/** Hands out its live state, and goes on in the object that it is given. */
class LiveState implements Environment<number[], number> {
  readonly observationSpace;
  readonly actionSpace = discrete(2);
  state = { x: 0, t: 0 };

  constructor(bound = 99) {
    this.observationSpace = box({ low: -bound, high: bound, shape: [1] });
  }

  reset() {
    this.state.x = this.state.t = 0;
    return { observation: [this.state.x] };
  }

  step(action: number) {
    this.state.x += action - 0.5;
    const terminated = ++this.state.t >= 20;
    return { observation: [this.state.x], reward: this.state.x, terminated, truncated: false };
  }

  saveState(): { x: number; t: number } {
    return this.state;
  }

  loadState(saved: { x: number; t: number }) {
    this.state = saved;
  }
}

describe("an environment that hands out its live state", () => {
  const run = { environment: () => new LiveState(), steps: 1e5, options: { nEnvs: 4, nSteps: 33 } };

  test("a snapshot stays as it was taken, however often it is resumed from", async () => {
    const { learner } = await createLearner("ppo", run);
    learner.iterate();
    const saved = learner.save();
    const before = structuredClone(saved);
    const wanted = iterate(learner, 2);
    for (let times = 0; times < 2; times++) {
      const { learner: again } = await createLearner("ppo", { ...run, resumeFrom: saved });
      expect(iterate(again, 2)).toEqual(wanted);
    }
    expect(saved).toEqual(before);
  });

  test("a refused snapshot puts back the state of then, not what the attempt made of it", async () => {
    class Refusing extends LiveState {
      override loadState(saved: { x: number; t: number }) {
        if (saved.t !== 77) return super.loadState(saved);
        Object.assign(this.state, saved);
        throw new AscentError("file", { what: "no", fix: "none" });
      }
    }
    const { learner } = await createLearner("ppo", { ...run, environment: () => new Refusing() });
    iterate(learner, 1);
    const before = learner.save();
    const bad = structuredClone(before) as unknown as {
      state: { collector: { environments: { states: { t: number }[] } } };
    };
    bad.state.collector.environments.states[2].t = 77;
    expect(() => learner.load(bad as unknown as LearnerSnapshot)).toThrow("no");
    expect(learner.save()).toEqual(before);
  });
});

describe("a snapshot of another network is refused by name, although all sizes agree", () => {
  test.each([
    ["ppo", "CartPole-v1", {}, { activation: "relu" }, /network: activation: got activation "tanh", expected .*"relu"/],
    ["ppo", "Pendulum-v1", {}, { distribution: "squashedGaussian" }, /network: distribution/],
    ["trpo", "Pendulum-v1", { distribution: "beta" }, { stateDependentStd: true }, /distribution, stateDependentStd/],
    ["reinforce", "CartPole-v1", { activation: "relu" }, {}, /network: activation.*Learning rates.*may change/],
    ["a2c", "CartPole-v1", { recurrent: "gru", hidden: [16] }, { recurrent: "lstm" }, /network: recurrent/],
  ] as [string, string, Record<string, unknown>, Record<string, unknown>, RegExp][])(
    "%s on %s: %o, %o",
    async (name, id, theirs, own, message) => {
      const other = await ladder(name, id, theirs);
      iterate(other, 1);
      const learner = await ladder(name, id, own);
      const before = learner.save();
      expect(() => learner.load(other.save())).toThrow(message);
      expect(() => learner.load(other.save())).toThrow(expect.objectContaining({ code: "file" }));
      expect(learner.save()).toEqual(before);
    },
  );

  test("so is one of other spaces under the same id", async () => {
    const options = { nEnvs: 2, nSteps: 8 };
    const { learner } = await createLearner("ppo", { environment: () => new LiveState(), options });
    const wider = createLearner("ppo", { environment: () => new LiveState(100), options, resumeFrom: learner.save() });
    await expect(wider).rejects.toThrow(/another network: observationSpace: got .*-99\.\.99.*expected .*-100\.\.100/);
  });

  test("what only begins or steers learning may change", async () => {
    const other = await ladder("ppo", "CartPole-v1");
    iterate(other, 1);
    const own = { learningRate: 1e-5, gamma: 0.5, clipRange: 0.1, orthogonalInit: false, logStdInit: 1 };
    const learner = await ladder("ppo", "CartPole-v1", own);
    learner.load(other.save());
    expect(learner.iterate()["learningRate"]).toBe(1e-5);
  });
});

/** Every place in a value of plain data, as the keys that lead there. */
function placesIn(value: unknown, path: readonly string[] = []): string[][] {
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const inner = Array.isArray(value) ? members.slice(0, 2) : members;
  return [...(path.length > 0 ? [[...path]] : []), ...inner.flatMap(([key, part]) => placesIn(part, [...path, key]))];
}

function withPart(value: unknown, [key, ...rest]: readonly string[], part: unknown): unknown {
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = rest.length === 0 ? part : withPart(copy[key], rest, part);
  return copy;
}

describe("a state of a wrong form anywhere is refused, and nothing is loaded", () => {
  const own = { normalizeObservations: true };
  const makers: Record<string, () => Promise<PolicyLearner>> = {
    ppo: () => ladder("ppo", "CartPole-v1", { ...own, normalizeRewards: true }),
    "ppo with a memory": () => ladder("ppo", "CartPole-v1", { recurrent: "gru", recurrentSize: 4 }),
    trpo: () => ladder("trpo", "MaskedCorridor-v1"),
    reinforce: () => ladder("reinforce", "CartPole-v1", own),
    "off-policy-pg": () => ladder("off-policy-pg", "CartPole-v1", own),
    bc: async () => {
      const data = await recordEpisodes("random", "CartPole-v1", { episodes: 4 });
      return (await createLearner("bc", { data, options: { hidden: [8] } })).learner;
    },
  };
  test.each(Object.keys(makers))("%s", async (name) => {
    const learner = await makers[name]();
    iterate(learner, 1);
    const before = learner.save();
    const places = placesIn(before.state);
    expect(places.length).toBeGreaterThan(8);
    for (const place of places) {
      for (const wrong of ["x", undefined, { a: 1 }]) {
        const state = withPart(before.state, place, wrong) as LearnerSnapshot["state"];
        // Without the environments' own states every environment starts its next episode.
        // A mean without its last digits is a mean.
        if (["states", "meanRest"].includes(place.at(-1) as string) && wrong === undefined) continue;
        const text = `${place.join(".")} = ${JSON.stringify(wrong)}`;
        expect(() => learner.load({ ...before, state }), text).toThrow(expect.objectContaining({ code: "file" }));
      }
    }
    for (const [array, stored] of Object.entries(before.arrays)) {
      const shorter = stored.data.length === 0 ? [] : [stored.data.slice(1)];
      for (const data of [...shorter, new BigInt64Array(stored.data.length)]) {
        const arrays = { ...before.arrays, [array]: { ...stored, data } };
        expect(() => learner.load({ ...before, arrays }), array).toThrow(AscentError);
      }
    }
    for (const nothing of [undefined, null, {}, { arrays: 1, state: {} }, { ...before, state: null }]) {
      expect(() => learner.load(nothing as LearnerSnapshot)).toThrow(expect.objectContaining({ code: "file" }));
    }
    expect(learner.save()).toEqual(before);
  });

  test("numbers that are not finite among the arrays are refused where they are, not found an iteration later", async () => {
    const learner = await ladder("ppo", "CartPole-v1");
    const { arrays, state } = learner.save();
    arrays["parameters"].data[5] = Number.NaN;
    expect(() => learner.load({ arrays, state })).toThrow(/"parameters": got NaN at 5, expected finite numbers/);
  });
});
