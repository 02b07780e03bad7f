/** A vector in ascending order, as graph code: for small batches, since every entry is compared with every other. */

import { constant, type Tensor } from "../../tensor/graph.ts";
import { add, equal, less, mul } from "../../tensor/ops/elementwise.ts";
import { reshape } from "../../tensor/ops/layout.ts";
import { sum } from "../../tensor/ops/reduce.ts";

/**
 * x [n] ascending; each gradient goes to the entry that stands at its place. Equal entries keep their order. One that is not
 * finite makes all of them NaN, so that it cannot be lost.
 */
export function sorted(x: Tensor): Tensor {
  const n = x.shape[0];
  const [column, row] = [reshape(x, [n, 1]), reshape(x, [1, n])];
  const earlier = Float32Array.from({ length: n * n }, (_, k) => (k % n < Math.floor(k / n) ? 1 : 0));
  const before = add(less(row, column), mul(equal(row, column), constant(earlier, [n, n])));
  const rank = reshape(sum(before, 1), [1, n]);
  const place = constant(
    Float32Array.from({ length: n }, (_, k) => k),
    [n, 1],
  );
  return sum(mul(equal(place, rank), row), 1);
}
