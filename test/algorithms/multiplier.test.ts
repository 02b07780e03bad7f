/** docs/theory.md, 21 and 23: the rules for the KL penalty's weight, and that they hold the KL where it should be. */

import { describe, expect, test } from "vitest";
import { nextMultiplier } from "../../src/algorithms/surrogate/multiplier.ts";
import { expectExactResume, ladder } from "./ladder.ts";
import { iterate } from "./support.ts";

const rule = (klRule: "adaptive" | "fixed" | "dual", klTarget = 0.01, klRate = 10) => ({ klRule, klTarget, klRate });

describe("nextMultiplier", () => {
  test.each([
    [0.01, 1],
    [0.0067, 1],
    [0.0149, 1],
    [0.0066, 0.5],
    [0, 0.5],
    [0.0151, 2],
    [5, 2],
  ])("adaptive, d = 0.01, KL %d: times %d", (kl, factor) => {
    expect(nextMultiplier(3, kl, rule("adaptive"))).toBe(3 * factor);
  });

  test("adaptive: exactly at d / 1.5 and 1.5 d it stays", () => {
    expect(nextMultiplier(1, 1.5, rule("adaptive", 1))).toBe(1);
    expect(nextMultiplier(1, 1 / 1.5, rule("adaptive", 1))).toBe(1);
  });

  test("adaptive: never out of 1e-6 … 1e6, from where it comes back", () => {
    let coefficient = 1;
    for (let i = 0; i < 3000; i++) coefficient = nextMultiplier(coefficient, 0, rule("adaptive"));
    expect(coefficient).toBe(1e-6);
    for (let i = 0; i < 20; i++) coefficient = nextMultiplier(coefficient, 1, rule("adaptive"));
    expect(coefficient).toBeGreaterThan(1);
    for (let i = 0; i < 3000; i++) coefficient = nextMultiplier(coefficient, 1, rule("adaptive"));
    expect(coefficient).toBe(1e6);
    expect(nextMultiplier(1e6, 9e9, rule("dual"))).toBe(1e6);
  });

  test("dual: λ + α (KL − δ), never below 0; fixed: as it is", () => {
    expect(nextMultiplier(2, 0.03, rule("dual"))).toBeCloseTo(2.2, 12);
    expect(nextMultiplier(2, 0.01, rule("dual"))).toBe(2);
    expect(nextMultiplier(0.05, 0, rule("dual"))).toBe(0);
    expect(nextMultiplier(0, 0, rule("dual"))).toBe(0);
    expect(nextMultiplier(2, 99, rule("fixed"))).toBe(2);
  });
});

describe("ppo with objective=penalty", () => {
  const settings = {
    objective: "penalty",
    nEnvs: 8,
    nSteps: 64,
    nEpochs: 10,
    batchSize: 128,
    learningRate: 3e-3,
    klTarget: 0.01,
  };
  const meanKl = async (more: object, iterations = 40) => {
    const figures = iterate(await ladder("ppo", "CartPole-v1", { ...settings, ...more }), iterations);
    const last = figures.slice(-15);
    const mean = (name: string) => last.reduce((sum, f) => sum + f[name], 0) / last.length;
    return { figures, kl: mean("kl"), klCoef: mean("klCoef") };
  };

  test("dual: λ rises from 0 until the KL is near δ, which without a penalty it is not", async () => {
    const free = await meanKl({ klRule: "fixed", klCoef: 0 });
    const held = await meanKl({ klRule: "dual", klCoef: 0, klRate: 20 });
    expect(free.kl).toBeGreaterThan(0.025);
    expect(held.figures[0]["klCoef"]).toBe(0);
    expect(held.klCoef).toBeGreaterThan(0.3);
    expect(held.kl).toBeLessThan(0.02);
    expect(held.kl).toBeGreaterThan(0.004);
  });

  test("adaptive: β doubles and halves by the KL it reports, and brings it near d", async () => {
    const { figures, kl } = await meanKl({ klRule: "adaptive", klCoef: 0.1 });
    for (let i = 1; i < figures.length; i++) {
      const before = figures[i - 1];
      expect(figures[i]["klCoef"]).toBe(nextMultiplier(before["klCoef"], before["kl"], rule("adaptive")));
    }
    expect(figures.some((f, i) => i > 0 && f["klCoef"] > figures[i - 1]["klCoef"])).toBe(true);
    expect(kl).toBeGreaterThan(0.004);
    expect(kl).toBeLessThan(0.025);
  });

  test("fixed: a larger β gives a smaller KL", async () => {
    const [small, large] = [
      await meanKl({ klRule: "fixed", klCoef: 0.3 }, 20),
      await meanKl({ klRule: "fixed", klCoef: 30 }, 20),
    ];
    expect(large.kl).toBeLessThan(small.kl / 3);
  });

  test("β survives a resume", async () => {
    await expectExactResume(() => ladder("ppo", "CartPole-v1", { ...settings, klRule: "adaptive" }));
    await expectExactResume(() => ladder("ppo", "Pendulum-v1", { ...settings, klRule: "dual", klCoef: 0 }));
  });
});
