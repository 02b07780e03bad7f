/** While a run goes on, everything else has its turn, and a signal in the midst of an iteration is heeded. */

import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ppo } from "../../src/algorithms/ppo.ts";
import { makeBatched } from "../../src/envs/index.ts";
import type { PolicyLearner } from "../../src/learners/learner.ts";
import { finish } from "../../src/pauses.ts";
import { createEngine, type Engine } from "../../src/tensor/engine.ts";
import { createLearner, runLearner } from "../../src/training/train.ts";
import { hashOf } from "../algorithms/support.ts";
import { Corridor } from "../envs/corridor.ts";
import { ForEver } from "../rollout/support.ts";

const small = { nEnvs: 4, nSteps: 32, batchSize: 64, nEpochs: 4, hidden: [16], learningRate: 0.01 };

let now = 1e9;

/** A clock by which it is always time to stop. */
function alwaysDue(): void {
  vi.spyOn(performance, "now").mockImplementation(() => {
    now += 1000;
    return now;
  });
}

afterEach(() => {
  vi.restoreAllMocks();
});

test("a timer runs many times within one iteration", async () => {
  const options = { nSteps: 512, nEnvs: 4, hidden: [256, 256], nEpochs: 4 };
  const { learner } = await createLearner("ppo", { environment: "Pendulum-v1", options });
  const begin = performance.now();
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  await runLearner(learner, learner.stepsPerIteration);
  clearInterval(timer);
  // Counted, not timed: on a machine that has other things to do, a turn may be long without our having kept it.
  expect(turns).toBeGreaterThan(4);
  expect(learner.times.learn).toBeLessThan(performance.now() - begin);
});

describe("making a learner", () => {
  const options = { recurrent: "lstm", nSteps: 16, nEnvs: 2, hidden: [16], batchSize: 32 } as const;
  const environment = "CartPoleNoVelocity-v1";

  test("gives way, and makes the one that is made at one go", async () => {
    alwaysDue();
    let turns = 0;
    let going = true;
    const count = () => {
      turns++;
      if (going) setImmediate(count);
    };
    setImmediate(count);
    const { learner, options: complete } = await createLearner("ppo", { environment, options, steps: 1000 });
    going = false;
    vi.restoreAllMocks();
    const straight = ppo(await createEngine(), makeBatched(environment, 2), complete, 1000);
    // Every vector of the orthogonal weights, and every 64 nodes of every pass over the graph.
    expect(turns).toBeGreaterThan(200);
    expect(learner.save()).toEqual(straight.save());
    learner.iterate();
    straight.iterate();
    expect(hashOf(learner)).toBe(hashOf(straight));
  });

  test.each(["ppo", "trpo", "reinforce", "off-policy-pg"] as const)("two of %s at once on one engine", async (name) => {
    const small = { nSteps: 16, nEnvs: 2, hidden: [8] };
    const make = async (seed: number, engine?: Engine) => {
      const given = { environment: "CartPole-v1", options: { ...small, seed }, steps: 1000 } as const;
      const { learner } = await createLearner(name, engine === undefined ? given : { ...given, engine });
      return learner;
    };
    const apart = [await make(1), await make(2)];
    const engine = await createEngine();
    alwaysDue();
    const together = await Promise.all([make(1, engine), make(2, engine)]);
    vi.restoreAllMocks();
    for (const learner of [...apart, ...together]) learner.iterate();
    expect(together.map(hashOf)).toEqual(apart.map(hashOf));
  });
});

describe("a signal in the midst of an iteration", () => {
  /** Runs until the signal comes, some stops after the iteration `after` has ended. */
  async function interrupted(learner: PolicyLearner, after = 0, stops = 10) {
    alwaysDue();
    const stop = new AbortController();
    const abortLater = async () => {
      for (let i = 0; i < stops; i++) await turn();
      stop.abort();
    };
    if (after === 0) void abortLater();
    const found = await runLearner(learner, 10_000, {
      signal: stop.signal,
      onIteration: () => {
        if (--after === 0) void abortLater();
      },
    });
    vi.restoreAllMocks();
    return found;
  }

  test.each([0, 2])("undoes it, and the run can go on as if there had been none (after %d)", async (after) => {
    const options = { ...small, nSteps: 128 };
    const make = () => createLearner("ppo", { environment: "CartPole-v1", options, steps: 4000 });
    const [{ learner }, { learner: straight }] = [await make(), await make()];
    const { stopped, metrics } = await interrupted(learner, after);
    expect([stopped, metrics["steps"], learner.steps]).toEqual([true, after * 512, after * 512]);
    await runLearner(straight, after * 512);
    expect(learner.save()).toEqual(straight.save());
    expect(learner.policy()).toEqual(straight.policy());

    const [a, b] = [await runLearner(learner, 4000), await runLearner(straight, 4000)];
    expect(a).toEqual(b);
    expect(hashOf(learner)).toBe(hashOf(straight));
  });

  test("finishes it where the environment's state cannot be put back", async () => {
    const environment = () => new ForEver(9);
    const { learner } = await createLearner("ppo", { environment, options: small });
    expect(learner.exactResume).toBe(false);
    expect(await interrupted(learner)).toMatchObject({ stopped: true, metrics: { steps: 128 } });
  });

  test("finishes it where saving fails", async () => {
    const unsavable = () =>
      Object.assign(new Corridor(), {
        saveState: () => {
          throw new Error("not today");
        },
      });
    const { learner } = await createLearner("ppo", { environment: unsavable, options: small });
    expect(await interrupted(learner)).toMatchObject({ stopped: true, metrics: { steps: 128 } });
  });

  test("finishes it where iterations are short", async () => {
    const { learner } = await createLearner("ppo", { environment: "CartPole-v1", options: small });
    const save = vi.spyOn(learner, "save");
    await runLearner(learner, 1280, { signal: new AbortController().signal });
    expect(save.mock.calls.length).toBeLessThan(10);
  });
});

test("so do runs of short iterations, between them", async () => {
  const { learner } = await createLearner("ppo", {
    ...{ environment: "CartPole-v1", options: { nSteps: 4, nEnvs: 1, hidden: [4], nEpochs: 1, batchSize: 4 } },
  });
  alwaysDue();
  let turns = 0;
  const count = () => {
    turns++;
    if (turns < 1000) setImmediate(count);
  };
  setImmediate(count);
  // At one go: the turns counted are those between iterations.
  const straight = learner.iteration.bind(learner);
  // biome-ignore lint/correctness/useYield: an iteration without pauses is what is meant.
  const iterations = vi.spyOn(learner, "iteration").mockImplementation(function* () {
    return finish(straight());
  });
  await runLearner(learner, 40);
  const made = iterations.mock.calls.length;
  expect(made).toBe(10);
  expect(turns).toBeGreaterThanOrEqual(made);
  turns = 1000;
});
