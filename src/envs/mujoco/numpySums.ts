/**
 * Sums of squares in the order and the precision of NumPy, so that rewards are the reference's to the last bit: eight running sums
 * that are added in pairs, in blocks of at most 128 (its "pairwise summation"), in float32 for the squares of float32 actions.
 */

const BLOCK = 128;

/** np.sum(np.square(x)) of the float64 numbers from … from + count - 1. */
export function sumOfSquares(x: ArrayLike<number>, from: number, count: number): number {
  if (count > BLOCK) {
    const half = (count >> 1) - ((count >> 1) % 8);
    return sumOfSquares(x, from, half) + sumOfSquares(x, from + half, count - half);
  }
  const end = from + count;
  let i = from;
  let total = 0;
  if (count >= 8) {
    let [a, b, c, d] = [x[i] * x[i], x[i + 1] * x[i + 1], x[i + 2] * x[i + 2], x[i + 3] * x[i + 3]];
    let [e, f, g, h] = [x[i + 4] * x[i + 4], x[i + 5] * x[i + 5], x[i + 6] * x[i + 6], x[i + 7] * x[i + 7]];
    for (i += 8; i + 8 <= end; i += 8) {
      a += x[i] * x[i];
      b += x[i + 1] * x[i + 1];
      c += x[i + 2] * x[i + 2];
      d += x[i + 3] * x[i + 3];
      e += x[i + 4] * x[i + 4];
      f += x[i + 5] * x[i + 5];
      g += x[i + 6] * x[i + 6];
      h += x[i + 7] * x[i + 7];
    }
    total = a + b + (c + d) + (e + f + (g + h));
  }
  for (; i < end; i++) total += x[i] * x[i];
  return total;
}

const fround = Math.fround;

/** The cost of a float32 action, weight × Σ a²: every product and every sum is rounded to float32. At most 15 numbers. */
export function actionCost(weight: number, x: Float32Array, from: number, count: number): number {
  let i = from;
  let total = 0;
  if (count >= 8) {
    const ab = fround(square(x[i]) + square(x[i + 1]));
    const cd = fround(square(x[i + 2]) + square(x[i + 3]));
    const ef = fround(square(x[i + 4]) + square(x[i + 5]));
    const gh = fround(square(x[i + 6]) + square(x[i + 7]));
    total = fround(fround(ab + cd) + fround(ef + gh));
    i += 8;
  }
  for (; i < from + count; i++) total = fround(total + square(x[i]));
  return fround(fround(weight) * total);
}

function square(x: number): number {
  return fround(x * x);
}
