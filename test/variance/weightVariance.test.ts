/** Theory 14: the variance of trajectory weights grows exponentially with their length. */

import { expect, test } from "vitest";
import { softmaxPolicy } from "../../src/mdp/index.ts";
import { exactWorld, weightVarianceByHorizon } from "../../src/variance/index.ts";
import { normals, seeded } from "../mdp/support.ts";

const mdp = exactWorld("random-mdp:3")!;
const logits = normals(seeded(1), 18, 0.5);
const behaviour = softmaxPolicy(logits, 3);
const moved = (scale: number) =>
  softmaxPolicy(
    logits.map((x, i) => x + scale * normals(seeded(2), 18)[i]),
    3,
  );

test("measured is the closed form while samples suffice; 1 + Var grows by about the same factor each step", () => {
  const horizons = [1, 2, 4, 8, 12, 16, 20];
  const random = seeded(3);
  const rows = weightVarianceByHorizon(mdp, behaviour, moved(0.3), { horizons, trajectories: 10_000, random });
  for (const { steps, exact, measured } of rows.slice(0, 4)) {
    expect(Math.abs(measured / exact - 1), `T = ${steps}`).toBeLessThan(0.15);
  }
  const long = rows.slice(3);
  const factors = long.slice(1).map(({ exact }, i) => ((1 + exact) / (1 + long[i].exact)) ** (1 / 4));
  expect(factors).toHaveLength(3);
  for (const factor of factors) {
    expect(factor).toBeGreaterThan(1.03);
    expect(Math.max(...factors) / factor).toBeLessThan(1.005);
  }
  // ESS/N is 1 / (1 + Var) in the limit; it is known as well as the variance is.
  for (const { steps, exact, effectiveShare } of rows.slice(0, 4)) {
    expect(Math.abs(effectiveShare * (1 + exact) - 1), `T = ${steps}`).toBeLessThan((0.15 * exact) / (1 + exact));
  }
  for (let i = 1; i < rows.length; i++) expect(rows[i].effectiveShare).toBeLessThan(rows[i - 1].effectiveShare);
});

test("the same policy twice: weights of 1, no variance, all samples count", () => {
  const rows = weightVarianceByHorizon(mdp, behaviour, behaviour, {
    horizons: [1, 32],
    trajectories: 50,
    random: seeded(4),
  });
  for (const { exact, measured, effectiveShare } of rows) {
    expect(exact).toBeCloseTo(0, 12);
    expect(measured).toBeCloseTo(0, 12);
    expect(effectiveShare).toBeCloseTo(1, 12);
  }
});
