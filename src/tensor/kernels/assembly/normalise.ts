// Rows brought to mean 0 and mean square 1, or to the latter only, and the gradient of that. Four sums lie side by side; what
// is read behind a row's end is taken as 0 (an engine's memory reaches further than what is handed out).

import { horizontalSum, madd, splat } from "./simd";

const places: usize = memory.data<i32>([0, 1, 2, 3], 16);

/** All ones in the lanes of numbers i … i + 3 that are below n. */
@inline
function inside(i: i32, n: i32): v128 {
  return i32x4.lt_s(v128.load(places), i32x4.splat(n - i));
}

/** Numbers i … i + 3 of a row, less the mean; 0 behind the end. */
@inline
function deviation(x: usize, i: i32, n: i32, mean: v128): v128 {
  return v128.and(f32x4.sub(v128.load(x + ((<usize>i) << 2)), mean), inside(i, n));
}

/** Σ of the lanes, over n. */
@inline
function meanOf(lanes: v128, n: i32): v128 {
  return splat(horizontalSum(lanes) / <f32>n);
}

/**
 * With d = x − mean, or x itself, r = 1 / √(mean d² + ε) and y = r d: out = y without a gradient (0), and with that of y the
 * gradient of x, r (g − mean g − y mean(g y)), or the same without mean g. `out` is none of the others.
 */
export function normalise(out: usize, x: usize, gradient: usize, rows: i32, n: i32, epsilon: f32, centred: i32): void {
  const bytes = (<usize>n) << 2;
  const zero = splat(0);
  for (let row = 0; row < rows; row++) {
    let mean = zero;
    if (centred) {
      for (let i = 0; i < n; i += 4) mean = f32x4.add(mean, deviation(x, i, n, zero));
      mean = meanOf(mean, n);
    }
    let squares = zero;
    for (let i = 0; i < n; i += 4) {
      const d = deviation(x, i, n, mean);
      squares = madd(d, d, squares);
    }
    const r = f32x4.div(splat(1), f32x4.sqrt(f32x4.add(meanOf(squares, n), splat(epsilon))));
    let meanG = zero, meanGY = zero;
    if (gradient != 0) {
      for (let i = 0; i < n; i += 4) {
        const g = deviation(gradient, i, n, zero);
        meanG = f32x4.add(meanG, g);
        meanGY = madd(g, f32x4.mul(deviation(x, i, n, mean), r), meanGY);
      }
      meanG = centred ? meanOf(meanG, n) : zero;
      meanGY = meanOf(meanGY, n);
    }
    for (let i = 0; i < n; i += 4) {
      const at = (<usize>i) << 2;
      let y = f32x4.mul(deviation(x, i, n, mean), r);
      if (gradient != 0) {
        y = f32x4.mul(r, f32x4.sub(f32x4.sub(v128.load(gradient + at), meanG), f32x4.mul(y, meanGY)));
      }
      if (i + 4 <= n) v128.store(out + at, y);
      else {
        v128.store(lastNumbers, y);
        memory.copy(out + at, lastNumbers, bytes - at);
      }
    }
    x += bytes;
    out += bytes;
    if (gradient != 0) gradient += bytes;
  }
}

const lastNumbers: usize = memory.data(16, 16);
