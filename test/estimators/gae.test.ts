/** Generalised advantages against the definition, written as the double sum that it is. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AdvantageInputs, generalisedAdvantages } from "../../src/estimators/index.ts";

type Inputs = { -readonly [Key in keyof AdvantageInputs]: AdvantageInputs[Key] };

const number = fc.double({ min: -10, max: 10, noNaN: true });
const flag = fc.constantFrom(0, 0, 0, 1);

const batches: fc.Arbitrary<Inputs> = fc
  .record({ steps: fc.integer({ min: 1, max: 12 }), environments: fc.integer({ min: 1, max: 4 }) })
  .chain(({ steps, environments }) => {
    const rows = steps * environments;
    const of = <T>(element: fc.Arbitrary<T>, length: number) =>
      fc.array(element, { minLength: length, maxLength: length });
    return fc.record({
      steps: fc.constant(steps),
      environments: fc.constant(environments),
      rewards: of(number, rows),
      values: of(number, rows),
      terminated: of(flag, rows),
      truncated: of(flag, rows),
      finalValues: of(number, rows),
      lastValues: of(number, environments),
      gamma: fc.double({ min: 0, max: 1, noNaN: true }),
      lambda: fc.double({ min: 0, max: 1, noNaN: true }),
    });
  });

function run(inputs: Inputs): { advantages: Float64Array; targets: Float64Array } {
  const rows = inputs.steps * inputs.environments;
  const result = {
    advantages: new Float64Array(rows).fill(Number.NaN),
    targets: new Float64Array(rows).fill(Number.NaN),
  };
  generalisedAdvantages(inputs, result.advantages, result.targets);
  return result;
}

/** V(s_{t+1}) as docs/theory.md, 11 has it. */
function nextValue(x: Inputs, t: number, env: number): number {
  const i = t * x.environments + env;
  if (x.terminated[i]) return 0;
  if (x.truncated[i]) return x.finalValues[i];
  return t === x.steps - 1 ? x.lastValues[env] : x.values[i + x.environments];
}

/** A_t = Σ_k (γλ)^k δ_{t+k}, up to the episode's last step or the batch's. */
function definition(x: Inputs, t: number, env: number): number {
  let total = 0;
  for (let k = t, weight = 1; k < x.steps; k++, weight *= x.gamma * x.lambda) {
    const i = k * x.environments + env;
    total += weight * (x.rewards[i] + x.gamma * nextValue(x, k, env) - x.values[i]);
    if (x.terminated[i] || x.truncated[i]) break;
  }
  return total;
}

/** Discounted rewards to the episode's end or the cut, with the value behind the cut. */
function monteCarlo(x: Inputs, t: number, env: number): number {
  const i = t * x.environments + env;
  const ended = x.terminated[i] || x.truncated[i] || t === x.steps - 1;
  return x.rewards[i] + x.gamma * (ended ? nextValue(x, t, env) : monteCarlo(x, t + 1, env));
}

function forEachRow(x: Inputs, check: (t: number, env: number, i: number) => void): void {
  for (let t = 0; t < x.steps; t++)
    for (let env = 0; env < x.environments; env++) check(t, env, t * x.environments + env);
}

describe("on random data", () => {
  test("advantages are the definition's double sum, targets A + V", () => {
    fc.assert(
      fc.property(batches, (x) => {
        const { advantages, targets } = run(x);
        forEachRow(x, (t, env, i) => {
          expect(advantages[i]).toBeCloseTo(definition(x, t, env), 8);
          expect(targets[i]).toBeCloseTo(advantages[i] + x.values[i], 8);
        });
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("λ = 1 is Monte Carlo minus V, λ = 0 one-step temporal difference", () => {
    fc.assert(
      fc.property(batches, (x) => {
        const [all, one] = [run({ ...x, lambda: 1 }), run({ ...x, lambda: 0 })];
        forEachRow(x, (t, env, i) => {
          expect(all.advantages[i]).toBeCloseTo(monteCarlo(x, t, env) - x.values[i], 8);
          expect(one.advantages[i]).toBeCloseTo(x.rewards[i] + x.gamma * nextValue(x, t, env) - x.values[i], 10);
        });
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  test("nothing leaks from the next episode over the row where one ends", () => {
    fc.assert(
      fc.property(batches, fc.integer({ min: 0, max: 11 }), fc.boolean(), number, (x, at, cut, noise) => {
        const t = at % x.steps;
        const flags = cut ? "truncated" : "terminated";
        const ended = {
          ...x,
          [flags]: Array.from(x[flags], (flag, i) => (Math.floor(i / x.environments) === t ? 1 : flag)),
        };
        const later = (list: ArrayLike<number>) =>
          Array.from(list, (value, i) => (Math.floor(i / x.environments) > t ? value + noise : value));
        const other = {
          ...ended,
          rewards: later(x.rewards),
          values: later(x.values),
          lastValues: Array.from(x.lastValues, (v) => v - noise),
        };
        const [a, b] = [run(ended), run(other)];
        forEachRow(x, (time, _, i) => {
          if (time <= t) expect(b.advantages[i]).toBe(a.advantages[i]);
        });
      }),
      { seed: 3, numRuns: 100 },
    );
  });
});

describe("at an episode's end", () => {
  const cut: Inputs = {
    steps: 2,
    environments: 1,
    rewards: [1, 1],
    values: [10, 500],
    terminated: [0, 0],
    truncated: [1, 0],
    finalValues: [20, 0],
    lastValues: [700],
    gamma: 0.5,
    lambda: 0.9,
  };

  test("a timeout is not a termination: it bootstraps from the observation the episode ended on (SB3 #633)", () => {
    expect(run(cut).advantages[0]).toBeCloseTo(1 + 0.5 * 20 - 10, 12);
    expect(run({ ...cut, terminated: [1, 0], truncated: [0, 0] }).advantages[0]).toBeCloseTo(1 - 10, 12);
  });

  test("the value behind a timeout is neither the next episode's first nor that of s_t", () => {
    const { advantages } = run(cut);
    expect(advantages[0]).not.toBeCloseTo(1 + 0.5 * 500 - 10, 6);
    expect(advantages[0]).not.toBeCloseTo(1 + 0.5 * 10 - 10, 6);
  });

  test("with both flags set, terminated wins", () => {
    expect(run({ ...cut, terminated: [1, 0] }).advantages[0]).toBeCloseTo(1 - 10, 12);
  });

  test("final values are read where truncated only: rubbish elsewhere has no effect", () => {
    const rubbish = { ...cut, truncated: [0, 0], finalValues: [Number.NaN, Number.NaN] };
    expect(run(rubbish).advantages.every(Number.isFinite)).toBe(true);
  });
});
