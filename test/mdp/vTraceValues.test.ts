/** docs/theory.md, 16: where V-trace ends, and its targets on average. */

import { describe, expect, test } from "vitest";
import { logRatios, vTrace } from "../../src/estimators/index.ts";
import {
  chain,
  enumerateTrajectories,
  exactMoments,
  randomMdp,
  randomPolicy,
  stateValues,
  trajectoryLogProb,
  vTracePolicy,
  vTraceTargets,
} from "../../src/mdp/index.ts";
import { expectClose, largestDifference, normals, seeded } from "./support.ts";

const mdp = randomMdp(seeded(11), { states: 2, actions: 2, gamma: 0.8, horizon: 3 });
const behaviour = randomPolicy(seeded(12), 2, 2);
const target = randomPolicy(seeded(13), 2, 2);

describe("vTracePolicy", () => {
  test("π without a bound, μ towards 0, and the formula between", () => {
    expectClose(vTracePolicy(behaviour, target, 2, Infinity), target, 1e-15);
    expectClose(vTracePolicy(behaviour, target, 2, 1e-9), behaviour, 1e-9);
    const [a, b] = [Math.min(0.6, 0.9), Math.min(2 * 0.7, 0.1)];
    expectClose(vTracePolicy(Float64Array.of(0.3, 0.7), Float64Array.of(0.9, 0.1), 2, 2), [a / 0.7, b / 0.7], 1e-15);
  });

  test("what μ never does is not learnt of", () => {
    const one = vTracePolicy(Float64Array.of(1, 0), Float64Array.of(0.5, 0.5), 2, Infinity);
    expect([...one]).toEqual([1, 0]);
  });
});

describe("vTraceTargets", () => {
  test("are the mean of the estimator's targets over every trajectory", () => {
    const values = normals(seeded(14), 2);
    for (const bars of [
      { rhoBar: 1, cBar: 1 },
      { rhoBar: 1.4, cBar: 0.6, lambda: 0.9 },
      { rhoBar: Infinity, cBar: Infinity },
    ]) {
      const { mean } = exactMoments(enumerateTrajectories(mdp, behaviour), 1, (batch) => {
        const ratios = new Float64Array(batch.states.length);
        logRatios(trajectoryLogProb(batch, target, 2), trajectoryLogProb(batch, behaviour, 2), ratios);
        const out = new Float64Array(ratios.length);
        const at = (states: ArrayLike<number>) => Float64Array.from(states, (s) => values[s]);
        const inputs = { ...batch, values: at(batch.states), finalValues: at(batch.finalStates), gamma: mdp.gamma };
        vTrace({ ...inputs, logRatios: ratios, ...bars }, out, new Float64Array(out.length));
        return [0, 1].map((s) => (batch.states[0] === s ? out[0] / mdp.start[s] : 0));
      });
      expectClose(vTraceTargets(mdp, behaviour, target, values, { ...bars, steps: 3 }), mean, 1e-12);
    }
  });

  test("stay at the value of vTracePolicy, whatever c̄, λ and the length are, and go there from elsewhere", () => {
    for (const rhoBar of [0.3, 1, 3]) {
      const goal = stateValues(mdp, vTracePolicy(behaviour, target, 2, rhoBar));
      for (const cBar of [0.1, 1]) {
        for (const steps of [1, 4]) {
          const options = { rhoBar, cBar, lambda: 0.8, steps };
          expectClose(vTraceTargets(mdp, behaviour, target, goal, options), goal, 1e-12);
          let values = new Float64Array(2);
          for (let k = 0; k < 1000; k++)
            values = Float64Array.from(vTraceTargets(mdp, behaviour, target, values, options));
          expectClose(values, goal, 1e-9);
        }
      }
    }
  });

  test("a larger c̄ gets nearer in one application", () => {
    const goal = stateValues(mdp, vTracePolicy(behaviour, target, 2, 1));
    const error = (cBar: number) =>
      largestDifference(vTraceTargets(mdp, behaviour, target, new Float64Array(2), { cBar, steps: 20 }), goal);
    expect(error(1)).toBeLessThan(error(0.5));
    expect(error(0.5)).toBeLessThan(error(0.1));
  });

  test("terminal states are worth nothing", () => {
    const corridor = chain({ length: 3, gamma: 0.5 });
    const policy = Float64Array.from({ length: 6 }, () => 0.5);
    const found = vTraceTargets(corridor, policy, policy, Float64Array.of(0, 0, 7), { steps: 50 });
    expectClose(found, stateValues(corridor, policy), 1e-12);
  });
});
