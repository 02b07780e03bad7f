import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deriveSeed, RandomStream, streams, threefry2x32 } from "../../src/random/index.ts";

describe("threefry2x32", () => {
  test.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x13198a2e, 0x03707344],
      [0x243f6a88, 0x85a308d3],
      [0xc4923a9c, 0x483df7a0],
    ],
  ])("known answer of Random123: key %j counter %j", (key, counter, expected) => {
    const out = new Uint32Array(2);
    threefry2x32(key[0], key[1], counter[0], counter[1], out);
    expect([...out]).toEqual(expected);
  });
});

describe("RandomStream", () => {
  test("the state is (seed, stream, index, counter): setting the counter jumps there", () => {
    const whole = new RandomStream(7, 3, 2);
    const numbers = Array.from({ length: 50 }, () => whole.uniform());
    const jumped = new RandomStream(7, 3, 2);
    jumped.counter = 31;
    expect(jumped.uniform()).toBe(numbers[31]);
    expect(whole.counter).toBe(50);
    jumped.counter = 2 ** 40 + 31;
    expect(jumped.uniform()).not.toBe(numbers[31]);
  });

  test("seed, stream and index each give another stream, high bits of the seed included", () => {
    const first = [
      new RandomStream(1, 1, 1),
      new RandomStream(2, 1, 1),
      new RandomStream(1 + 2 ** 32, 1, 1),
      new RandomStream(1, 2, 1),
      new RandomStream(1, 1, 2),
      new RandomStream(Number.MAX_SAFE_INTEGER, 1, 1),
    ].map((random) => random.uniform());
    expect(new Set(first).size).toBe(first.length);
  });

  test("frozen values: a change here changes every seeded run", () => {
    const random = new RandomStream(123, streams.user, 5);
    expect([random.uniform(), random.normal(), random.integer(1000), random.counter]).toMatchInlineSnapshot(`
      [
        0.6951920698555298,
        -0.07275399933253851,
        631,
        4,
      ]
    `);
    expect(deriveSeed(123, streams.environmentSeeds, 4, 9)).toMatchInlineSnapshot(`4257478405639936`);
  });

  test("uniform: range, mean, variance and equal counts in 64 bins", () => {
    const random = new RandomStream(11, 0);
    const count = 128000;
    const bins = new Float64Array(64);
    let sum = 0;
    let squares = 0;
    let outside = 0;
    for (let i = 0; i < count; i++) {
      const u = random.uniform();
      if (!(u >= 0 && u < 1)) outside++;
      bins[Math.floor(u * 64)]++;
      sum += u;
      squares += u * u;
    }
    expect(outside).toBe(0);
    expect(Math.abs(sum / count - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / count));
    expect(Math.abs(squares / count - 1 / 3)).toBeLessThan(4 * Math.sqrt(4 / 45 / count));
    const chiSquared = bins.reduce((total, n) => total + (n - count / 64) ** 2 / (count / 64), 0);
    expect(chiSquared).toBeLessThan(103.4); // 99.9 % of χ² with 63 degrees of freedom
  });

  test("normal: four moments and the share beyond two deviations", () => {
    const random = new RandomStream(12, 0);
    const count = 100000;
    const moments = [0, 0, 0, 0];
    let beyond = 0;
    for (let i = 0; i < count; i++) {
      const z = random.normal();
      for (let p = 0; p < 4; p++) moments[p] += z ** (p + 1) / count;
      if (Math.abs(z) > 2) beyond++;
    }
    const bound = 4 / Math.sqrt(count);
    expect(Math.abs(moments[0])).toBeLessThan(bound);
    expect(Math.abs(moments[1] - 1)).toBeLessThan(bound * Math.sqrt(2));
    expect(Math.abs(moments[2])).toBeLessThan(bound * Math.sqrt(15));
    expect(Math.abs(moments[3] - 3)).toBeLessThan(bound * Math.sqrt(96));
    expect(Math.abs(beyond / count - 0.0455)).toBeLessThan(bound * Math.sqrt(0.0455 * 0.9545));
  });

  test("integer covers its range and nothing else", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, n) => {
        const value = new RandomStream(seed, 0).integer(n);
        return Number.isInteger(value) && value >= 0 && value < n;
      }),
      { seed: 11 },
    );
    const random = new RandomStream(3, 0);
    const counts = new Float64Array(5);
    for (let i = 0; i < 5000; i++) counts[random.integer(5)]++;
    for (const n of counts) expect(Math.abs(n - 1000)).toBeLessThan(130);
  });

  test("shuffle permutes, every order about equally often", () => {
    const random = new RandomStream(4, 0);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const values = Int32Array.of(0, 1, 2);
      random.shuffle(values);
      counts.set(values.join(), (counts.get(values.join()) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const n of counts.values()) expect(Math.abs(n - 1000)).toBeLessThan(130);
  });

  test.each([-1, 1.5, NaN, 2 ** 53, Infinity])("seed %d is refused", (seed) => {
    expect(() => new RandomStream(seed, 0)).toThrow(/seed is not usable/);
  });

  test("stream, index and n outside their range are refused", () => {
    expect(() => new RandomStream(0, -1)).toThrow(/stream/);
    expect(() => new RandomStream(0, 0, 2 ** 32)).toThrow(/index/);
    expect(() => new RandomStream(0, 0).integer(0)).toThrow(/expected an integer from 1/);
  });

  test("the library's stream numbers are all different", () => {
    expect(new Set(Object.values(streams)).size).toBe(Object.values(streams).length);
  });
});
