/**
 * The accuracy of the elementary functions in units in the last place (ulp), on grids over the whole of float32, against
 * Math in float64; and what they give for zeros, subnormals, infinities and NaN. The bounds are those that
 * kernels/assembly/transcendental.ts states.
 */

import { beforeAll, describe, expect, test } from "vitest";
import { type Engine, floatsOf } from "../../src/tensor/engine.ts";
import type { UnaryOp } from "../../src/tensor/graph.ts";
import { unaryCodes } from "../../src/tensor/opcodes.ts";
import { unaryFunctions } from "./referenceScalars.ts";
import { bothEngines } from "./support.ts";

const COUNT = 1 << 17;
const bits = new DataView(new ArrayBuffer(4));

let engines: { engine: Engine; apply: (op: UnaryOp, x: Float32Array) => Float32Array }[];
beforeAll(async () => {
  engines = (await bothEngines()).map((engine) => {
    const [from, to] = [engine.allocate(COUNT), engine.allocate(COUNT)];
    const apply = (op: UnaryOp, x: Float32Array) => {
      floatsOf(from).set(x);
      engine.kernels.unary(unaryCodes.get(op)!, to.pointer, from.pointer, x.length);
      return floatsOf(to).slice(0, x.length);
    };
    return { engine, apply };
  });
});

/** The float32 neighbours of a number, as a distance. */
function ulpOf(value: number): number {
  bits.setFloat32(0, value);
  const exponent = (bits.getUint32(0) >>> 23) & 0xff;
  return 2 ** (Math.max(exponent, 1) - 150);
}

/** Numbers evenly spread between two values. */
function even(low: number, high: number): Float32Array {
  return Float32Array.from({ length: COUNT }, (_, i) => low + ((high - low) * i) / (COUNT - 1));
}

/** Every 2¹⁵th or so of all float32 bit patterns from `low` to `high`, of one sign: even in the logarithm. */
function allMagnitudes(low: number, high: number): Float32Array {
  const patternOf = (value: number) => {
    bits.setFloat32(0, Math.abs(value));
    return bits.getUint32(0);
  };
  const [first, last] = [patternOf(low), patternOf(high)];
  return Float32Array.from({ length: COUNT }, (_, i) => {
    bits.setUint32(0, Math.round(first + ((last - first) * i) / (COUNT - 1)));
    return (high < 0 || low < 0 ? -1 : 1) * bits.getFloat32(0);
  });
}

const LARGEST = 3.4028234663852886e38;
const SMALLEST = 1.401298464324817e-45;
const both = (low: number, high: number) => [allMagnitudes(low, high), allMagnitudes(-low, -high)];

const grids: { op: UnaryOp; bound: number; grids: () => Float32Array[] }[] = [
  { op: "exp", bound: 1.25, grids: () => [...both(SMALLEST, 120), even(-104, 89), even(-1, 1)] },
  { op: "log", bound: 1.25, grids: () => [allMagnitudes(SMALLEST, LARGEST), even(0.5, 2), even(0.99, 1.01)] },
  { op: "sigmoid", bound: 2.5, grids: () => [...both(SMALLEST, LARGEST), even(-104, 30), even(-4, 4)] },
  { op: "expm1", bound: 2, grids: () => [...both(SMALLEST, 120), even(-20, 88), even(-1, 1)] },
  {
    op: "log1p",
    bound: 1.5,
    grids: () => [allMagnitudes(SMALLEST, LARGEST), allMagnitudes(-SMALLEST, -0.9999999), even(-0.9, 3)],
  },
  { op: "softplus", bound: 2, grids: () => [...both(SMALLEST, LARGEST), even(-104, 30), even(-4, 4)] },
  { op: "tanh", bound: 6, grids: () => [...both(SMALLEST, LARGEST), even(-10, 10), even(-1, 1)] },
];

function worstUlp(apply: (op: UnaryOp, x: Float32Array) => Float32Array, op: UnaryOp, x: Float32Array) {
  const exact = unaryFunctions[op]!;
  const y = apply(op, x);
  let worst = { ulp: 0, x: 0, got: 0, wanted: 0 };
  for (let i = 0; i < x.length; i++) {
    const wanted = exact(x[i]);
    const rounded = Math.fround(wanted);
    if (y[i] === rounded) continue;
    // NaN where there is a number, or a number where there is none: nothing is worse.
    const error = Math.abs(y[i] - wanted) / ulpOf(rounded);
    const ulp = Number.isFinite(rounded) && error >= 0 ? error : Infinity;
    if (ulp > worst.ulp) worst = { ulp, x: x[i], got: y[i], wanted };
  }
  return worst;
}

describe("accuracy", () => {
  test("a single NaN among good numbers is the worst of all", () => {
    const apply = (_: UnaryOp, x: Float32Array) => x.map((v, i) => (i === 5 ? NaN : Math.exp(v) * (1 + 2e-7)));
    expect(worstUlp(apply, "exp", even(-1, 1))).toMatchObject({ ulp: Infinity, got: NaN });
  });

  for (const { op, bound, grids: make } of grids) {
    test(`${op} within ${bound} ulp`, () => {
      for (const { engine, apply } of engines) {
        for (const grid of make()) {
          const worst = worstUlp(apply, op, grid);
          expect(
            worst.ulp,
            `${engine.build}: ${op}(${worst.x}) is ${worst.got}, not ${worst.wanted}`,
          ).toBeLessThanOrEqual(bound);
        }
      }
    });
  }

  test("sin and cos within 2⁻²² for |x| ≤ 10⁴", () => {
    for (const { engine, apply } of engines) {
      for (const grid of [even(-1e4, 1e4), even(-10, 10), ...both(SMALLEST, 1e4)]) {
        for (const op of ["sin", "cos"] as const) {
          const y = apply(op, grid);
          grid.forEach((x, i) => {
            const error = Math.abs(y[i] - Math[op](x));
            if (!(error <= 2 ** -22)) expect.fail(`${engine.build}: ${op}(${x}) is off by ${error / 2 ** -22} · 2⁻²²`);
          });
        }
      }
    }
  });
});

describe("special values", () => {
  const special = [0, -0, Infinity, -Infinity, NaN, SMALLEST, -SMALLEST, LARGEST, -LARGEST, 1, -1];
  for (const op of unaryCodes.keys() as Iterable<UnaryOp>) {
    if (op === "sin" || op === "cos") continue;
    test(op, () => {
      for (const { engine, apply } of engines) {
        const x = Float32Array.from(special);
        const y = apply(op, x);
        x.forEach((value, i) => {
          const wanted = Math.fround(unaryFunctions[op]!(value));
          const same = y[i] === wanted || (Number.isNaN(y[i]) && Number.isNaN(wanted));
          const near = Math.abs(y[i] - wanted) <= 4 * ulpOf(wanted);
          expect(same || near, `${engine.build}: ${op}(${value}) is ${y[i]}, not ${wanted}`).toBe(true);
        });
      }
    });
  }

  test("sin and cos of infinities and NaN are NaN", () => {
    for (const { apply } of engines) {
      for (const op of ["sin", "cos"] as const) {
        expect([...apply(op, Float32Array.of(Infinity, -Infinity, NaN))]).toEqual([NaN, NaN, NaN]);
        expect(apply(op, Float32Array.of(0))[0]).toBe(op === "sin" ? 0 : 1);
      }
    }
  });
});

test("a value does not depend on its position in the array", () => {
  for (const { apply } of engines) {
    for (const op of unaryCodes.keys() as Iterable<UnaryOp>) {
      const row = apply(
        op,
        Float32Array.from({ length: 103 }, () => 0.7310585975646973),
      );
      expect(new Set(row).size, op).toBe(1);
    }
  }
});

test("exp of the forbidden logits of a mask is 0 exactly", () => {
  for (const { engine, apply } of engines) {
    const forbidden = new Float32Array(4096).fill(-1e9);
    expect(
      apply("exp", forbidden).every((y) => Object.is(y, 0)),
      engine.build,
    ).toBe(true);
  }
});
