/** While a run goes on, everything else has its turn, and a signal in the midst of an iteration is heeded. */

import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Learner } from "../../src/learners/learner.ts";
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

describe("a signal in the midst of an iteration", () => {
  /** Runs until the signal comes, some stops after the iteration `after` has ended. */
  async function interrupted(learner: Learner, after = 0, stops = 10) {
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
