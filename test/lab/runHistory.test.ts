/** The figures of runs in the lab: columns, what is drawn of them, bands over seeds, differences, and what was seen first. */
import { describe, expect, test } from "vitest";
import { bandOf, differenceOf } from "../../lab/runs/bands.ts";
import { collapseOf } from "../../lab/runs/collapse.ts";
import { History, thinned } from "../../lab/runs/history.ts";

describe("History", () => {
  test("grows by rows, and figures that come or stay away are NaN", () => {
    const history = new History();
    history.append(["steps", "loss"], 2, Float64Array.of(10, 1, 20, 2));
    history.append(["steps", "klCoef"], 1, Float64Array.of(30, 0.5));
    expect(history.length).toBe(3);
    expect(history.names).toEqual(["steps", "loss", "klCoef"]);
    expect([...history.column("steps")!]).toEqual([10, 20, 30]);
    expect([...history.column("loss")!]).toEqual([1, 2, Number.NaN]);
    expect([...history.column("klCoef")!]).toEqual([Number.NaN, Number.NaN, 0.5]);
    expect(history.last("loss")).toBeNaN();
    expect(history.column("nothing")).toBeUndefined();
  });

  test("keeps a thousand rows that came one by one, also over storing", () => {
    const history = new History();
    for (let i = 1; i <= 1000; i++) history.append(["steps", "x"], 1, Float64Array.of(i, i * i));
    const again = History.from(structuredClone(history.stored()));
    again.append(["steps", "x"], 1, Float64Array.of(1001, 7));
    expect(again.column("x")!.subarray(0, 1000)).toEqual(history.column("x"));
    expect(again.last("x")).toBe(7);
    expect(history.length).toBe(1000);
  });

  test("is cut back to an earlier state, and what follows takes its place", () => {
    const history = new History();
    history.append(["steps", "x"], 3, Float64Array.of(10, 1, 20, 2, 30, 3));
    history.cutBehind(20);
    expect(history.last("steps")).toBe(20);
    history.append(["steps", "y"], 1, Float64Array.of(30, 4));
    expect([...history.column("x")!]).toEqual([1, 2, Number.NaN]);
    history.cutBehind(5);
    expect(history.length).toBe(0);
    expect(history.last("x")).toBeUndefined();
  });
});

test("a thinned curve has at most so many points, in order, with its peaks and without what is not finite", () => {
  const x = Array.from({ length: 5000 }, (_, i) => i);
  const y = x.map((i) => (i === 1234 ? 100 : i === 3210 ? -100 : i === 77 ? Number.NaN : Math.sin(i / 50)));
  const points = thinned(x, y, 200);
  expect(points.x.length).toBeLessThanOrEqual(200);
  expect([...points.x]).toEqual([...points.x].sort((a, b) => a - b));
  expect(Math.max(...points.y)).toBe(100);
  expect(Math.min(...points.y)).toBe(-100);
  expect([...thinned([1, 2, 3], [4, Number.NaN, 6], 200).x]).toEqual([1, 3]);
});

describe("bands", () => {
  test("mean and Student's interval; a seed that is behind counts as far as it has got", () => {
    const band = bandOf([
      { steps: [1, 2, 3], values: [1, 2, 6] },
      { steps: [1, 2], values: [3, 4] },
      { steps: [1, 2], values: [5, 6] },
    ]);
    expect(band.steps).toEqual([1, 2, 3]);
    expect(band.mean).toEqual([3, 4, 6]);
    expect(band.n).toEqual([3, 3, 1]);
    // t of 2 degrees of freedom is 4.302653; s/√n = 2/√3.
    expect(band.high[0] - band.mean[0]).toBeCloseTo((4.302653 * 2) / Math.sqrt(3), 5);
    expect(band.low[1]).toBeCloseTo(4 - (4.302653 * 2) / Math.sqrt(3), 5);
    expect(band.low[2]).toBeNaN();
  });

  test("curves with steps of their own meet on a common grid, each within its own steps only", () => {
    const { steps, mean, n } = bandOf([
      { steps: [0, 100], values: [0, 100] },
      { steps: [50, 150], values: [50, 150] },
    ]);
    expect([steps[0], steps.at(-1)]).toEqual([0, 150]);
    for (const [i, step] of steps.entries()) {
      expect(mean[i]).toBeCloseTo(step, 9);
      expect(n[i]).toBe(step >= 50 && step <= 100 ? 2 : 1);
    }
  });

  test("positions without a finite value are left out", () => {
    expect(bandOf([{ steps: [1, 2], values: [Number.NaN, 3] }]).steps).toEqual([2]);
    expect(bandOf([]).steps).toEqual([]);
  });

  test("a difference is that of pairs: what a seed does to both is gone", () => {
    const noise = [100, -50, 7];
    const pairs = noise.map((x, seed) => {
      const b = { steps: [1, 2], values: [x, 2 * x] };
      return [{ steps: [1, 2], values: [x + 1 + seed / 10, 2 * x + 5] }, b] as const;
    });
    const { mean, low, high, n } = differenceOf(pairs);
    expect(mean[0]).toBeCloseTo(1.1, 12);
    expect(high[0] - low[0]).toBeCloseTo((2 * 4.302653 * 0.1) / Math.sqrt(3), 5);
    expect([mean[1], low[1], high[1]]).toEqual([5, 5, 5]);
    expect(n).toEqual([3, 3]);
  });
});

describe("a collapse", () => {
  const names = ["steps", "episodeReturn", "approxKl", "clipFraction", "explainedVariance"];
  function run(rows: (i: number) => readonly number[], length = 60): History {
    const history = new History();
    for (let i = 0; i < length; i++) history.append(names, 1, Float64Array.from(rows(i)));
    return history;
  }
  const rising = (i: number) => 20 + 5 * i + (i % 3);

  test("is told with what was seen first", () => {
    const history = run((i) => {
      const value = i < 40 ? rising(i) : Math.max(15, rising(40) - 30 * (i - 40));
      return [100 * (i + 1), value, i === 38 ? 0.4 : 0.01, i >= 40 ? 0.7 : 0.1, i >= 42 ? -1 : 0.6];
    });
    const found = collapseOf(history)!;
    expect(found.signs.map(({ figure, steps }) => [figure, steps])).toEqual([
      ["approxKl", 3900],
      ["clipFraction", 4100],
      ["explainedVariance", 4300],
    ]);
    expect(found.words).toMatch(
      /^The return fell from 22\d to \d+ by step 4[56]00\. What was seen first, at step 3900: the KL divergence of an update rose to 0\.4\.$/,
    );
  });

  test("takes the monitor's words into account, and says when nothing was seen", () => {
    const history = run((i) => [100 * (i + 1), i < 40 ? rising(i) : 15, 0.01, 0.1, 0.6]);
    expect(collapseOf(history)?.words).toMatch(/No figure left its usual range/);
    const warning = { rule: "observations", steps: 3500, what: "observations are large", fix: "" };
    expect(collapseOf(history, [warning])?.words).toMatch(/first, at step 3500: observations are large\./);
  });

  test("is none while the return rises, stays, or only trembles", () => {
    expect(collapseOf(run((i) => [i, rising(i), 1, 1, -1]))).toBeUndefined();
    expect(collapseOf(run((i) => [i, 200 + 3 * Math.sin(i), 1, 1, -1]))).toBeUndefined();
    expect(collapseOf(run((i) => [i, Number.NaN, 1, 1, -1]))).toBeUndefined();
    expect(collapseOf(new History())).toBeUndefined();
  });
});
