import { expect, test } from "vitest";
import {
  add,
  constant,
  grad,
  input,
  mul,
  square,
  substitute,
  sum,
  tanh,
  topologicalOrder,
} from "../../src/tensor/index.ts";
import { evaluate } from "./reference.ts";

const [x, y] = [input("x", [3]), input("y", [3])];
const values = new Map([
  [x, [1, 2, 3]],
  [y, [-1, 0, 2]],
]);

test("the same function of other arguments", () => {
  const f = sum(mul(square(x), tanh(y)));
  const swapped = substitute(
    f,
    new Map([
      [x, y],
      [y, x],
    ]),
  );
  const direct = sum(mul(square(y), tanh(x)));
  expect(evaluate([swapped], values)).toEqual(evaluate([direct], values));
});

test("a node in the middle: what is behind it is cut off, also for gradients", () => {
  const middle = mul(x, 2);
  const f = sum(square(middle));
  const cut = substitute(f, new Map([[middle, add(y, 1)]]));
  expect(topologicalOrder([cut])).not.toContain(x);
  expect(evaluate([cut], values)).toEqual([[0 + 1 + 9]]);
  expect(evaluate(grad(cut, [x, y]), values)).toEqual([
    [0, 0, 0],
    [0, 2, 6],
  ]);
});

test("what does not depend on the replaced is shared, not copied; nothing to replace gives the graph itself", () => {
  const shared = tanh(y);
  const f = sum(mul(x, shared));
  const other = substitute(f, new Map([[x, constant([1, 1, 1], [3])]]));
  expect(topologicalOrder([other])).toContain(shared);
  expect(substitute(f, new Map())).toBe(f);
  expect(substitute(f, new Map([[input("z", [1]), input("w", [1])]]))).toBe(f);
});

test("the output itself can be replaced, and a replacement is not replaced again", () => {
  expect(substitute(x, new Map([[x, y]]))).toBe(y);
  const once = substitute(x, new Map([[x, mul(x, 3)]]));
  expect(evaluate([once], values)).toEqual([[3, 6, 9]]);
});

test("another shape or dtype is refused, naming both", () => {
  const shorter = input("shorter", [2]);
  expect(() => substitute(sum(x), new Map([[x, shorter]]))).toThrow(/replacement does not fit.*shorter.*x/);
  expect(() => substitute(sum(x), new Map([[x, input("whole", [3], "i32")]]))).toThrow(/whole.*i32/);
});
