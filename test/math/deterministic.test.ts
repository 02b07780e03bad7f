import { describe, expect, test } from "vitest";
import { cos, exp, expm1, log, log1p, sin, tanh } from "../../src/math/deterministic.ts";
import { RandomStream } from "../../src/random/stream.ts";

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** Distance in representable numbers; both finite. */
function ulps(a: number, b: number): number {
  float[0] = a;
  const first = bits[0] < 0n ? -(bits[0] & 0x7fffffffffffffffn) : bits[0];
  float[0] = b;
  const second = bits[0] < 0n ? -(bits[0] & 0x7fffffffffffffffn) : bits[0];
  const distance = first - second;
  return Number(distance < 0n ? -distance : distance);
}

function worst(mine: (x: number) => number, reference: (x: number) => number, points: Iterable<number>): number {
  let largest = 0;
  for (const x of points) {
    const distance = ulps(mine(x), reference(x));
    if (!(distance <= largest)) largest = distance;
  }
  return largest;
}

function* uniformPoints(low: number, high: number, count: number): Generator<number> {
  const random = new RandomStream(5, 1024);
  for (let i = 0; i < count; i++) yield random.uniformBetween(low, high);
}

function* logPoints(low: number, high: number, count: number): Generator<number> {
  for (const power of uniformPoints(low, high, count)) yield 10 ** power;
}

// Math.* is itself off by up to 1 ulp, so a bound of n ulp against the truth reads n + 1 here.
describe("against Math.*, in units in the last place", () => {
  test("sin and cos, small and large arguments", () => {
    for (const size of [0.5, 4, 100, 1e5, 1e6]) {
      expect(worst(sin, Math.sin, uniformPoints(-size, size, 40000))).toBeLessThanOrEqual(2);
      expect(worst(cos, Math.cos, uniformPoints(-size, size, 40000))).toBeLessThanOrEqual(2);
    }
    expect(worst(sin, Math.sin, logPoints(-12, 0, 20000))).toBeLessThanOrEqual(1);
  });

  test("sin and cos at the float64 nearest multiples of π/2, where all leading bits cancel", () => {
    const points = Array.from({ length: 60000 }, (_, k) => (k * Math.PI) / 2);
    expect(worst(sin, Math.sin, points)).toBeLessThanOrEqual(2);
    expect(worst(cos, Math.cos, points)).toBeLessThanOrEqual(2);
  });

  test("exp and log", () => {
    expect(worst(exp, Math.exp, uniformPoints(-700, 700, 60000))).toBeLessThanOrEqual(2);
    expect(worst(exp, Math.exp, uniformPoints(-2, 2, 60000))).toBeLessThanOrEqual(2);
    expect(worst(log, Math.log, logPoints(-300, 300, 60000))).toBeLessThanOrEqual(2);
    expect(worst(log, Math.log, uniformPoints(0.5, 2, 60000))).toBeLessThanOrEqual(2);
    expect(worst(log, Math.log, [5e-324, 1e-310, 2.2250738585072014e-308, Number.MAX_VALUE])).toBeLessThanOrEqual(1);
  });

  test("expm1, log1p and tanh", () => {
    for (const size of [1e-8, 0.1, 0.5, 2, 30]) {
      expect(worst(expm1, Math.expm1, uniformPoints(-size, size, 30000))).toBeLessThanOrEqual(4);
      expect(worst(tanh, Math.tanh, uniformPoints(-size, size, 30000))).toBeLessThanOrEqual(4);
      expect(worst(log1p, Math.log1p, uniformPoints(-Math.min(size, 0.99), size, 30000))).toBeLessThanOrEqual(4);
    }
  });
});

test("far beyond 2^20 the error grows as documented and stays bounded", () => {
  for (const x of [3e6, 1e8, 1e10]) {
    expect(Math.abs(sin(x) - Math.sin(x))).toBeLessThan(4e-17 * x + 1e-15);
    expect(Math.abs(cos(-x) - Math.cos(-x))).toBeLessThan(4e-17 * x + 1e-15);
  }
  for (const x of [1e100, -1e300, Number.MAX_VALUE]) expect(Math.abs(sin(x))).toBeLessThanOrEqual(1);
});

test("special values", () => {
  for (const f of [sin, cos]) for (const x of [NaN, Infinity, -Infinity]) expect(f(x)).toBeNaN();
  expect(sin(-0)).toBe(-0);
  expect(cos(0)).toBe(1);
  expect([exp(0), exp(-Infinity), exp(Infinity), exp(711), exp(-746)]).toEqual([1, 0, Infinity, Infinity, 0]);
  expect(exp(-745)).toBe(Math.exp(-745));
  expect(exp(709.7)).toBeLessThan(Infinity);
  expect([log(1), log(0), log(-0), log(Infinity)]).toEqual([0, -Infinity, -Infinity, Infinity]);
  expect([expm1(-Infinity), expm1(Infinity), tanh(Infinity), tanh(-Infinity)]).toEqual([-1, Infinity, 1, -1]);
  expect([log1p(-1), log1p(Infinity)]).toEqual([-Infinity, Infinity]);
  expect(tanh(-0)).toBe(-0);
  expect(expm1(-0)).toBe(-0);
  for (const f of [exp, log, expm1, log1p, tanh]) expect(f(NaN)).toBeNaN();
  expect(log(-1)).toBeNaN();
  expect(log1p(-2)).toBeNaN();
});
