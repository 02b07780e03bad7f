/** Chapter 1's studies: the numbers drawn are the library's, and the estimates lie around them as their intervals say. */

import { expect, test } from "vitest";
import { study as cloud } from "../../lab/chapters/01-objective/studies/cloud.ts";
import { study as hill } from "../../lab/chapters/01-objective/studies/hill.ts";
import { study as maze } from "../../lab/chapters/01-objective/studies/maze.ts";
import { ARMS, banditAt, maze as mazeWorld, REACH, SIDE } from "../../lab/chapters/01-objective/worlds.ts";
import { finiteHorizonGradient, finiteHorizonObjective, numericGradient } from "../../src/mdp/index.ts";
import { exactWorld } from "../../src/variance/index.ts";
import { expectClose } from "../mdp/support.ts";
import { lastOf } from "./support.ts";

test("the maze has the places of `ascent variance --env grid`", () => {
  const { mdp, theta } = mazeWorld();
  const grid = exactWorld("grid")!;
  expect(mdp.terminal).toEqual(grid.terminal);
  expect(mdp.start).toEqual(grid.start);
  expect(theta.every((logit) => logit === 0)).toBe(true);
});

test("the hill's heights, gradient and arrow are those of J; the batch's numbers are of the arms it took", () => {
  const input = { x: 0.7, y: -0.4, trajectories: 16, seed: 0, draw: 0 };
  const found = lastOf(hill(input));
  const { mdp, model, theta } = banditAt(0.7, -0.4);
  const J = (x: Float64Array) => {
    const at = banditAt(x[0], x[1]);
    return finiteHorizonObjective(at.mdp, at.model.policy(at.theta));
  };
  expect(found.objective).toBe(J(Float64Array.of(0.7, -0.4)));
  expectClose(found.exactArrow, numericGradient(J, Float64Array.of(0.7, -0.4)), 1e-10);
  expectClose(found.exact, finiteHorizonGradient(mdp, model, theta).slice(0, 3), 0);
  expect(found.surface[0]).toBe(J(Float64Array.of(-REACH, -REACH)));
  expect(found.surface[SIDE * SIDE - SIDE]).toBe(J(Float64Array.of(-REACH, REACH)));
  expect(found.taken.reduce((a, b) => a + b)).toBe(16);
  const byHand = ARMS.map((_, b) =>
    ARMS.reduce((sum, pay, a) => sum + (found.taken[a] / 16) * pay * ((a === b ? 1 : 0) - found.policy[b]), 0),
  );
  expectClose(found.estimate, byHand, 1e-12);
  const paid = ARMS.reduce((sum, pay, a) => sum + (found.taken[a] / 16) * pay, 0);
  expect(found.meanReturn.value).toBeCloseTo(paid, 12);
  expect(found.others).toHaveLength(400);
});

test("more trajectories bring both estimates to what is exact; another batch is another arrow", () => {
  const at = { x: 0, y: 0, seed: 0, draw: 0 };
  const spread = (trajectories: number) => {
    const { others, exactArrow } = lastOf(hill({ ...at, trajectories }));
    let sum = 0;
    for (let i = 0; i < others.length; i++) sum += (others[i] - exactArrow[i % 2]) ** 2;
    return sum;
  };
  expect(spread(4) / spread(64)).toBeGreaterThan(12);
  expect(spread(4) / spread(64)).toBeLessThan(20);
  const first = lastOf(hill({ ...at, trajectories: 4 })).estimate;
  expect(lastOf(hill({ ...at, trajectories: 4 })).estimate).toEqual(first);
  expect(lastOf(hill({ ...at, trajectories: 4, draw: 1 })).estimate).not.toEqual(first);

  const { cosines, relativeErrors, objective, meanReturn } = lastOf(maze({ trajectories: 2000, seed: 0, draw: 0 }));
  expect(relativeErrors[1999]).toBeLessThan(relativeErrors[9] / 5);
  expect(cosines[1999]).toBeGreaterThan(0.9);
  expect(meanReturn.low).toBeLessThan(objective);
  expect(meanReturn.high).toBeGreaterThan(objective);
});

test("the maze's arrows are right less left and up less down; trajectories begin at the start and follow the walls", () => {
  const found = lastOf(maze({ trajectories: 32, seed: 3, draw: 0 }));
  const { exact, exactArrows, offsets, states, finalStates } = found;
  const start = 8;
  expect(exactArrows[2 * start]).toBeCloseTo(exact[4 * start + 1] - exact[4 * start + 3], 15);
  expect(exactArrows[2 * start + 1]).toBeCloseTo(exact[4 * start] - exact[4 * start + 2], 15);
  expect(found.estimates.subarray(31 * 48)).toHaveLength(48);
  for (let i = 0; i < 32; i++) {
    expect(states[offsets[i]]).toBe(start);
    expect([...states.subarray(offsets[i], offsets[i + 1])]).not.toContain(5);
    if (offsets[i + 1] - offsets[i] < 20) expect([3, 7]).toContain(finalStates[i]);
  }
});

test.each(["bandit", "maze"] as const)("the cloud of the %s lies around ∇J as wide as theory says", (world) => {
  const input = { world, trajectories: 8, batches: 1000, seed: 0 };
  const outputs = [...cloud(input)];
  expect(outputs.map(({ batches }) => batches)).toEqual([40, 80, 160, 320, 640, 1000]);
  const found = outputs.at(-1)!;
  expect(found.traceOfCovariance.low).toBeLessThan(found.exactTraceOfCovariance);
  expect(found.traceOfCovariance.high).toBeGreaterThan(found.exactTraceOfCovariance);
  expect(found.bias.low).toBe(0);
  // The mean of a thousand has a thousandth of the variance.
  const off = Math.hypot(...found.meanPoint.map((x, axis) => x - found.exactPoint[axis]));
  expect(off).toBeLessThan(3 * Math.sqrt(found.exactTraceOfCovariance / 1000));
  expect(Math.hypot(...found.exactPoint)).toBeCloseTo(found.gradientNorm, 12);
  if (world === "bandit") expect(found.shownShare).toBeCloseTo(1, 12);
  else expect(found.shownShare).toBeGreaterThan(0.1);
  const more = lastOf(cloud({ ...input, trajectories: 32 }));
  expect(found.exactTraceOfCovariance / more.exactTraceOfCovariance).toBeCloseTo(4, 10);
  expect(found.traceOfCovariance.value / more.traceOfCovariance.value).toBeGreaterThan(3.4);
});
