/** The order of a sweep: decisions by hand, and the same sweep whatever ends first. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type OutcomeOf, SweepOrder, type SweepRules, type Unit } from "../../src/sweeps/order.ts";
import { survivesHalving } from "../../src/sweeps/pruners/asha.ts";
import { survivesMedian } from "../../src/sweeps/pruners/median.ts";
import { prunerSchema, rungsOf } from "../../src/sweeps/pruners/pruner.ts";
import { samplerSchema } from "../../src/sweeps/samplers/sampler.ts";
import { bestTrial, seedScore, trialScore } from "../../src/sweeps/score.ts";
import type { Trial } from "../../src/sweeps/trial.ts";

describe("pruners", () => {
  test("median: worse than the median of those before it, the first ones never", () => {
    expect(survivesMedian(0.1, [1, 2, 3, 4], 4, 5)).toBe(true);
    expect(survivesMedian(2.4, [1, 2, 3, 4], 9, 5)).toBe(false);
    expect(survivesMedian(2.5, [1, 2, 3, 4], 9, 5)).toBe(true);
    expect(survivesMedian(2, [1, 2, 3], 9, 5)).toBe(true);
    expect(survivesMedian(-1, [], 9, 5)).toBe(true);
  });

  test("asha: the best third of those that came, the best of fewer than three", () => {
    expect(survivesHalving(1, [], 3)).toBe(true);
    expect(survivesHalving(1, [2], 3)).toBe(false);
    expect(survivesHalving(3, [2, 1], 3)).toBe(true);
    // Six with it: two places.
    expect(survivesHalving(4, [5, 3, 2, 1, 0], 3)).toBe(true);
    expect(survivesHalving(3, [5, 4, 2, 1, 0], 3)).toBe(false);
  });

  test("rungs are numbers of seeds below all of them", () => {
    expect(rungsOf(prunerSchema.parse("none"), 9)).toEqual([]);
    expect(rungsOf(prunerSchema.parse("median"), 4)).toEqual([1, 2, 3]);
    expect(rungsOf(prunerSchema.parse("asha"), 10)).toEqual([1, 3, 9]);
    expect(rungsOf(prunerSchema.parse("asha"), 9)).toEqual([1, 3]);
    expect(rungsOf(prunerSchema.parse({ kind: "asha", eta: 2, minSeeds: 2 }), 9)).toEqual([2, 4, 8]);
  });
});

describe("scores", () => {
  test("are means over environments of returns between low and high", () => {
    expect(
      seedScore(
        [500, -200],
        [
          { low: 0, high: 500 },
          { low: -300, high: -100 },
        ],
      ),
    ).toBe(0.75);
  });

  test("have Student's interval over seeds, and the best is a complete trial", () => {
    const trials: Trial[] = [
      { number: 0, settings: {}, state: "complete", scores: [1, 2, 3] },
      { number: 1, settings: {}, state: "pruned", scores: [9] },
      { number: 2, settings: {}, state: "complete", scores: [2, 2, 2] },
    ];
    expect(bestTrial(trials)?.number).toBe(0);
    const { value, low, high } = trialScore(trials[0]);
    expect([value, low, high].map((x) => x.toFixed(4))).toEqual(["2.0000", "-0.4841", "4.4841"]);
    expect(bestTrial([trials[1]])).toBeUndefined();
  });
});

const rules = (over: Partial<SweepRules> = {}): SweepRules => ({
  space: { x: { uniform: [0, 1] } },
  sampler: samplerSchema.parse({ kind: "tpe", startupTrials: 4, candidates: 8 }),
  pruner: prunerSchema.parse({ kind: "asha", eta: 2 }),
  trials: 14,
  seed: 3,
  parallel: 3,
  seeds: 4,
  environments: [
    { low: 0, high: 1 },
    { low: 0, high: 2 },
  ],
  ...over,
});
const key = ({ trial, seed, environment }: Unit) => `${trial}/${seed}/${environment}`;

/** Runs a whole sweep, `jobs` units at a time, of which `pick` says which ends next. */
function runThrough(given: SweepRules, jobs: number, pick: (count: number) => number, failing = -1) {
  const order = new SweepOrder(given);
  const ended = new Map<string, number | "failed">();
  const outcomeOf: OutcomeOf = (unit) => ended.get(key(unit));
  let running: Unit[] = [];
  let begun = 0;
  for (;;) {
    const { trials, open, done } = order.state(outcomeOf);
    for (const unit of open) {
      if (running.length >= jobs) break;
      if (running.some((other) => key(other) === key(unit))) continue;
      running.push(unit);
      begun++;
    }
    if (running.length === 0) return { trials, done, begun };
    const [unit] = running.splice(pick(running.length), 1);
    const x = trials[unit.trial].settings["x"] as number;
    const noise = ((unit.trial * 7 + unit.seed * 3 + unit.environment) % 5) / 20;
    ended.set(key(unit), unit.trial === failing && unit.seed === 1 ? "failed" : 1 - Math.abs(x - 0.6) + noise);
    running = running.filter((other) => key(other) !== key(unit));
  }
}

describe("order", () => {
  const alone = runThrough(rules(), 1, () => 0);

  test("a sweep ends with all trials decided", () => {
    expect(alone.done).toBe(true);
    expect(alone.trials).toHaveLength(14);
    const states = new Set(alone.trials.map(({ state }) => state));
    expect(states).toContain("complete");
    expect(states).toContain("pruned");
    expect(alone.begun).toBeLessThan(14 * 4 * 2);
  });

  test.each(["none", "median", { kind: "asha", eta: 2 }])(
    "any number of jobs and any order of ends give the same trials, pruner %j",
    (pruner) => {
      for (const sampler of ["random", { kind: "tpe", startupTrials: 4, candidates: 8 }]) {
        const given = rules({ sampler: samplerSchema.parse(sampler), pruner: prunerSchema.parse(pruner) });
        const { trials, begun } = runThrough(given, 1, () => 0);
        fc.assert(
          fc.property(fc.integer({ min: 1, max: 9 }), fc.infiniteStream(fc.nat()), (jobs, numbers) => {
            const other = runThrough(given, jobs, (count) => (numbers.next().value as number) % count);
            expect(other.trials).toEqual(trials);
            expect(other.begun).toBe(begun);
          }),
          { seed: 11, numRuns: 25 },
        );
      }
    },
  );

  test("a failed run ends its trial, and no other", () => {
    const { trials, done } = runThrough(rules({ pruner: prunerSchema.parse("none") }), 2, () => 0, 5);
    expect(done).toBe(true);
    expect(trials.map(({ state }) => state)).toEqual(trials.map((_, i) => (i === 5 ? "failed" : "complete")));
    expect(trials[5].scores).toHaveLength(1);
  });

  test("a sampler that learns waits for the trials it knows, and for no others", () => {
    const order = new SweepOrder(rules({ pruner: prunerSchema.parse("none"), parallel: 3 }));
    // Trials 0 to 2 know nothing; trial 3 knows trial 0.
    expect(order.state(() => undefined).trials).toHaveLength(3);
    const first = order.state(({ trial }) => (trial === 0 ? 0.5 : undefined));
    expect(first.trials).toHaveLength(4);
    expect(first.trials[0].state).toBe("complete");
    expect(order.state(({ trial }) => (trial === 1 ? 0.5 : undefined)).trials.length).toBeLessThanOrEqual(4);
  });

  test("a grid ends where it has no more combinations", () => {
    const given = rules({ space: { x: { choice: [0.1, 0.6] } }, sampler: { kind: "grid" }, trials: 50 });
    const { trials, done } = runThrough(given, 2, () => 0);
    expect(done).toBe(true);
    expect(trials).toHaveLength(2);
  });
});
