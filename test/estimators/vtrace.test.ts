import { describe, expect, test } from "vitest";
import { logRatios, nStepReturns, vTrace } from "../../src/estimators/index.ts";
import {
  enumerateTrajectories,
  exactMoments,
  randomMdp,
  randomPolicy,
  stateValues,
  type Trajectories,
  trajectoryLogProb,
} from "../../src/mdp/index.ts";
import { expectClose, largestDifference, normals, seeded } from "../mdp/support.ts";

const mdp = randomMdp(seeded(1), { states: 2, actions: 2, gamma: 0.8, horizon: 3 });
const behaviour = randomPolicy(seeded(2), 2, 2);
const target = randomPolicy(seeded(3), 2, 2);

function inputs(batch: Trajectories, values: Float64Array) {
  const ratios = new Float64Array(batch.states.length);
  logRatios(trajectoryLogProb(batch, target, 2), trajectoryLogProb(batch, behaviour, 2), ratios);
  return {
    ...batch,
    values: Float64Array.from(batch.states, (s) => values[s]),
    finalValues: Float64Array.from(batch.finalStates, (s) => values[s]),
    logRatios: ratios,
    gamma: mdp.gamma,
  };
}

/** E[v_1 | s_1 = s] − V(s), from every trajectory. */
function expectedChange(values: Float64Array, bars: { rhoBar: number; cBar: number; lambda?: number }): Float64Array {
  const all = enumerateTrajectories(mdp, behaviour);
  return exactMoments(all, 1, (batch) => {
    const out = new Float64Array(batch.states.length);
    vTrace({ ...inputs(batch, values), ...bars }, out, new Float64Array(out.length));
    const change = [0, 0];
    change[batch.states[0]] = (out[0] - values[batch.states[0]]) / mdp.start[batch.states[0]];
    return change;
  }).mean;
}

/** π_ρ̄(a|s) ∝ min(ρ̄ μ(a|s), π(a|s)) (Espeholt et al. 2018, eq. 3). */
function truncatedPolicy(rhoBar: number): Float64Array {
  const least = target.map((p, i) => Math.min(p, rhoBar * behaviour[i]));
  return least.map((p, i) => p / (least[i - (i % 2)] + least[i - (i % 2) + 1]));
}

describe("V-trace", () => {
  test("on policy, bars ≥ 1: the n-step return to the end of the trajectory", () => {
    const random = seeded(4);
    const episodes = {
      offsets: Int32Array.of(0, 6, 10),
      rewards: normals(random, 10),
      values: normals(random, 10),
      finalValues: normals(random, 2),
      terminated: [0, 1],
      gamma: 0.9,
    };
    const [targets, advantages, returns] = [new Float64Array(10), new Float64Array(10), new Float64Array(10)];
    vTrace({ ...episodes, logRatios: new Float64Array(10), rhoBar: 2, cBar: 5 }, targets, advantages);
    nStepReturns(episodes, 10, returns);
    expectClose(targets, returns, 1e-13);
    expectClose(
      advantages,
      returns.map((g, k) => g - episodes.values[k]),
      1e-13,
    );
    vTrace({ ...episodes, logRatios: new Float64Array(10), lambda: 0 }, targets, advantages);
    nStepReturns(episodes, 1, returns);
    expectClose(targets, returns, 1e-13);
  });

  test("fixed point: the value of π_ρ̄ for every ρ̄; c̄ and λ do not move it (Theorem 1)", () => {
    for (const rhoBar of [0.3, 1, 2, Infinity]) {
      const values = stateValues(mdp, truncatedPolicy(rhoBar));
      for (const cBar of [0.1, 1, Math.min(rhoBar, 10)]) {
        expectClose(expectedChange(values, { rhoBar, cBar, lambda: 0.7 }), [0, 0], 1e-12);
      }
    }
    expect(largestDifference(truncatedPolicy(Infinity), target)).toBeLessThan(1e-15);
    expect(largestDifference(stateValues(mdp, truncatedPolicy(0.3)), stateValues(mdp, target))).toBeGreaterThan(1e-3);
  });

  test("elsewhere it moves towards it: contraction of the largest error", () => {
    const goal = stateValues(mdp, target);
    const values = goal.map((v) => v + 1);
    const change = expectedChange(values, { rhoBar: Infinity, cBar: 1 });
    const after = values.map((v, s) => v + change[s]);
    expect(largestDifference(after, goal)).toBeLessThan(0.8 + 1e-9);
  });

  test("the sum form of equation 1, term by term", () => {
    const all = enumerateTrajectories(mdp, behaviour);
    const own = inputs(all, Float64Array.of(0.3, -0.8));
    const [targets, advantages] = [new Float64Array(own.values.length), new Float64Array(own.values.length)];
    vTrace({ ...own, rhoBar: 0.9, cBar: 0.7, lambda: 0.95 }, targets, advantages);
    const after = (i: number, k: number) => (k + 1 < all.offsets[i + 1] ? own.values[k + 1] : own.finalValues[i]);
    for (let i = 0; i < all.count; i++) {
      for (let s = all.offsets[i]; s < all.offsets[i + 1]; s++) {
        let expected = own.values[s];
        for (let t = s; t < all.offsets[i + 1]; t++) {
          let product = mdp.gamma ** (t - s);
          for (let k = s; k < t; k++) product *= 0.95 * Math.min(0.7, Math.exp(own.logRatios[k]));
          const delta = all.rewards[t] + mdp.gamma * after(i, t) - own.values[t];
          expected += product * Math.min(0.9, Math.exp(own.logRatios[t])) * delta;
        }
        expect(Math.abs(targets[s] - expected)).toBeLessThan(1e-12);
        const next = s + 1 < all.offsets[i + 1] ? targets[s + 1] : own.finalValues[i];
        const advantage = all.rewards[s] + mdp.gamma * next - own.values[s];
        expect(Math.abs(advantages[s] - Math.min(0.9, Math.exp(own.logRatios[s])) * advantage)).toBeLessThan(1e-12);
      }
    }
  });
});

test("bounds of ratios are 1 where none are given", () => {
  const episodes = {
    ...{ offsets: Int32Array.of(0, 2), rewards: [1, 2], values: [0.5, 0.25], gamma: 0.9, finalValues: [3] },
    ...{ terminated: [0], logRatios: [Math.log(1.5), Math.log(3)] },
  };
  const [targets, advantages] = [new Float64Array(2), new Float64Array(2)];
  vTrace(episodes, targets, advantages);
  const last = 0.25 + (2 + 2.7 - 0.25);
  expect(targets[1]).toBeCloseTo(last, 14);
  expect(targets[0]).toBeCloseTo(1 + 0.9 * last, 14);
  expect(advantages[1]).toBeCloseTo(2 + 2.7 - 0.25, 14);
});
