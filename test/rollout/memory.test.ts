/** What a network remembers while collecting: against a float64 reference that steps by itself, and across ends of episodes. */

import { describe, expect, test } from "vitest";
import type { BatchedEnvironment } from "../../src/envs/batched.ts";
import { batchFromFactory } from "../../src/envs/index.ts";
import { actorCritic, type NetworkOptions } from "../../src/policies/index.ts";
import { parameterStreams } from "../../src/policies/parameterStreams.ts";
import { Collector } from "../../src/rollout/collector.ts";
import { wholeRollout } from "../../src/rollout/minibatch.ts";
import { compile } from "../../src/tensor/compile.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { input, type Tensor } from "../../src/tensor/graph.ts";
import { ParameterBlock } from "../../src/tensor/parameters.ts";
import { Cue } from "../algorithms/cue.ts";
import { evaluate } from "../tensor/reference.ts";
import { type Script, Scripted } from "./support.ts";

async function setUp(environment: BatchedEnvironment, network: NetworkOptions, nSteps = 20) {
  const engine = await createEngine();
  const net = actorCritic(environment.observationSpace, environment.actionSpace, {
    hidden: [6],
    recurrentSize: 5,
    ...network,
  });
  const block = new ParameterBlock(engine, net.parameters);
  net.initialise(block, parameterStreams(1));
  for (const name of ["policy.head.0.weight", "value.head.0.weight"]) {
    const weights = block.values(name);
    for (let i = 0; i < weights.length; i++) weights[i] = ((i * 37) % 11) / 5 - 1;
  }
  const options = { nSteps, gamma: 0.99, clipObservations: undefined, clipRewards: undefined, seed: 6, revalues: true };
  return { engine, net, block, collector: new Collector(engine, environment, net, [block], options) };
}

/** Ends of both kinds at different times in the two environments, once both in a row. */
const script: Script = {
  count: 2,
  observation: (t, i) => ((t * 7 + 3 * i) % 5) - 2,
  terminated: (t, i) => i === 0 && t % 6 === 4,
  truncated: (t, i) => (i === 1 && (t % 7 === 3 || t % 7 === 4)) || (i === 0 && t % 10 === 9),
};

const variants = [
  ["lstm", {}],
  ["gru", {}],
  ["lstm", { shared: true }],
] as const;

describe.each(variants)("%s %o", (recurrent, more) => {
  test("values, log-probabilities and what lies behind ends are those of the reference, over several rollouts", async () => {
    const { net, block, collector } = await setUp(new Scripted(script), { recurrent, ...more });
    const { stateSize } = net.memory!;
    const weights = block.tensors.map((t) => [t, Array.from(block.values(t.attributes.name!))] as const);
    const [x, state] = [input("x", [1, 1]), input("state", [1, stateSize])];
    const actions = input("actions", [1, 1]);
    const outputs = [
      net.value(x, { state }),
      net.memory!.after(x, { state }),
      net.distribution(x, { memory: { state } }).logProb(actions),
    ];
    const at = (observation: number, before: number[], action = 0) => {
      const leaves: [Tensor, number[]][] = [
        [x, [observation]],
        [state, before],
        [actions, [action]],
      ];
      const [value, after, logProb] = evaluate(outputs, new Map([...leaves, ...weights]));
      return { value: value[0], after: [...after], logProb: logProb[0] };
    };
    const zeros = new Array<number>(stateSize).fill(0);
    const states = [zeros, zeros];
    const { rollout } = collector;
    let cutOff = 0;
    for (let round = 0; round < 2; round++) {
      collector.collect();
      for (let row = 0; row < rollout.rows; row++) {
        const i = row % 2;
        const t = round * 20 + Math.floor(row / 2);
        const now = at(script.observation!(t, i), states[i], rollout.views.actions[row]);
        expect(rollout.views.values[row]).toBeCloseTo(now.value, 5);
        expect(rollout.views.logProbs[row]).toBeCloseTo(now.logProb, 5);
        const [terminated, truncated] = [rollout.terminated[row] !== 0, rollout.truncated[row] !== 0];
        if (truncated && !terminated) {
          // The observation an episode was cut off on is seen with all that the episode left behind.
          expect(rollout.finalValues[row]).toBeCloseTo(at(script.observation!(t + 1, i), now.after).value, 5);
          cutOff++;
        }
        states[i] = terminated || truncated ? zeros : now.after;
      }
      for (const i of [0, 1]) {
        const last = at(script.observation!(20 * (round + 1), i), states[i]).value;
        expect(rollout.lastValues[i]).toBeCloseTo(last, 5);
      }
    }
    expect(cutOff).toBeGreaterThan(8);
  });

  test("recomputed on the rollout at unchanged parameters everything is as stored: the ratio is 1 (to 1e-5)", async () => {
    const environment = batchFromFactory(() => new Cue("MultiDiscrete"), 3, { maxEpisodeSteps: 4 });
    const { engine, net, block, collector } = await setUp(environment, { recurrent, ...more });
    const { rollout } = collector;
    const { bindings, observations, actions, masks: mask, memory } = wholeRollout(rollout);
    const logProb = net.distribution(observations, { mask, memory }).logProb(actions);
    const program = compile(engine, { parameters: [block], bindings, outputs: { logProb } });
    for (let round = 0; round < 3; round++) {
      collector.collect();
      const ends = rollout.terminated.reduce((a, b) => a + b) + rollout.truncated.reduce((a, b) => a + b);
      expect(ends).toBeGreaterThan(9);
      program.run();
      const { logProbs, values } = rollout.views;
      program.output("logProb").forEach((x, row) => {
        expect(Math.abs(Math.exp(x - logProbs[row]) - 1)).toBeLessThan(1e-5);
      });
      const stored = [values.slice(), rollout.finalValues.slice(), rollout.lastValues.slice()];
      collector.revalue();
      const again = [rollout.views.values, rollout.finalValues, rollout.lastValues];
      rollout.truncated.forEach((cut, row) => {
        if (cut === 0 || rollout.terminated[row] !== 0) stored[1][row] = again[1][row];
      });
      again.forEach((array, k) => {
        array.forEach((x, i) => {
          expect(Math.abs(x - stored[k][i])).toBeLessThan(1e-5);
        });
      });
    }
  });

  test("an episode knows nothing of the one before (no state leaks over an end)", async () => {
    const ends = (t: number) => t === 8;
    for (const end of ["terminated", "truncated"] as const) {
      const run = async (before: number) => {
        const observation = (t: number) => (t < 8 ? before : (t % 3) - 1);
        const { collector } = await setUp(new Scripted({ observation, [end]: ends }), { recurrent, ...more });
        collector.collect();
        return collector.rollout.views.values.slice();
      };
      const [one, other] = [await run(2), await run(-2)];
      expect(one.slice(8)).toEqual(other.slice(8));
      for (let t = 0; t < 8; t++) expect(Math.abs(one[t] - other[t])).toBeGreaterThan(1e-3);
    }
  });

  test("whole episodes begin with an empty memory", async () => {
    const { collector } = await setUp(new Scripted({ observation: (t) => t % 3, terminated: (t) => t % 9 === 0 }), {
      recurrent,
      ...more,
    });
    const [lengths, cut] = [new Int32Array(1), new Uint8Array(1)];
    const values = () => {
      collector.collectEpisodes(0, lengths, cut);
      return collector.rollout.views.values.slice(0, lengths[0]);
    };
    const first = values();
    expect(lengths[0]).toBe(9);
    expect(values()).toEqual(first);
    expect(collector.rollout.views.states.every((s) => s === 0)).toBe(true);
  });
});

test("values computed again with unchanged parameters are as collected, also behind ends that fall on the last step", async () => {
  for (const [nSteps, ends] of [
    [
      6,
      {
        terminated: (t: number, i: number) => i === 0 && t % 6 === 0,
        truncated: (t: number, i: number) => i === 1 && t % 6 === 0,
      },
    ],
    [5, { truncated: (t: number) => t % 5 === 2 }],
  ] as const) {
    const { collector } = await setUp(new Scripted({ ...script, ...ends }), { recurrent: "gru" }, nSteps);
    for (let round = 0; round < 2; round++) {
      collector.collect();
      const { rollout } = collector;
      const before = [rollout.views.values, rollout.lastValues, rollout.finalValues].map((values) => values.slice());
      rollout.views.values.fill(9);
      rollout.lastValues.fill(9);
      collector.revalue();
      const after = [rollout.views.values, rollout.lastValues, rollout.finalValues];
      for (const [k, values] of after.entries())
        for (const [i, value] of values.entries()) expect(Math.abs(value - before[k][i])).toBeLessThan(1e-5);
    }
  }
});
