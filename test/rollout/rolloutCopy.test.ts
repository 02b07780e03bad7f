/** Copies of rollouts, and what revaluing changes and does not. */

import { expect, test } from "vitest";
import { batchFromFactory } from "../../src/envs/index.ts";
import { actorCritic } from "../../src/policies/index.ts";
import { parameterStreams } from "../../src/policies/parameterStreams.ts";
import { Collector } from "../../src/rollout/collector.ts";
import { minibatch } from "../../src/rollout/minibatch.ts";
import { compile } from "../../src/tensor/compile.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { ParameterBlock } from "../../src/tensor/parameters.ts";
import { Corridor } from "../envs/corridor.ts";

async function setUp() {
  const engine = await createEngine();
  const environment = batchFromFactory(() => new Corridor(), 3, { maxEpisodeSteps: 5 });
  const network = actorCritic(environment.observationSpace, environment.actionSpace, { hidden: [8] });
  const block = new ParameterBlock(engine, network.parameters);
  network.initialise(block, parameterStreams(1));
  const collector = new Collector(engine, environment, network, [block], {
    ...{ nSteps: 40, gamma: 0.99, seed: 6, revalues: true },
    ...{ clipObservations: 10, clipRewards: undefined },
  });
  return { engine, block, collector };
}

test("a copy holds its own numbers and no more: not the memory of the engine", async () => {
  const { collector } = await setUp();
  collector.collect();
  for (const [name, array] of Object.entries(collector.copyRollout())) {
    expect(array.buffer.byteLength, name).toBe(array.byteLength);
  }
});

test("a copy of whole episodes holds the steps made only", async () => {
  const { collector } = await setUp();
  const steps = collector.collectEpisodes(0, new Int32Array(3), new Uint8Array(3));
  expect(steps).toBeLessThan(120);
  const copy = collector.copyRollout();
  expect(copy.rewards).toHaveLength(steps);
  expect(copy.observations).toHaveLength(steps * collector.environment.observationSize);
});

test("put back and valued again, a copy is as it was, whatever was collected in between", async () => {
  const { collector } = await setUp();
  const { rollout } = collector;
  const all = () => {
    const { observations, actions, masks, logProbs, values } = rollout.views;
    const { rewards, terminated, truncated, finalValues, lastValues } = rollout;
    const behind = finalValues.filter((_, row) => truncated[row] === 1 && terminated[row] === 0);
    return [observations, actions, masks, logProbs, values, rewards, terminated, truncated, behind, lastValues].map(
      (array) => array.slice(),
    );
  };
  for (let i = 0; i < 2; i++) collector.collect();
  const before = all();
  const copy = collector.copyRollout();
  // Also moves the observation normaliser: what was stored keeps the scaling that it was seen under.
  for (let i = 0; i < 3; i++) collector.collect();
  collector.loadRollout(copy);
  collector.revalue();
  all().forEach((array, k) => {
    expect(array).toHaveLength(before[k].length);
    array.forEach((x, i) => {
      expect(Math.abs(x - before[k][i])).toBeLessThan(1e-5);
    });
  });
});

test("revaluing leaves the values as collected, from which clipRangeVf counts, in the minibatches", async () => {
  const { engine, block, collector } = await setUp();
  const { rollout } = collector;
  collector.collect();
  const collected = rollout.views.values.slice();
  const { bindings, values } = minibatch(rollout, rollout.rows);
  const program = compile(engine, { parameters: [], bindings, outputs: { values } });
  program.inputInts("rows").set(Int32Array.from(collected, (_, row) => row));
  block.values("value.head.0.bias")[0] += 3;
  collector.revalue();
  program.run();
  expect(program.output("values")).toEqual(collected);
  rollout.views.values.forEach((value, row) => {
    expect(value).toBeCloseTo(collected[row] + 3, 4);
  });
});
