import { beforeAll, describe, expect, test } from "vitest";
import { dot, matrixProduct, matrixVector, solve, transposed } from "../../src/mdp/linearAlgebra.ts";
import { ConjugateGradient } from "../../src/numerics/conjugateGradient.ts";
import { finish } from "../../src/pauses.ts";
import { createEngine, type Engine, floatsOf } from "../../src/tensor/engine.ts";
import { normals, seeded } from "../mdp/support.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});

/** BᵀB + d I, of eigenvalues between d and about 4 n. */
function positiveDefinite(n: number, seed: number, damping: number, rank = n): Float64Array {
  const b = normals(seeded(seed), rank * n);
  return matrixProduct(transposed(b, n), b, rank).map((x, i) => x + (i % (n + 1) === 0 ? damping : 0));
}

function solver(matrix: Float64Array, b: ArrayLike<number>) {
  const n = b.length;
  const cg = new ConjugateGradient(engine, n);
  const [right, product] = [engine.allocate(n), engine.allocate(n)];
  floatsOf(right).set(b);
  let products = 0;
  function* multiply() {
    products++;
    yield;
    floatsOf(product).set(matrixVector(matrix, floatsOf(cg.direction)));
    return product;
  }
  return {
    run: (iterations: number, tolerance?: number) => {
      products = 0;
      const found = finish(cg.solving(right, multiply, { iterations, tolerance }));
      return { ...found, products, x: Float64Array.from(floatsOf(cg.x)) };
    },
  };
}

const distance = (a: Float64Array, b: Float64Array) => {
  const d = a.map((x, i) => x - b[i]);
  return Math.sqrt(dot(d, d) / dot(b, b));
};

describe("against a direct solve", () => {
  test.each([
    [1, 1],
    [7, 0.5],
    [16, 0.5],
    [33, 1],
    [100, 5],
  ])("%d unknowns, damping %d: relative error below 1e-4", (n, damping) => {
    const matrix = positiveDefinite(n, n, damping);
    const b = normals(seeded(n, 1), n);
    const { x, residual } = solver(matrix, b).run(3 * n);
    expect(distance(x, solve(matrix, b))).toBeLessThan(1e-4);
    expect(residual).toBeLessThan(1e-4);
  });

  test("damping moves the solution as (A + d I)⁻¹ b says", () => {
    const b = normals(seeded(3), 12);
    const lengths = [0.1, 1, 10, 100].map((damping) => {
      const matrix = positiveDefinite(12, 5, damping);
      const { x } = solver(matrix, b).run(40);
      expect(distance(x, solve(matrix, b))).toBeLessThan(1e-4);
      return Math.sqrt(dot(x, x));
    });
    for (let i = 1; i < lengths.length; i++) expect(lengths[i]).toBeLessThan(lengths[i - 1]);
  });
});

describe("stopping", () => {
  const matrix = positiveDefinite(20, 9, 0.5);
  const b = normals(seeded(9, 1), 20);
  const exact = solve(matrix, b);

  test("after the iterations allowed, one product each; the error in the norm of A never grows", () => {
    let before = Infinity;
    for (let iterations = 1; iterations <= 15; iterations++) {
      const found = solver(matrix, b).run(iterations);
      expect(found).toMatchObject({ iterations, products: iterations });
      const error = found.x.map((x, i) => x - exact[i]);
      const size = dot(error, matrixVector(matrix, error));
      expect(size).toBeLessThanOrEqual(before * (1 + 1e-5));
      before = size;
    }
  });

  test("as soon as ‖b − A x‖² is below the tolerance times ‖b‖²", () => {
    const loose = solver(matrix, b).run(100, 1 / dot(b, b));
    expect(loose.iterations).toBeLessThan(20);
    const left = matrixVector(matrix, loose.x).map((x, i) => b[i] - x);
    expect(dot(left, left)).toBeLessThanOrEqual(1.001);
    expect(loose.residual).toBeCloseTo(Math.sqrt(dot(left, left) / dot(b, b)), 4);
  });

  test("a small right-hand side is solved as a large one: the same solution to scale, in as many iterations", () => {
    const { x, iterations } = solver(matrix, b).run(100);
    // Powers of two scale without rounding.
    for (const scale of [2 ** -40, 2 ** -10, 2 ** 10]) {
      const right = b.map((entry) => entry * scale);
      const scaled = solver(matrix, right).run(100);
      expect(scaled.iterations).toBe(iterations);
      expect(scaled.x).toEqual(x.map((entry) => entry * scale));
    }
  });

  test("one iteration is enough for a multiple of the identity, none for b = 0", () => {
    const identity = Float64Array.from({ length: 64 }, (_, i) => (i % 9 === 0 ? 4 : 0));
    expect(solver(identity, normals(seeded(1), 8)).run(10).iterations).toBe(1);
    const nothing = solver(identity, new Float64Array(8)).run(10);
    expect(nothing).toMatchObject({ iterations: 0, residual: 0, products: 0 });
    expect([...nothing.x]).toEqual(new Array(8).fill(0));
  });

  test("a second solve does not remember the first", () => {
    const one = solver(matrix, b);
    const first = one.run(10);
    expect(one.run(10)).toEqual(first);
  });
});

describe("a singular matrix", () => {
  const n = 10;
  const matrix = positiveDefinite(n, 2, 0, 4);

  test("b in its range: solved, though the matrix has no inverse", () => {
    const b = matrixVector(matrix, normals(seeded(6), n));
    const { x } = solver(matrix, b).run(50);
    expect(distance(matrixVector(matrix, x), b)).toBeLessThan(1e-3);
  });

  test("b outside of its range, and the zero matrix: ends with finite numbers", () => {
    const outside = solver(matrix, normals(seeded(7), n)).run(30);
    expect([...outside.x, outside.residual].every(Number.isFinite)).toBe(true);
    const zero = solver(new Float64Array(n * n), normals(seeded(8), n)).run(30);
    expect(zero).toMatchObject({ iterations: 0, residual: 1, products: 1 });
    expect(zero.x.every((x) => x === 0)).toBe(true);
  });
});

test("a direction of negative curvature is not followed: what was found before it stays", () => {
  const { run } = solver(Float64Array.of(2, 0, 0, -1), [1, 1]);
  // The first direction (1, 1) has the curvature 1, the second, (3, 6), one of −18.
  const { iterations, x } = run(10);
  expect(iterations).toBe(1);
  expect([...x]).toEqual([2, 2]);
});
