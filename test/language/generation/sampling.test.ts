/** Tokens out of logits: against the distribution written out plainly, by χ², and at the edges. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AscentError } from "../../../src/errors.ts";
import { sampleToken, tokenProbabilities } from "../../../src/language/generation/sampling.ts";
import { requireUnfiltered, type SamplingOptions } from "../../../src/language/generation/samplingOptions.ts";
import { RandomStream, streams } from "../../../src/random/index.ts";

/** The same, the long way: sort, cut, renormalise. */
function plainly(logits: readonly number[], { temperature = 1, topK = 0, topP = 1 }: SamplingOptions): number[] {
  const order = logits.map((_, i) => i).sort((a, b) => logits[b] - logits[a] || a - b);
  let kept = topK === 0 ? order : order.slice(0, topK);
  const largest = logits[order[0]];
  const weight = (i: number) => Math.exp((logits[i] - largest) / temperature);
  const mass = (tokens: readonly number[]) => tokens.reduce((sum, i) => sum + weight(i), 0);
  if (topP < 1) {
    const all = mass(kept);
    kept = kept.filter((_, rank) => mass(kept.slice(0, rank)) < topP * all * (1 - 1e-12));
  }
  const total = mass(kept);
  return logits.map((_, i) => (kept.includes(i) ? weight(i) / total : 0));
}

const LOGITS = [0.3, -1.2, 2.1, 2.1, 0, -4, 1.4, 0.9];

describe("the distribution", () => {
  test("is softmax, filtered by top-k, then by top-p, and renormalised", () => {
    const logit = fc.integer({ min: -12, max: 12 }).map((x) => x / 4);
    fc.assert(
      fc.property(
        fc.array(logit, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(0.5, 1, 2),
        fc.integer({ min: 0, max: 14 }),
        fc.constantFrom(0.05, 0.317, 0.6, 0.93, 1),
        (logits, temperature, topK, topP) => {
          const options = { temperature, topK, topP };
          const expected = plainly(logits, options);
          const got = tokenProbabilities(logits, options);
          got.forEach((p, i) => {
            expect(p).toBeCloseTo(expected[i], 10);
          });
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });

  test("of equal logits the lower token goes first: exactly k are kept", () => {
    expect([...tokenProbabilities([1, 1, 1, 1], { topK: 2 })]).toEqual([0.5, 0.5, 0, 0]);
    expect(sampleToken(LOGITS, 0.999, { greedy: true }).token).toBe(2);
  });

  test("top-p always keeps the most probable token, and the one that reaches the share", () => {
    const logits = [Math.log(0.5), Math.log(0.3), Math.log(0.2)];
    expect([...tokenProbabilities(logits, { topP: 0.01 })]).toEqual([1, 0, 0]);
    const kept = [...tokenProbabilities(logits, { topP: 0.6 })];
    expect(kept[2]).toBe(0);
    expect(kept[1]).toBeCloseTo(0.375, 12);
  });

  test("top-p counts within what top-k leaves", () => {
    // Of the two kept the first has 5/8, more than 0.6; of all four it has half.
    const logits = [0.5, 0.3, 0.15, 0.05].map(Math.log);
    expect([...tokenProbabilities(logits, { topK: 2, topP: 0.6 })]).toEqual([1, 0, 0, 0]);
    expect(tokenProbabilities(logits, { topP: 0.6 })[1]).toBeGreaterThan(0);
  });

  test("−∞ is probability 0 and never drawn", () => {
    const logits = [-Infinity, 0, -Infinity, 0];
    expect([...tokenProbabilities(logits, { topP: 0.99 })]).toEqual([0, 0.5, 0, 0.5]);
    expect(sampleToken(logits, 0).token).toBe(1);
    expect(sampleToken(logits, 1 - 2 ** -53).token).toBe(3);
  });
});

describe("a draw", () => {
  const cases: readonly SamplingOptions[] = [
    {},
    { temperature: 0.5 },
    { temperature: 2 },
    { topK: 3 },
    { topP: 0.8 },
    { temperature: 1.5, topK: 6, topP: 0.9 },
  ];

  test.each(cases)("comes as often as its probability says: %o", (options) => {
    const random = new RandomStream(5, streams.user);
    const probabilities = tokenProbabilities(LOGITS, options);
    const counts = new Float64Array(LOGITS.length);
    const draws = 20_000;
    for (let i = 0; i < draws; i++) counts[sampleToken(LOGITS, random.uniform(), options).token]++;
    let square = 0;
    let freedom = -1;
    probabilities.forEach((p, i) => {
      if (p === 0) {
        expect(counts[i]).toBe(0);
        return;
      }
      freedom++;
      square += (counts[i] - draws * p) ** 2 / (draws * p);
    });
    // Five standard deviations of χ² above its mean: once in some hundred thousand seeds.
    expect(square).toBeLessThan(freedom + 5 * Math.sqrt(2 * freedom));
  });

  test.each(cases)("carries the log-probability of the distribution it is from: %o", (options) => {
    const random = new RandomStream(6, streams.user);
    const probabilities = tokenProbabilities(LOGITS, options);
    for (let i = 0; i < 200; i++) {
      const { token, logProb } = sampleToken(LOGITS, random.uniform(), options);
      expect(logProb).toBeCloseTo(Math.log(probabilities[token]), 12);
    }
  });

  test("greedy, and any filter that leaves one token, is certain", () => {
    for (const options of [{ greedy: true }, { topK: 1 }, { topP: 1e-9 }]) {
      expect(sampleToken(LOGITS, 0.7, options)).toEqual({ token: 2, logProb: 0 });
    }
  });

  test("a temperature near 0 is greedy up to ties, a very large one uniform", () => {
    expect(sampleToken([1, 3, 2], 0.99, { temperature: 1e-300 }).token).toBe(1);
    for (const p of tokenProbabilities(LOGITS, { temperature: 1e300 })) expect(p).toBe(1 / 8);
  });

  test("depends on differences of logits only, up to rounding", () => {
    const shifted = LOGITS.map((x) => x + 1000);
    for (const uniform of [0, 0.2, 0.5, 0.9]) {
      expect(sampleToken(shifted, uniform).token).toBe(sampleToken(LOGITS, uniform).token);
    }
  });
});

describe("what cannot be", () => {
  test.each([[[0, Number.NaN]], [[Number.NaN, 0]], [[0, Infinity]], [[-Infinity, -Infinity]]])(
    "logits %o",
    (logits) => {
      for (const options of [{}, { topK: 1 }, { greedy: true }]) {
        expect(() => sampleToken(logits, 0.5, options)).toThrow(
          expect.objectContaining({ name: "AscentError", code: "non-finite" }),
        );
      }
    },
  );

  test.each([{ temperature: 0 }, { temperature: -1 }, { topK: -1 }, { topK: 2.5 }, { topP: 0 }, { topP: 1.1 }])(
    "options %o",
    (options) => {
      expect(() => sampleToken(LOGITS, 0.5, options)).toThrow(AscentError);
      expect(() => tokenProbabilities(LOGITS, options)).toThrow(AscentError);
    },
  );

  test("filters where log-probabilities are compared", () => {
    requireUnfiltered("grpo", { temperature: 0.7, topK: 0, topP: 1, greedy: false });
    for (const options of [{ topK: 50 }, { topP: 0.95 }, { greedy: true }]) {
      expect(() => requireUnfiltered("grpo", options)).toThrow(/grpo compares log-probabilities.*temperature alone/);
    }
  });
});
