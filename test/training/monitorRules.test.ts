/** Both sides of every bound of the monitor's rules, how long a thing has to last, and what the words name. */
import { describe, expect, test } from "vitest";
import { Monitor } from "../../src/training/monitor/monitor.ts";
import { short } from "../../src/training/monitor/rule.ts";
import { rules } from "../../src/training/monitor/rules.ts";

type Figures = Record<string, number>;

function heard(options: Record<string, unknown>, iterations: readonly Figures[], from = 1) {
  const monitor = new Monitor({ algorithm: "ppo", options });
  return iterations.flatMap((figures, i) =>
    monitor.watch({ steps: from + i, ...figures }).map((warning) => ({ at: i + 1, ...warning })),
  );
}
const times = (count: number, figures: Figures) => new Array<Figures>(count).fill(figures);
const at = (options: Record<string, unknown>, iterations: readonly Figures[], rule: string) =>
  heard(options, iterations)
    .filter((warning) => warning.rule === rule)
    .map((warning) => warning.at);

describe("policy not moving", () => {
  const rule = "policy not moving";
  const still = { approxKl: 1e-7, entropy: 0.5, learningRate: 1e-3, gradientNorm: 2 };

  test("after 20 iterations on end of at most 1e-7, signs aside", () => {
    expect(at({}, times(30, still), rule)).toEqual([20]);
    expect(at({}, times(19, still), rule)).toEqual([]);
    expect(at({}, times(30, { ...still, approxKl: -1e-7 }), rule)).toEqual([20]);
    expect(at({}, times(30, { ...still, approxKl: 1.1e-7 }), rule)).toEqual([]);
    expect(at({}, times(30, { ...still, approxKl: -1.1e-7 }), rule)).toEqual([]);
    const moved = [...times(10, still), { ...still, approxKl: 1e-3 }, ...times(20, still)];
    expect(at({}, moved, rule)).toEqual([31]);
  });

  test("an exact KL goes before an estimate", () => {
    expect(at({}, times(30, { ...still, approxKl: 1, kl: 0 }), rule)).toEqual([20]);
    expect(at({}, times(30, { ...still, approxKl: 0, kl: 1 }), rule)).toEqual([]);
  });

  test.each([
    ["an entropy of 0.02", { entropy: 0.02 }, [20]],
    ["less of a choice", { entropy: 0.0199 }, []],
    ["none at all", { entropy: 0 }, []],
    ["that of a narrow density", { entropy: -0.01 }, [20]],
  ])("%s", (_, more, expected) => {
    expect(at({}, times(25, { ...still, ...more }), rule)).toEqual(expected);
  });

  test("a rate of at least half of the first", () => {
    const rates = (rate: number) => [{ ...still, learningRate: 2e-3 }, ...times(24, { ...still, learningRate: rate })];
    expect(at({}, rates(1e-3), rule)).toEqual([20]);
    expect(at({}, rates(0.99e-3), rule)).toEqual([]);
  });

  test("what it names: the line search, the gradient that is cut, or the rate", () => {
    const words = (options: Record<string, unknown>, more: Figures) =>
      heard(options, times(20, { ...still, ...more }))[0];
    expect(words({}, { stepFraction: 0 }).what).toBe(
      "the policy does not move: the line search has refused every step for 20 iterations",
    );
    expect(words({}, { stepFraction: 0.5 }).what).toBe(
      "the policy does not move: KL at most 1.0e-7 in 20 iterations, gradient norm 2",
    );
    expect(words({ maxGradNorm: 0.5 }, { gradientNorm: 50.1 }).fix).toMatch(/^The gradient is cut to maxGradNorm/);
    expect(words({ maxGradNorm: 0.5 }, { gradientNorm: 50 }).fix).toMatch(/^Raise learningRate/);
    expect(words({}, { gradientNorm: 1e9 }).fix).toMatch(/^Raise learningRate/);
    expect(words({}, {})).toMatchObject({ steps: 20, at: 20 });
  });
});

describe("entropy gone", () => {
  const rule = "entropy gone";
  const course = (...entropies: number[]) => entropies.map((entropy) => ({ entropy }));

  test("from above half of the first to below a fiftieth, within one iteration", () => {
    expect(at({}, course(1, 0.51, 0.0199), rule)).toEqual([3]);
    expect(at({}, course(1, 0.0199), rule)).toEqual([2]);
    expect(at({}, course(1, 0.5, 0.0199), rule)).toEqual([]);
    expect(at({}, course(1, 0.51, 0.02), rule)).toEqual([]);
    expect(at({}, course(1, 0.51, 0.3, 0.0199), rule)).toEqual([]);
    expect(at({}, course(1, 0.51, 0), rule)).toEqual([3]);
    expect(at({}, course(1, 0.51, -0.1), rule)).toEqual([]);
    expect(at({}, course(0, 0, 0), rule)).toEqual([]);
  });

  test("of choices only", () => {
    expect(
      at(
        {},
        course(1, 0.001).map((figures) => ({ ...figures, logStd: 0 })),
        rule,
      ),
    ).toEqual([]);
  });

  test("what it names", () => {
    const words = (options: Record<string, unknown>) => heard(options, course(0.7, 0.01))[0];
    expect(words({}).what).toBe("the policy lost its entropy in one update: from 0.7 to 0.01 nats");
    expect(words({}).fix).toBe("Lower learningRate.");
    expect(words({ nEpochs: 10 }).fix).toBe("Lower learningRate or nEpochs, or set targetKl (0.02).");
    expect(words({ entCoef: 0 }).fix).toBe("Lower learningRate; entCoef 0.01 keeps it exploring.");
  });
});

describe("KL far over target", () => {
  const rule = "KL far over target";

  test.each([
    ["no target", {}, 2, []],
    ["no target", {}, 2.01, [3]],
    ["a target", { targetKl: 0.1 }, 0.5, []],
    ["a target", { targetKl: 0.1 }, 0.51, [3]],
    ["a penalty's own target", { objective: "penalty", klTarget: 0.1, targetKl: 1 }, 0.51, [3]],
    ["another's, which is not the penalty's", { objective: "clip", klTarget: 0.01, targetKl: 1 }, 0.51, []],
  ])("%s: the mean of three, %o at %d", (_, options, kl, expected) => {
    const around = [{ approxKl: kl - 0.05 }, { approxKl: kl + 0.05 }, { approxKl: kl }];
    expect(at(options, around, rule)).toEqual(expected);
    expect(at(options, around.slice(0, 2), rule)).toEqual([]);
    expect(
      at(
        options,
        around.map(({ approxKl }) => ({ kl: approxKl })),
        rule,
      ),
    ).toEqual(expected);
  });

  test("what it names", () => {
    const words = (options: Record<string, unknown>) => heard(options, times(3, { approxKl: 4 }))[0];
    expect(words({}).what).toBe("updates go too far: KL 4, where 0.01 to 0.05 is usual");
    expect(words({ targetKl: 0.02 }).what).toBe("updates go too far: KL 4, target 0.02");
    expect(words({}).fix).toBe("Lower learningRate.");
    expect(words({ nEpochs: 3 }).fix).toMatch(/^Lower learningRate or nEpochs, or set targetKl \(0.02\)/);
    expect(words({ nEpochs: 3, targetKl: 0.02 }).fix).toBe("Lower learningRate or nEpochs.");
  });
});

test("clip fraction near 1: three iterations of at least 0.8", () => {
  const rule = "clip fraction near 1";
  expect(at({}, times(3, { clipFraction: 0.8 }), rule)).toEqual([3]);
  expect(at({}, [...times(2, { clipFraction: 1 }), { clipFraction: 0.79 }], rule)).toEqual([]);
  expect(heard({}, times(3, { clipFraction: 0.9 }))[0].what).toContain("(clip fraction 0.9)");
});

test("critic explains nothing: a hundred iterations of at most 0", () => {
  const rule = "critic explains nothing";
  expect(at({}, times(101, { explainedVariance: 0 }), rule)).toEqual([100]);
  expect(at({}, times(99, { explainedVariance: -1 }), rule)).toEqual([]);
  expect(
    at(
      {},
      [...times(50, { explainedVariance: -1 }), { explainedVariance: 0.01 }, ...times(99, { explainedVariance: -1 })],
      rule,
    ),
  ).toEqual([]);
  expect(heard({}, times(100, { explainedVariance: -0.5 }))[0].what).toContain("at most -0.5 in 100 iterations");
  expect(heard({}, times(100, { explainedVariance: -0.5 }))[0].fix).toContain("raise vfCoef or learningRate");
  expect(heard({ criticLearningRate: 1 }, times(100, { explainedVariance: -0.5 }))[0].fix).toContain(
    "raise criticLearningRate,",
  );
});

test("value loss dwarfs the policy's gradient: in shared layers, by ten thousand, and above a thousand, five times", () => {
  const rule = "value loss dwarfs the policy's gradient";
  const options = { shared: true, vfCoef: 0.5 };
  const figures = { valueLoss: 2 * 10_001, policyLoss: -1 };
  expect(at(options, times(6, figures), rule)).toEqual([5]);
  expect(at(options, times(4, figures), rule)).toEqual([]);
  expect(at(options, [...times(4, figures), { ...figures, policyLoss: 2 }], rule)).toEqual([]);
  expect(at(options, times(6, { ...figures, valueLoss: 2 * 10_000 }), rule)).toEqual([]);
  expect(at(options, times(6, { valueLoss: 2000, policyLoss: 0 }), rule)).toEqual([]);
  expect(at(options, times(6, { valueLoss: 2002, policyLoss: 0 }), rule)).toEqual([5]);
  expect(at({ shared: false, vfCoef: 0.5 }, times(6, figures), rule)).toEqual([]);
  expect(at({ shared: true }, times(6, figures), rule)).toEqual([]);
  expect(heard(options, times(5, { valueLoss: 4e4, policyLoss: -1 }))[0].what).toContain(
    "(20000) dwarfs the policy loss (-1)",
  );
});

test("actions stuck at a bound: ten iterations of at least 99 %", () => {
  const rule = "actions stuck at a bound";
  expect(at({}, times(11, { actionsAtBound: 0.99 }), rule)).toEqual([10]);
  expect(at({}, times(9, { actionsAtBound: 1 }), rule)).toEqual([]);
  expect(at({}, [...times(9, { actionsAtBound: 1 }), { actionsAtBound: 0.98 }], rule)).toEqual([]);
  expect(heard({}, times(10, { actionsAtBound: 1 }))[0].what).toMatch(/^100 % of the actions/);
});

test("no episode ends: 20,000 steps of each environment, none cut on purpose", () => {
  const rule = "no episode ends";
  const after = (steps: number, more: Figures = {}, options: Record<string, unknown> = {}) =>
    at(options, [{ steps, episodes: 0, ...more }], rule);
  expect(after(20_000)).toEqual([1]);
  expect(after(19_999)).toEqual([]);
  expect(after(39_999, {}, { nEnvs: 2 })).toEqual([]);
  expect(after(40_000, {}, { nEnvs: 2 })).toEqual([1]);
  expect(after(50_000, { episodes: 1 })).toEqual([]);
  expect(after(50_000, { cutEpisodes: 3 })).toEqual([]);
  expect(heard({ nEnvs: 2 }, [{ steps: 50_000, episodes: 0 }])[0].what).toContain(
    "in 25,000 steps of each environment",
  );
});

test("observations far from 1: in the first three iterations, on one side", () => {
  const rule = "observations far from 1";
  const of = (...scales: number[]) =>
    at(
      {},
      scales.map((observationScale) => ({ observationScale })),
      rule,
    );
  expect(of(101, 101, 101)).toEqual([3]);
  expect(of(100, 101, 101)).toEqual([]);
  expect(of(1, 101, 101, 101)).toEqual([]);
  expect(of(0.0009, 0.0009, 0.0009)).toEqual([3]);
  expect(of(0.001, 0.0009, 0.0009)).toEqual([]);
  expect(of(0.0001, 0.0001, 101)).toEqual([]);
  expect(heard({}, times(3, { observationScale: 250 }))[0].what).toContain("has the size 250,");
});

test("a rule looks back on no more than a hundred iterations, and every rule is one of those above", () => {
  const good = { explainedVariance: 0.5 };
  expect(at({}, [...times(40, good), ...times(100, { explainedVariance: -1 })], "critic explains nothing")).toEqual([
    140,
  ]);
  expect(rules).toHaveLength(9);
});

test.each([
  [0, "0"],
  [0.001, "0.001"],
  [0.0009994, "1.0e-3"],
  [-0.00012, "-1.2e-4"],
  [1234.5, "1230"],
  [999_999, "1000000"],
  [1e6, "1.0e+6"],
  [-2.345, "-2.35"],
])("the figure %d is written %s", (figure, words) => {
  expect(short(figure)).toBe(words);
});
