/** The KL of a whole update, where an algorithm has no surrogate to measure it by (docs/theory.md, 12). */

import { describe, expect, test } from "vitest";
import { box, discrete } from "../../src/envs/index.ts";
import { bandit, mdpSpec } from "../../src/mdp/index.ts";
import { ladder, weightsOf } from "./ladder.ts";
import { iterate } from "./support.ts";

const arms = mdpSpec("arms", bandit([1, 0, 0.3]), { horizonEnds: "terminated" });

/** π in the state whose observation is the first column alone, of a network without hidden layers. */
function firstState(weights: Record<string, Float32Array>): number[] {
  const [matrix, bias] = Object.values(weights);
  const odds = Array.from(bias, (b, a) => Math.exp(b + matrix[a]));
  const sum = odds.reduce((x, y) => x + y);
  return odds.map((x) => x / sum);
}

const divergence = (p: number[], q: number[]) => p.reduce((sum, x, a) => sum + x * Math.log(x / q[a]), 0);

describe("kl is KL(old ‖ new) from the two policies themselves", () => {
  test.each([
    ["reinforce", { nSteps: 2 }],
    ["off-policy-pg", { nSteps: 2, gradientSteps: 3, replayBatches: 2 }],
    ["a2c", { nSteps: 3 }],
    ["ppo", { nSteps: 3, nEpochs: 1, batchSize: 12 }],
  ])("%s %o", async (name, more) => {
    const of = await ladder(name, arms, { hidden: [], learningRate: 0.1, ...more });
    for (let i = 0; i < 3; i++) {
      const before = firstState(weightsOf(of));
      const [{ kl }] = iterate(of, 1);
      const exact = divergence(before, firstState(weightsOf(of)));
      expect(exact).toBeGreaterThan(1e-5);
      expect(Math.abs(kl - exact)).toBeLessThan(1e-3 * exact + 1e-7);
    }
  });

  test.each([
    ["reinforce", {}],
    ["off-policy-pg", { gradientSteps: 3, replayBatches: 2 }],
  ])("%s: of the steps learnt from, not of what was played while other episodes went on", async (name, more) => {
    let made = 0;
    // Environment i's first episode has 1 + i steps and shows (1, 0); later ones show (0, 5).
    const make = () => {
      const length = 1 + made++;
      let [left, first] = [0, false];
      const observation = () => Float32Array.from(first ? [1, 0] : [0, 5]);
      return {
        observationSpace: box({ low: -9, high: 9, shape: [2] }),
        actionSpace: discrete(3),
        reset: ({ seed }: { seed?: number } = {}) => {
          [left, first] = [length, seed !== undefined];
          return { observation: observation() };
        },
        step: (action: number) => {
          left--;
          return { observation: observation(), reward: action, terminated: left === 0, truncated: false };
        },
      };
    };
    const of = await ladder(name, make, { hidden: [], learningRate: 0.1, nSteps: 10, ...more });
    const before = firstState(weightsOf(of));
    const [{ kl }] = iterate(of, 1);
    const exact = divergence(before, firstState(weightsOf(of)));
    expect(Math.abs(kl - exact)).toBeLessThan(1e-3 * exact + 1e-7);
  });

  test("a Gaussian policy, and a learning rate of 0: the policy stays and kl is 0", async () => {
    for (const name of ["reinforce", "off-policy-pg", "a2c"]) {
      const moved = iterate(await ladder(name, "Pendulum-v1", { nSteps: 20 }), 1)[0]["kl"];
      expect(moved).toBeGreaterThan(0);
      expect(moved).toBeLessThan(0.5);
      const still = iterate(await ladder(name, "Pendulum-v1", { nSteps: 20, learningRate: 0 }), 1)[0];
      expect(Math.abs(still["kl"])).toBeLessThan(1e-6);
    }
  });
});
