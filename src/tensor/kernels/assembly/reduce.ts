// Sums, maxima and their positions. A tensor is seen as [outer, n, inner] and reduced over n; every order of addition is
// fixed by the shape alone.

import { horizontalMax, horizontalSum, splat } from "./simd";

@inline
function combine(isMax: bool, a: v128, b: v128): v128 {
  return isMax ? f32x4.max(a, b) : f32x4.add(a, b);
}

@inline
function contiguous(isMax: bool, x: usize, count: i32): f32 {
  const start = isMax ? splat(-Infinity) : splat(0);
  let a = start, b = start, c = start, d = start;
  let i = 0;
  for (; i + 16 <= count; i += 16) {
    a = combine(isMax, a, v128.load(x));
    b = combine(isMax, b, v128.load(x, 16));
    c = combine(isMax, c, v128.load(x, 32));
    d = combine(isMax, d, v128.load(x, 48));
    x += 64;
  }
  const lanes = combine(isMax, combine(isMax, a, b), combine(isMax, c, d));
  let result = isMax ? horizontalMax(lanes) : horizontalSum(lanes);
  for (; i < count; i++) {
    const value = load<f32>(x);
    result = isMax ? max(result, value) : result + value;
    x += 4;
  }
  return result;
}

@inline
function strided(isMax: bool, out: usize, x: usize, n: i32, inner: i32): void {
  const stride = (<usize>inner) << 2;
  let j = 0;
  for (; j + 16 <= inner; j += 16) {
    let from = x + ((<usize>j) << 2);
    let a = v128.load(from), b = v128.load(from, 16), c = v128.load(from, 32), d = v128.load(from, 48);
    for (let i = 1; i < n; i++) {
      from += stride;
      a = combine(isMax, a, v128.load(from));
      b = combine(isMax, b, v128.load(from, 16));
      c = combine(isMax, c, v128.load(from, 32));
      d = combine(isMax, d, v128.load(from, 48));
    }
    const to = out + ((<usize>j) << 2);
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
  }
  for (; j + 4 <= inner; j += 4) {
    let from = x + ((<usize>j) << 2);
    let a = v128.load(from);
    for (let i = 1; i < n; i++) {
      from += stride;
      a = combine(isMax, a, v128.load(from));
    }
    v128.store(out + ((<usize>j) << 2), a);
  }
  for (; j < inner; j++) {
    let from = x + ((<usize>j) << 2);
    let even = load<f32>(from);
    let odd: f32 = isMax ? even : 0;
    let i = 1;
    for (; i + 2 <= n; i += 2) {
      const first = load<f32>(from + stride);
      const second = load<f32>(from + 2 * stride);
      odd = isMax ? max(odd, first) : odd + first;
      even = isMax ? max(even, second) : even + second;
      from += 2 * stride;
    }
    if (i < n) {
      const first = load<f32>(from + stride);
      odd = isMax ? max(odd, first) : odd + first;
    }
    store<f32>(out + ((<usize>j) << 2), isMax ? max(even, odd) : even + odd);
  }
}

@inline
function reduce(isMax: bool, out: usize, x: usize, outer: i32, n: i32, inner: i32): void {
  if (inner == 1) {
    for (let o = 0; o < outer; o++) {
      store<f32>(out + ((<usize>o) << 2), contiguous(isMax, x, n));
      x += (<usize>n) << 2;
    }
  } else {
    for (let o = 0; o < outer; o++) {
      strided(isMax, out, x, n, inner);
      out += (<usize>inner) << 2;
      x += (<usize>(n * inner)) << 2;
    }
  }
}

export function sum(out: usize, x: usize, outer: i32, n: i32, inner: i32): void {
  reduce(false, out, x, outer, n, inner);
}

export function maximum(out: usize, x: usize, outer: i32, n: i32, inner: i32): void {
  reduce(true, out, x, outer, n, inner);
}

/** Position of the first largest entry of each row of n, as i32. */
export function argmax(out: usize, x: usize, rows: i32, n: i32): void {
  for (let row = 0; row < rows; row++) {
    let best = 0;
    let largest = load<f32>(x);
    for (let j = 1; j < n; j++) {
      const value = load<f32>(x + ((<usize>j) << 2));
      if (value > largest) {
        largest = value;
        best = j;
      }
    }
    store<i32>(out + ((<usize>row) << 2), best);
    x += (<usize>n) << 2;
  }
}
