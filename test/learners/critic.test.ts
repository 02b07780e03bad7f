/** Fitting a critic: which rows a minibatch holds, by the loss that a critic which does not move has on them. */
import { expect, test } from "vitest";
import { box, discrete } from "../../src/envs/index.ts";
import { criticFit } from "../../src/learners/critic.ts";
import { finish } from "../../src/pauses.ts";
import { actorCritic } from "../../src/policies/actorCritic.ts";
import { separateBlocks } from "../../src/policies/separateBlocks.ts";
import { RandomStream } from "../../src/random/index.ts";
import { Rollout } from "../../src/rollout/rollout.ts";
import { compile } from "../../src/tensor/compile.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { input } from "../../src/tensor/graph.ts";
import { Optimiser } from "../../src/tensor/optimisers.ts";

const TARGETS = [1, -2, 4, 0.5, 8, -1, 3];

test("shuffled minibatches, the last one filled up from the pass's beginning; the mean of their losses", async () => {
  const engine = await createEngine({ build: "simd" });
  const shape = { steps: 7, environments: 1, observationSize: 1, actionSize: 1, maskSize: 0 };
  const rollout = new Rollout(engine, shape);
  rollout.views.observations.set([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
  rollout.views.targets.set(TARGETS);
  const network = actorCritic(box({ low: -1, high: 1, shape: [1] }), discrete(2), { hidden: [4] });
  const { critic } = finish(separateBlocks(engine, network, 3));
  const x = input("x", [7, 1]);
  const program = compile(engine, { parameters: [critic], outputs: { value: network.value(x) } });
  program.input("x").set(rollout.views.observations);
  program.run();
  const squares = Array.from(program.output("value"), (value, i) => (value - TARGETS[i]) ** 2);

  const optimiser = new Optimiser(engine, critic.region, { kind: "adam" });
  const options = { nCriticUpdates: 2, batchSize: 4 };
  const fitted = finish(criticFit(engine, network, critic, rollout, optimiser, new RandomStream(9, 5), options));
  const found = finish(fitted(0));

  const order = new RandomStream(9, 5);
  const losses = [0, 1].flatMap(() => {
    const rows = Int32Array.from(TARGETS.keys());
    order.shuffle(rows);
    return [
      [0, 1, 2, 3],
      [4, 5, 6, 0],
    ].map((places) => places.reduce((sum, place) => sum + squares[rows[place]], 0) / 4);
  });
  expect(found).toBeCloseTo(losses.reduce((a, b) => a + b, 0) / 4, 4);
  expect(optimiser.steps).toBe(4);
});
