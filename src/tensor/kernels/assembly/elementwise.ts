// Elementwise kernels over contiguous runs. One body per arity; the operation is a constant at each call, so the compiler
// leaves one tight loop per operation. Ends of arrays are computed with the same vector code on a splat, so a value never
// depends on its position.

import { oneMinusProduct, select4, splat } from "./simd";
import { exp4, expm14, gelu4, geluGradient4, geluTanh4, geluTanhGradient4, log1p4, log4, sigmoid4, sine4, softplus4, tanh4 } from "./transcendental";

@inline
function unaryLanes(op: i32, x: v128): v128 {
  if (op == 0) return f32x4.neg(x);
  if (op == 1) return f32x4.abs(x);
  if (op == 2) {
    const positive = v128.and(f32x4.gt(x, splat(0)), splat(1));
    const result = f32x4.sub(positive, v128.and(f32x4.lt(x, splat(0)), splat(1)));
    return select4(f32x4.ne(x, x), x, result);
  }
  if (op == 3) return f32x4.mul(x, x);
  if (op == 4) return f32x4.sqrt(x);
  if (op == 5) return f32x4.div(splat(1), x);
  if (op == 6) return exp4(x);
  if (op == 7) return expm14(x);
  if (op == 8) return log4(x);
  if (op == 9) return log1p4(x);
  if (op == 10) return tanh4(x);
  if (op == 11) return sigmoid4(x);
  if (op == 12) return softplus4(x);
  if (op == 13) return f32x4.pmax(x, splat(0));
  if (op == 16) return f32x4.floor(x);
  if (op == 17) return geluTanh4(x);
  if (op == 18) return gelu4(x);
  return x;
}

// Tested at its end, as in `sineLoop`: one jump a turn less makes what takes long some 5 % faster.
@inline
function unaryLoop(op: i32, out: usize, x: usize, count: i32): void {
  const end = out + ((<usize>count) << 2);
  if (out >= end) return;
  do {
    v128.store(out, unaryLanes(op, v128.load(x)));
    out += 16;
    x += 16;
  } while (out < end);
}

/** Whole vectors: `count` is a multiple of four. */
function unaryVectors(op: i32, out: usize, x: usize, count: i32): void {
  switch (op) {
    case 0: unaryLoop(0, out, x, count); break;
    case 1: unaryLoop(1, out, x, count); break;
    case 2: unaryLoop(2, out, x, count); break;
    case 3: unaryLoop(3, out, x, count); break;
    case 4: unaryLoop(4, out, x, count); break;
    case 5: unaryLoop(5, out, x, count); break;
    case 6: unaryLoop(6, out, x, count); break;
    case 7: unaryLoop(7, out, x, count); break;
    case 8: unaryLoop(8, out, x, count); break;
    case 9: unaryLoop(9, out, x, count); break;
    case 10: unaryLoop(10, out, x, count); break;
    case 11: unaryLoop(11, out, x, count); break;
    case 12: unaryLoop(12, out, x, count); break;
    case 13: unaryLoop(13, out, x, count); break;
    case 14: sineLoop(0, out, x, count); break;
    case 15: sineLoop(1, out, x, count); break;
    case 16: unaryLoop(16, out, x, count); break;
    case 17: unaryLoop(17, out, x, count); break;
    case 18: geluLoop(out, x, count); break;
    default: memory.copy(out, x, (<usize>count) << 2);
  }
}

/** Apart, so that kernels that only act can do without: scripts/kernels/actingPart.mjs. */
function geluLoop(out: usize, x: usize, count: i32): void {
  unaryLoop(18, out, x, count);
}

/** sin, or cos with a quarter turn: one loop for both. */
function sineLoop(quarter: i32, out: usize, x: usize, count: i32): void {
  const end = out + ((<usize>count) << 2);
  if (out >= end) return;
  do {
    v128.store(out, sine4(v128.load(x), quarter));
    out += 16;
    x += 16;
  } while (out < end);
}

/** Where the last one to three numbers are computed: the code of whole vectors stands in the module once. */
const lastNumbers: usize = memory.data(32, 16);

/** out[i] = op(x[i]); out may be x. Codes follow `unaryCodes` in ../opcodes.ts. */
export function unary(op: i32, out: usize, x: usize, count: i32): void {
  const rest = count & 3;
  unaryVectors(op, out, x, count - rest);
  if (rest == 0) return;
  const done = (<usize>(count - rest)) << 2;
  const behind = (<usize>rest) << 2;
  for (let at: usize = 0; at < behind; at += 4) store<i32>(lastNumbers + at, load<i32>(x + done + at));
  unaryVectors(op, lastNumbers, lastNumbers, 4);
  for (let at: usize = 0; at < behind; at += 4) store<i32>(out + done + at, load<i32>(lastNumbers + at));
}

@inline
function binaryLanes(op: i32, a: v128, b: v128): v128 {
  if (op == 0) return f32x4.add(a, b);
  if (op == 1) return f32x4.sub(a, b);
  if (op == 2) return f32x4.mul(a, b);
  if (op == 3) return f32x4.div(a, b);
  if (op == 4) return f32x4.min(a, b);
  if (op == 5) return f32x4.max(a, b);
  if (op == 6) return v128.and(f32x4.lt(a, b), splat(1));
  if (op == 7) return v128.and(f32x4.le(a, b), splat(1));
  if (op == 8) return v128.and(f32x4.eq(a, b), splat(1));
  if (op == 9) return f32x4.mul(a, oneMinusProduct(b, b));
  return v128.and(f32x4.gt(b, splat(0)), a);
}

@inline
function binaryLoop(op: i32, out: usize, a: usize, b: usize, count: i32, stepA: i32, stepB: i32): void {
  const end = out + ((<usize>count) << 2);
  const vectorEnd = out + ((<usize>(count & ~3)) << 2);
  if (stepA != 0 && stepB != 0) {
    while (out < vectorEnd) {
      v128.store(out, binaryLanes(op, v128.load(a), v128.load(b)));
      out += 16;
      a += 16;
      b += 16;
    }
  } else if (stepA != 0) {
    const right = splat(load<f32>(b));
    while (out < vectorEnd) {
      v128.store(out, binaryLanes(op, v128.load(a), right));
      out += 16;
      a += 16;
    }
  } else {
    const left = splat(load<f32>(a));
    while (out < vectorEnd) {
      v128.store(out, binaryLanes(op, left, stepB != 0 ? v128.load(b) : splat(load<f32>(b))));
      out += 16;
      b += 16 * stepB;
    }
  }
  while (out < end) {
    store<f32>(out, f32x4.extract_lane(binaryLanes(op, splat(load<f32>(a)), splat(load<f32>(b))), 0));
    out += 4;
    a += 4 * stepA;
    b += 4 * stepB;
  }
}

/** out[i] = op(a[i or 0], b[i or 0]): a step of 0 repeats one number. out may be a or b. Codes: `binaryCodes`. */
export function binary(op: i32, out: usize, a: usize, b: usize, count: i32, stepA: i32, stepB: i32): void {
  switch (op) {
    case 0: binaryLoop(0, out, a, b, count, stepA, stepB); break;
    case 1: binaryLoop(1, out, a, b, count, stepA, stepB); break;
    case 2: binaryLoop(2, out, a, b, count, stepA, stepB); break;
    case 3: binaryLoop(3, out, a, b, count, stepA, stepB); break;
    case 4: binaryLoop(4, out, a, b, count, stepA, stepB); break;
    case 5: binaryLoop(5, out, a, b, count, stepA, stepB); break;
    case 6: binaryLoop(6, out, a, b, count, stepA, stepB); break;
    case 7: binaryLoop(7, out, a, b, count, stepA, stepB); break;
    case 8: binaryLoop(8, out, a, b, count, stepA, stepB); break;
    case 9: binaryLoop(9, out, a, b, count, stepA, stepB); break;
    case 10: binaryLoop(10, out, a, b, count, stepA, stepB); break;
    default: geluGradients(op, out, a, b, count, stepA, stepB);
  }
}

/** As `unary`, of two operands: there is too much of it to stand in the module for every way that they may be repeated. */
function geluGradients(op: i32, out: usize, g: usize, x: usize, count: i32, stepG: i32, stepX: i32): void {
  for (let i = 0; i < count; i += 4) {
    const present = min(4, count - i);
    const whole = present == 4 && (stepG & stepX) != 0;
    if (!whole) {
      for (let j = 0; j < present; j++) {
        const at = lastNumbers + ((<usize>j) << 2);
        store<f32>(at, load<f32>(g + ((<usize>(j * stepG)) << 2)));
        store<f32>(at, load<f32>(x + ((<usize>(j * stepX)) << 2)), 16);
      }
    }
    const left = v128.load(whole ? g : lastNumbers), right = v128.load(whole ? x : lastNumbers + 16);
    const result = op == 11 ? geluTanhGradient4(left, right) : geluGradient4(left, right);
    if (whole) v128.store(out, result);
    else {
      v128.store(lastNumbers, result);
      memory.copy(out, lastNumbers, (<usize>present) << 2);
    }
    out += 16;
    g += 16 * stepG;
    x += 16 * stepX;
  }
}

/** The same over `outer` rows of `inner` columns; a row stride of 0 (in elements) repeats the row. */
export function binaryRows(
  op: i32, out: usize, a: usize, b: usize,
  outer: i32, inner: i32, strideA: i32, stepA: i32, strideB: i32, stepB: i32,
): void {
  for (let row = 0; row < outer; row++) {
    binary(op, out, a, b, inner, stepA, stepB);
    out += (<usize>inner) << 2;
    a += (<usize>strideA) << 2;
    b += (<usize>strideB) << 2;
  }
}

@inline
function choose(condition: v128, a: v128, b: v128): v128 {
  return select4(f32x4.ne(condition, splat(0)), a, b);
}

const repeated: usize = memory.data(48, 16);

/** Where the vectors of an operand begin: one number that is repeated (a step of 0) fills a vector of its own. */
function vectorsOf(x: usize, step: i32, slot: usize): usize {
  if (step != 0) return x;
  v128.store(repeated + slot, v128.load_splat<f32>(x));
  return repeated + slot;
}

/** out[i] = condition[i] ≠ 0 ? a[i] : b[i]; a step of 0 repeats one number. out may be any of them that has a step. */
export function where(
  out: usize, condition: usize, a: usize, b: usize, count: i32, stepC: i32, stepA: i32, stepB: i32,
): void {
  let to = out, c = vectorsOf(condition, stepC, 0), x = vectorsOf(a, stepA, 16), y = vectorsOf(b, stepB, 32);
  for (const end = out + ((<usize>(count & ~3)) << 2); to < end; to += 16) {
    v128.store(to, choose(v128.load(c), v128.load(x), v128.load(y)));
    c += 16 * stepC;
    x += 16 * stepA;
    y += 16 * stepB;
  }
  for (let i = count & ~3; i < count; i++) {
    const which = load<f32>(condition + ((<usize>(i * stepC)) << 2)) != 0;
    const from = which ? a + ((<usize>(i * stepA)) << 2) : b + ((<usize>(i * stepB)) << 2);
    store<f32>(out + ((<usize>i) << 2), load<f32>(from));
  }
}

/** out = toFloat(x), from i32. */
export function toFloat(out: usize, x: usize, count: i32): void {
  for (let i = 0; i < count; i++) store<f32>(out + ((<usize>i) << 2), <f32>load<i32>(x + ((<usize>i) << 2)));
}

/** out = toInt(x), towards zero; NaN gives 0. */
export function toInt(out: usize, x: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const lane = i32x4.trunc_sat_f32x4_s(splat(load<f32>(x + ((<usize>i) << 2))));
    store<i32>(out + ((<usize>i) << 2), i32x4.extract_lane(lane, 0));
  }
}
