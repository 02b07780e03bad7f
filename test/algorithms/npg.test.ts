import { describe, expect, test } from "vitest";
import { algorithms } from "../../src/algorithms/algorithmRegistry.ts";
import { expectDeterminism, expectExactResume, ladder, squaredDistance, weightsOf } from "./ladder.ts";
import { hashOf, iterate } from "./support.ts";

const settings = { nSteps: 128, nCriticUpdates: 3, batchSize: 64 };

describe("the natural gradient", () => {
  test.each(["CartPole-v1", "Pendulum-v1", "Acrobot-v1"])(
    "%s: every step is the first one tried, j = 0, though its KL is not what the model said",
    async (environment) => {
      const of = await ladder("npg", environment, { ...settings, targetKl: 0.3, cgDamping: 0.01 });
      for (let i = 0; i < 6; i++) {
        const before = weightsOf(of);
        const [figures] = iterate(of, 1);
        expect(figures["stepFraction"]).toBe(1);
        // δ is shared between the KL of the model and the damping: ½ Δᵀ(F + cI)Δ = δ.
        const damped = 0.005 * squaredDistance(before, weightsOf(of));
        expect((figures["quadraticKl"] + damped) / 0.3).toBeCloseTo(1, 4);
        expect(Math.abs(figures["approxKl"] - figures["quadraticKl"])).toBeGreaterThan(1e-3);
      }
    },
  );

  test("goes past δ where TRPO would shrink the step", async () => {
    const of = await ladder("npg", "Pendulum-v1", { ...settings, targetKl: 0.1, cgDamping: 1e-6, cgMaxSteps: 10 });
    expect(iterate(of, 6).some((figures) => figures["approxKl"] > 0.1)).toBe(true);
  });

  test("is TRPO without the line search, bit for bit", async () => {
    const [a, b] = [
      await ladder("npg", "CartPole-v1", settings),
      await ladder("trpo", "CartPole-v1", { ...settings, lineSearch: false }),
    ];
    expect(iterate(a, 3)).toEqual(iterate(b, 3));
    expect(hashOf(a)).toBe(hashOf(b));
  });

  test("where TRPO takes its first try too, both are the same", async () => {
    const [a, b] = [await ladder("npg", "CartPole-v1", settings), await ladder("trpo", "CartPole-v1", settings)];
    const [npg, trpo] = [iterate(a, 1)[0], iterate(b, 1)[0]];
    expect(trpo["stepFraction"]).toBe(1);
    expect(npg).toEqual(trpo);
  });

  test("has no options of the line search", async () => {
    const keys = Object.keys(algorithms["npg"].options.shape);
    expect(keys.filter((key) => key.startsWith("lineSearch"))).toEqual([]);
    await expect(ladder("npg", "CartPole-v1", { lineSearch: true })).rejects.toThrow(/no option "lineSearch"/);
  });

  test("determinism and exact resume", async () => {
    await expectDeterminism((seed) => ladder("npg", "Pendulum-v1", { ...settings, seed }));
    await expectExactResume(() => ladder("npg", "CartPole-v1", { ...settings, normalizeRewards: true }));
  });
});
