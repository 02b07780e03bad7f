/** The masked corridor: its contract, its masks, and what its masks are worth to a learner. */

import { describe, expect, test } from "vitest";
import { ppo } from "../../src/algorithms/index.ts";
import type { BatchedEnvironment } from "../../src/envs/batched.ts";
import {
  batchFromFactory,
  checkEnvironment,
  environmentSpec,
  hideMask,
  MaskedCorridor,
  makeBatched,
  withoutMasks,
} from "../../src/envs/index.ts";
import { corridorAction } from "../../src/envs/masked/corridor.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { evaluatePolicy } from "../../src/training/evaluate.ts";
import { train } from "../../src/training/train.ts";
import { MaskedPairs } from "../imitation/support.ts";

const options = { nEnvs: 8, nSteps: 64, batchSize: 128, nEpochs: 8, learningRate: 1e-3, hidden: [32] };
const spec = environmentSpec("MaskedCorridor-v1");

describe("the corridor", () => {
  test("it keeps to the contract, with masks and without", () => {
    expect(checkEnvironment(() => new MaskedCorridor()).filter(({ level }) => level === "error")).toEqual([]);
    expect(checkEnvironment(() => withoutMasks(spec).makeSingle()).filter(({ level }) => level === "error")).toEqual(
      [],
    );
  });

  test("2 to 4 of 40 actions are valid, different ones in every place, and only they do anything", () => {
    const seen = new Set<string>();
    for (let place = 0; place < 20; place++) {
      const at = () => {
        const environment = new MaskedCorridor();
        environment.loadState({ seed: 0, counter: 0, place });
        return environment;
      };
      const mask = at().actionMask();
      const valid = [...mask.keys()].filter((action) => mask[action] === 1);
      expect(valid.length).toBeGreaterThanOrEqual(2);
      expect(valid.length).toBeLessThanOrEqual(4);
      seen.add(valid.join());
      for (let action = 0; action < 40; action++) {
        const { observation, reward } = at().step(action);
        if (mask[action] === 0) expect([observation, reward]).toEqual([place, -0.1]);
        expect(reward).toBeCloseTo(observation - place - 0.1, 12);
      }
      expect(at().step(corridorAction(place, 0)).observation).toBe(place + 1);
    }
    expect(seen.size).toBe(20);
  });

  test("the best returns from its four starts are 18.7, 17.7, 16.8 and 15.9", () => {
    const best = new Float64Array(21);
    for (let place = 19; place >= 0; place--) {
      const returns = [0, 1, 2, 3].map((move) => {
        const environment = new MaskedCorridor();
        environment.loadState({ seed: 0, counter: 0, place });
        const { observation, reward } = environment.step(corridorAction(place, move));
        return observation > place ? reward + best[observation] : -Infinity;
      });
      best[place] = Math.max(...returns);
    }
    for (const [place, known] of [18.7, 17.7, 16.8, 15.9].entries()) expect(best[place]).toBeCloseTo(known, 9);
  });

  test("a saved corridor goes on to the same starts", () => {
    const one = new MaskedCorridor();
    one.reset({ seed: 3 });
    for (let i = 0; i < 4; i++) one.reset();
    const other = new MaskedCorridor();
    other.loadState(one.saveState());
    const starts = (environment: MaskedCorridor) => Array.from({ length: 12 }, () => environment.reset().observation);
    expect(starts(other)).toEqual(starts(one));
  });

  test("the end terminates, and a hundred steps truncate", () => {
    const batch = makeBatched(spec, 1);
    batch.reset(3);
    while (batch.terminated[0] === 0) batch.step(Float32Array.of(corridorAction(batch.observations[0], 0)));
    expect([batch.finalObservations[0], batch.truncated[0]]).toEqual([20, 0]);
    const idle = makeBatched(withoutMasks(spec), 1);
    expect(idle.actionMasks).toBeUndefined();
    idle.reset(3);
    const invalid = (place: number) =>
      [...Array(40).keys()].find((a) => ![0, 1, 2, 3].some((m) => corridorAction(place, m) === a))!;
    for (let t = 0; t < 100; t++) idle.step(Float32Array.of(invalid(idle.observations[0])));
    expect([idle.truncated[0], idle.terminated[0]]).toEqual([1, 0]);
  });
});

describe("learning with masks", () => {
  /** A run in a batch that shows masks, lets everything through nevertheless, and counts what they forbid. */
  async function countedRun(seed: number, masked = true) {
    let invalid = 0;
    let steps = 0;
    class Counting extends MaskedCorridor {
      override step(action: number) {
        steps++;
        if (this.actionMask()[action] === 0) invalid++;
        return super.step(action);
      }
    }
    const limits = { id: "Counting", maxEpisodeSteps: 100 };
    const batch = batchFromFactory(() => hideMask(new Counting()), options.nEnvs, limits);
    const masks = new Uint8Array(options.nEnvs * 40);
    const look = new MaskedCorridor();
    const showMasks = () => {
      for (let i = 0; i < options.nEnvs; i++) {
        look.loadState({ seed: 0, counter: 0, place: batch.observations[i] });
        masks.set(look.actionMask(), 40 * i);
      }
    };
    const shown: BatchedEnvironment = {
      ...batch,
      actionMasks: masks,
      reset: (from) => {
        batch.reset(from);
        showMasks();
      },
      step: (actions) => {
        batch.step(actions);
        showMasks();
      },
      saveState: () => batch.saveState(),
      loadState: (state) => batch.loadState(state),
    };
    const learner = ppo(await createEngine(), masked ? shown : batch, { ...options, seed }, 20_000);
    while (learner.steps < 20_000) learner.iterate();
    return { invalid, steps, learner };
  }

  test("a masked policy never samples an invalid action, in a whole run and after it, sampled or not", async () => {
    const { invalid, steps, learner } = await countedRun(1);
    expect(steps).toBe(learner.steps);
    expect(invalid).toBe(0);
    // The counter does count.
    const { invalid: unmasked } = await countedRun(1, false);
    expect(unmasked).toBeGreaterThan(1000);
    for (const deterministic of [true, false]) {
      const { mean } = await evaluatePolicy(learner.policy(), spec, { episodes: 50, seed: 2, deterministic });
      expect(mean).toBeGreaterThan(15);
    }
  });

  test("it learns several times as fast as without: 2,560 steps are enough with, and not without", async () => {
    const returns = async (source: typeof spec) => {
      const { learner } = await train("ppo", { environment: source, steps: 2560, seed: 3, options });
      return (await evaluatePolicy(learner.policy(), source, { episodes: 50, seed: 4, deterministic: false })).mean;
    };
    expect(await returns(spec)).toBeGreaterThan(14);
    expect(await returns(withoutMasks(spec))).toBeLessThan(4);
  });

  test("MultiDiscrete: each choice has its own part of the mask, over a whole run", async () => {
    MaskedPairs.invalid = 0;
    const environment = () => new MaskedPairs() as never;
    const { learner } = await train("ppo", { environment, steps: 8192, seed: 1, options });
    expect(MaskedPairs.invalid).toBe(0);
    const { mean } = await evaluatePolicy(learner.policy(), environment, { episodes: 20, seed: 4 });
    expect(mean).toBe(7);
    expect(MaskedPairs.invalid).toBe(0);
  });

  test.each(["reinforce", "a2c", "off-policy-pg", "npg", "trpo"] as const)("%s keeps to masks too", async (name) => {
    // The batch refuses forbidden actions with an error: a run that ends never took one.
    const few = { nEnvs: 4, nSteps: 50, hidden: [16] };
    const { learner } = await train(name, { environment: "MaskedCorridor-v1", steps: 2000, seed: 1, options: few });
    expect(learner.steps).toBeGreaterThanOrEqual(2000);
  });
});
