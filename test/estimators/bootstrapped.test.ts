import { describe, expect, test } from "vitest";
import {
  type BootstrappedEpisodes,
  episodeAdvantages,
  episodesFromRollout,
  gatherSteps,
  generalisedAdvantages,
  nStepReturns,
  rewardToGo,
  tdLambdaReturns,
} from "../../src/estimators/index.ts";
import {
  exactMoments,
  finiteHorizonGradient,
  finiteHorizonValues,
  numericGradient,
  type Trajectories,
} from "../../src/mdp/index.ts";
import { expectClose, largestDifference, normals, seeded } from "../mdp/support.ts";
import { gradientWith, timeValues, tinyWorld } from "./support.ts";

/** Random episodes of the given lengths. */
function episodesOf(lengths: number[], gamma: number, seed: number): BootstrappedEpisodes {
  const random = seeded(seed);
  const offsets = Int32Array.from([0, ...lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b, 0))]);
  const steps = offsets[lengths.length];
  return {
    offsets,
    rewards: normals(random, steps),
    values: normals(random, steps),
    finalValues: normals(random, lengths.length),
    terminated: Uint8Array.from(lengths, (_, i) => i % 2),
    gamma,
  };
}

describe("identities", () => {
  const episodes = episodesOf([5, 1, 8, 3], 0.9, 1);
  const steps = episodes.rewards.length;
  const run = (f: (out: Float64Array) => void) => {
    const out = new Float64Array(steps);
    f(out);
    return out;
  };

  test("GAE is the λ-return minus V; λ = 0 is one-step TD, λ = 1 Monte Carlo; n-step ends between", () => {
    for (const lambda of [0, 0.3, 0.95, 1]) {
      const returns = run((out) => tdLambdaReturns(episodes, lambda, out));
      const advantages = run((out) => episodeAdvantages(episodes, lambda, out));
      expectClose(
        advantages,
        returns.map((g, k) => g - episodes.values[k]),
        1e-14,
      );
    }
    expectClose(
      run((o) => nStepReturns(episodes, 1, o)),
      run((o) => tdLambdaReturns(episodes, 0, o)),
      1e-15,
    );
    expectClose(
      run((o) => nStepReturns(episodes, 99, o)),
      run((o) => tdLambdaReturns(episodes, 1, o)),
      1e-14,
    );
    const ended = { ...episodes, terminated: [1, 1, 1, 1] };
    expectClose(
      run((o) => nStepReturns(ended, 8, o)),
      run((o) => rewardToGo(episodes, 0.9, o)),
      1e-14,
    );
  });

  test("the λ-return is (1 − λ) Σ λ^{n−1} of the n-step returns (Sutton & Barto eq. 12.3)", () => {
    const lambda = 0.7;
    const expected = new Float64Array(steps);
    for (let n = 1; n <= 60; n++) {
      const returns = run((out) => nStepReturns(episodes, n, out));
      expected.forEach((_, k) => {
        expected[k] += (1 - lambda) * lambda ** (n - 1) * returns[k];
      });
    }
    expectClose(
      run((out) => tdLambdaReturns(episodes, lambda, out)),
      expected,
      1e-8,
    );
  });

  test("agrees with GAE over [time][environment] arrays, episodes cut from the same rollout", () => {
    const [time, environments] = [40, 3];
    const random = seeded(4);
    const size = time * environments;
    const rewards = normals(random, size);
    const values = normals(random, size);
    const finals = normals(random, size);
    const last = normals(random, environments);
    const terminated = Uint8Array.from({ length: size }, () => (random.uniform() < 0.1 ? 1 : 0));
    const truncated = Uint8Array.from({ length: size }, () => (random.uniform() < 0.1 ? 1 : 0));
    const expected = new Float64Array(size);
    const base = { steps: time, environments, rewards, values, terminated, truncated, lastValues: last };
    const targets = new Float64Array(size);
    generalisedAdvantages({ ...base, finalValues: finals, gamma: 0.97, lambda: 0.9 }, expected, targets);

    const cut = episodesFromRollout(time, environments, terminated, truncated);
    const ordered = [rewards, values].map((array) => {
      const out = new Float64Array(size);
      gatherSteps(array, cut.rows, out);
      return out;
    });
    const finalValues = Float64Array.from(cut.terminated, (_, i) => {
      const row = cut.rows[cut.offsets[i + 1] - 1];
      return cut.unfinished[i] === 1 ? last[row % environments] : finals[row];
    });
    const actual = new Float64Array(size);
    const own = { offsets: cut.offsets, rewards: ordered[0], values: ordered[1], finalValues };
    episodeAdvantages({ ...own, terminated: cut.terminated, gamma: 0.97 }, 0.9, actual);
    const wanted = new Float64Array(size);
    gatherSteps(expected, cut.rows, wanted);
    expectClose(actual, wanted, 1e-13);
  });
});

describe("bias of bootstrapping, exactly", () => {
  const small = tinyWorld(3, 0.9);
  const { mdp, model, parameters, policy, all } = small;
  const exact = finiteHorizonGradient(mdp, model, parameters, { stateWeights: "undiscounted" });
  const { values } = finiteHorizonValues(mdp, policy);
  const wrong = normals(seeded(9), values.length);
  wrong.fill(0, 6);
  const mean = (table: Float64Array, lambda: number) =>
    exactMoments(all, 1, (batch) =>
      gradientWith(small, (_: Trajectories, out) => {
        const own = timeValues(batch, table, 2);
        const behind = [table[6 + batch.finalStates[0]]];
        episodeAdvantages({ ...batch, values: own, finalValues: behind, gamma: 0.9 }, lambda, out);
      })(batch),
    ).mean;

  test("with the right V every λ is unbiased; with a wrong one only λ = 1", () => {
    for (const lambda of [0, 0.5, 1]) expectClose(mean(values, lambda), exact, 1e-12);
    expectClose(mean(wrong, 1), exact, 1e-12);
    expect(largestDifference(mean(wrong, 0.5), exact)).toBeGreaterThan(0.01);
  });

  test("λ < 1 with a wrong V is off by Σ_l (γλ)^l γ(1 − λ) E[∇log π_t (V − V_π)(s_{t+l+1})], exactly", () => {
    // A_t with V = V_π + e differs from the right one by −e(s_t) + γ(1 − λ) Σ_l (γλ)^l e(s_{t+l+1}); e(s_t) averages out.
    const lambda = 0.4;
    const error = wrong.map((value, i) => (i < 6 ? value - values[i] : 0));
    const { mean: bias } = exactMoments(all, 1, (batch) =>
      gradientWith(small, (_: Trajectories, out) => {
        const own = timeValues(batch, error, 2);
        for (let t = 0; t < 3; t++) {
          out[t] = 0;
          for (let l = 0; t + l + 1 < 3; l++) out[t] += 0.9 * (1 - lambda) * (0.9 * lambda) ** l * own[t + l + 1];
        }
      })(batch),
    );
    expectClose(
      mean(wrong, lambda),
      exact.map((g, j) => g + bias[j]),
      1e-12,
    );
  });

  test("the undiscounted-state direction is no gradient: its Jacobian is not symmetric (Nota & Thomas 2020)", () => {
    const field = (x: Float64Array) => finiteHorizonGradient(mdp, model, x, { stateWeights: "undiscounted" });
    let asymmetry = 0;
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < i; j++) {
        const ij = numericGradient((x) => field(x)[i], parameters)[j];
        const ji = numericGradient((x) => field(x)[j], parameters)[i];
        asymmetry = Math.max(asymmetry, Math.abs(ij - ji));
      }
    }
    expect(asymmetry).toBeGreaterThan(1e-3);
  });
});
