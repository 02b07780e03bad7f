import { describe, expect, test } from "vitest";
import { bestOfNKlBound } from "../../src/estimators/preferences/bestOfN.ts";
import { goldWorld } from "../../src/overoptimisation/goldWorld.ts";
import {
  bestOfNPressure,
  goldAtBudget,
  pressurePoint,
  regularisedPressure,
} from "../../src/overoptimisation/pressure.ts";
import { tailWorld } from "../../src/overoptimisation/tails.ts";

const world = goldWorld(1);
const honest = { reference: world.base, proxy: world.gold, gold: world.gold };

describe("optimisation pressure on a proxy", () => {
  test("the reference itself is at distance 0 with gold 0", () => {
    const point = pressurePoint(world.base, honest);
    expect(point.distance).toBeCloseTo(0, 6);
    expect(point.gold).toBeCloseTo(0, 10);
  });

  test("with the gold score as its own proxy, gold never falls", () => {
    for (const path of [
      bestOfNPressure(honest, [1, 2, 4, 8, 16, 64, 256]),
      regularisedPressure(honest, [8, 4, 2, 1, 0.5, 0.25]),
    ]) {
      for (let i = 1; i < path.length; i++) {
        expect(path[i].gold).toBeGreaterThan(path[i - 1].gold);
        expect(path[i].distance).toBeGreaterThan(path[i - 1].distance);
      }
    }
  });

  test("best of n stays within its bound of the divergence", () => {
    for (const [i, { distance }] of bestOfNPressure(honest, [2, 8, 64]).entries()) {
      expect(distance ** 2).toBeLessThanOrEqual(bestOfNKlBound([2, 8, 64][i]) + 1e-9);
    }
  });

  test("the regularised policy has the most proxy there is at its distance", () => {
    const noisy = tailWorld({ error: "normal", answers: 500, seed: 2 });
    const [best] = regularisedPressure(noisy, [0.7]);
    const drawn = bestOfNPressure(noisy, [1, 2, 3, 4, 5, 6, 8, 12, 16]);
    const behind = drawn.filter(({ distance }) => distance <= best.distance);
    expect(behind.length).toBeGreaterThan(1);
    for (const { proxy } of behind) expect(proxy).toBeLessThan(best.proxy);
  });

  test("a proxy that is blind to something: gold rises and falls", () => {
    const blind = world.gold.map((score, y) => score + 3 * world.slips[y]);
    const path = bestOfNPressure({ ...honest, proxy: blind }, [1, 4, 16, 64, 1024, 65536]);
    const best = Math.max(...path.map(({ gold }) => gold));
    expect(best).toBeGreaterThan(0.3);
    expect(path.at(-1)!.gold).toBeLessThan(0);
  });

  test("goldAtBudget lies on the path", () => {
    const path = [
      { distance: 0, proxy: 0, gold: 0 },
      { distance: 1, proxy: 1, gold: 2 },
      { distance: 3, proxy: 2, gold: 1 },
    ];
    expect(goldAtBudget(path, 0)).toBe(0);
    expect(goldAtBudget(path, 0.5)).toBe(1);
    expect(goldAtBudget(path, 2)).toBe(1.5);
    expect(goldAtBudget(path, 9)).toBe(1);
    expect(goldAtBudget([], 1)).toBeNaN();
  });
});

describe("tails of a proxy's error", () => {
  test("both errors have the same gold rewards, and about the same deviation", () => {
    const [normal, student] = (["normal", "student"] as const).map((error) =>
      tailWorld({ error, answers: 20_000, seed: 5 }),
    );
    const deviation = ({ proxy, gold }: typeof normal) =>
      Math.sqrt(Array.from(proxy).reduce((sum, x, i) => sum + (x - gold[i]) ** 2, 0) / proxy.length);
    expect(student.gold).toEqual(normal.gold);
    expect(deviation(normal)).toBeGreaterThan(0.97);
    expect(deviation(normal)).toBeLessThan(1.03);
    expect(deviation(student)).toBeGreaterThan(0.8);
    expect(deviation(student)).toBeLessThan(1.3);
  });

  test("light tails: gold grows with n; heavy ones: it comes back", () => {
    const gold = (error: "normal" | "student") =>
      bestOfNPressure(tailWorld({ error, answers: 20_000, seed: 1 }), [1, 10, 100, 1e4, 1e6]).map(
        (point) => point.gold,
      );
    const [light, heavy] = [gold("normal"), gold("student")];
    expect(light[3]).toBeGreaterThan(light[2]);
    expect(heavy[3]).toBeLessThan(heavy[2] - 0.3);
  });
});
