/** An iteration that stops wherever it can is the same iteration, whatever happens at the stops. */

import { afterEach, expect, test, vi } from "vitest";
import { algorithms } from "../../src/algorithms/algorithmRegistry.ts";
import { makeBatched } from "../../src/envs/index.ts";
import { recordEpisodes } from "../../src/imitation/record.ts";
import type { Metrics, PolicyLearner } from "../../src/learners/learner.ts";
import { finish, giveUp } from "../../src/pauses.ts";
import { createEngine, type Engine } from "../../src/tensor/engine.ts";
import { hashOf } from "./support.ts";

type Options = Record<string, unknown>;

const collecting = { nEnvs: 4, nSteps: 32, hidden: [16], normalizeObservations: true, normalizeRewards: true };

const whole = { ...collecting, nSteps: 8, batchSize: 16, nCriticUpdates: 2 };

/**
 * By name: the algorithm, its environment, its options, and the stops of an iteration: behind each step of the environments,
 * and behind each run of a program.
 */
const cases: Record<string, [string, string, Options, (figures: Metrics) => number]> = {
  ppo: ["ppo", "CartPole-v1", { ...collecting, batchSize: 32, nEpochs: 3 }, () => 32 + 3 * 4],
  "ppo with masks, a KL penalty and advantages made anew": [
    "ppo",
    "MaskedCorridor-v1",
    { ...collecting, batchSize: 48, nEpochs: 2, objective: "penalty", recomputeAdvantages: true, clipRangeVf: 0.2 },
    () => 32 + 2 * 3 + 1 + 1,
  ],
  "ppo with a memory": [
    "ppo",
    "CartPole-v1",
    { ...collecting, batchSize: 32, nEpochs: 2, recurrent: "lstm", recurrentSize: 8 },
    () => 32 + 2 * 4,
  ],
  a2c: ["a2c", "Pendulum-v1", { ...collecting, nSteps: 8 }, () => 8 + 1 + 1],
  npg: [
    "npg",
    "CartPole-v1",
    { ...collecting, batchSize: 64, nCriticUpdates: 2 },
    ({ cgIterations }) => 32 + 1 + 1 + (cgIterations + 1) + 1 + 2 * 2,
  ],
  trpo: [
    "trpo",
    "Pendulum-v1",
    { ...collecting, batchSize: 64, nCriticUpdates: 2, targetKl: 1, lineSearchShrinkingFactor: 0.5 },
    ({ cgIterations, stepFraction }) => 32 + 1 + 1 + (cgIterations + 1) + (1 - Math.log2(stepFraction)) + 2 * 2,
  ],
  reinforce: ["reinforce", "CartPole-v1", whole, () => 8 + 1 + 2 * 2 + 1],
  "off-policy-pg": [
    "off-policy-pg",
    "CartPole-v1",
    { ...whole, gradientSteps: 3 },
    () => 8 + 3 * (1 + 1 + 1 + 2 * 2) + 1,
  ],
  bc: ["bc", "CartPole-v1", { hidden: [16], batchSize: 32 }, ({ updates }) => updates + 1],
};

async function make([algorithm, environment, options]: (typeof cases)[string], engine: Engine): Promise<PolicyLearner> {
  const found = algorithms[algorithm];
  const resolved = { seed: 5, ...options };
  if (found.learnsFrom === "data") {
    const data = await recordEpisodes("random", environment, { episodes: 12, engine });
    return found.create(engine, data, resolved, 5000);
  }
  return found.create(engine, makeBatched(environment, options["nEnvs"] as number), resolved, 5000);
}

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

test.each(Object.keys(cases))("%s: stopped wherever it can be, the bits are the same", async (name) => {
  const [, , , stopsOf] = cases[name];
  const [engine, other] = [await createEngine({ build: "simd" }), await createEngine({ build: "simd" })];
  const [straight, stopped] = [await make(cases[name], engine), await make(cases[name], other)];
  const figures = [straight.iterate(), straight.iterate()];

  alwaysDue();
  for (const expected of figures) {
    const work = stopped.iteration();
    let stops = 0;
    let step = work.next();
    for (; !step.done; step = work.next()) {
      stops++;
      // What others do meanwhile may move the engine's memory.
      other.allocate(1 << 16);
    }
    expect(step.value).toEqual(expected);
    expect(stops).toBe(stopsOf(expected));
  }
  expect(hashOf(stopped)).toBe(hashOf(straight));
  expect(stopped.save()).toEqual(straight.save());
});

test.each(["ppo", "bc"])("%s: in the midst of an iteration there is nothing to save, load or begin", async (name) => {
  const learner = await make(cases[name], await createEngine({ build: "simd" }));
  learner.iterate();
  const before = learner.save();
  const after = (() => {
    learner.iterate();
    return learner.save();
  })();
  learner.load(before);

  alwaysDue();
  const work = learner.iteration();
  for (let i = 0; i < 3; i++) expect(work.next().done).toBe(false);
  expect(() => learner.save()).toThrow(/save: the \S+ learner is in the midst of an iteration: got one that is still/);
  expect(() => learner.load(before)).toThrow(/^load: .*still going on/);
  expect(() => learner.iterate()).toThrow(/^iterate: .*still going on/);
  expect(learner.policy().weights).toBeDefined();

  // Given up, it has to begin from something saved.
  giveUp(work);
  expect(() => learner.save()).toThrow(/^save: .*given up.*Load a saved state first/);
  expect(() => learner.iterate()).toThrow(/^iterate: .*given up/);
  learner.load(before);
  expect(learner.save()).toEqual(before);
  finish(learner.iteration());
  expect(learner.save()).toEqual(after);
});
