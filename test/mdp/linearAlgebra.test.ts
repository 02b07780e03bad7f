import { describe, expect, test } from "vitest";
import { luFactors, matrixProduct, matrixVector, quadraticForm, solve, transposed } from "../../src/mdp/index.ts";
import { expectClose, normals, seeded } from "./support.ts";

describe("linear algebra", () => {
  test("solve: A x = b on random systems of 1 to 40 unknowns", () => {
    for (let size = 1; size <= 40; size += 3) {
      const random = seeded(size);
      const matrix = normals(random, size * size);
      const x = normals(random, size);
      expectClose(solve(matrix, matrixVector(matrix, x)), x, 1e-9, `size ${size}`);
    }
  });

  test("solve needs pivots: a zero in the corner", () => {
    expectClose(solve([0, 2, 3, 0], [4, 9]), [3, 2], 0);
  });

  test("the factors multiply to the permuted matrix", () => {
    const size = 5;
    const matrix = normals(seeded(1), size * size);
    const { factors, pivots } = luFactors(matrix, size);
    const lower = factors.map((value, i) => (i % size < Math.floor(i / size) ? value : i % (size + 1) === 0 ? 1 : 0));
    const upper = factors.map((value, i) => (i % size >= Math.floor(i / size) ? value : 0));
    const permuted = Float64Array.from(
      { length: 25 },
      (_, i) => matrix[pivots[Math.floor(i / size)] * size + (i % size)],
    );
    expectClose(matrixProduct(lower, upper, size), permuted, 1e-14);
  });

  test("products of known numbers", () => {
    expect([...matrixProduct([1, 2, 3, 4, 5, 6], [1, 0, 0, 1, 1, 1], 3)]).toEqual([4, 5, 10, 11]);
    expect([...transposed([1, 2, 3, 4, 5, 6], 3)]).toEqual([1, 4, 2, 5, 3, 6]);
    expect(quadraticForm([1, 2], [1, 2, 3, 4], [5, 6])).toBe(17 + 2 * 39);
  });

  test("a singular matrix and a wrong length are refused", () => {
    expect(() => solve([1, 2, 2, 4], [1, 1])).toThrow(/no single solution/);
    expect(() => solve([1, Number.NaN, 2, 4], [1, 1])).toThrow(/no single solution/);
    expect(() => solve([1, 2, 3], [1, 1])).toThrow(/got 3, expected 4/);
  });
});
