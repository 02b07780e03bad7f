// exp, log, tanh and their kin on four f32 lanes. Bounds are for the whole finite range, subnormal results included, and
// for both builds, measured against float64 on dense grids by the tests: exp, log 1.25 ulp; log1p 1.5; expm1, softplus 2;
// sigmoid 2.5; tanh 6; sin, cos 2⁻²² absolute for |x| ≤ 10⁴. NaN gives NaN; infinities give the limits.

import { madd, oneMinusProduct, select4, splat } from "./simd";

const LN2_HIGH: f32 = 0.693145751953125;
const LN2_LOW: f32 = 1.42860682030941723212e-6;

// V8 rebuilds a vector constant from immediates at each use, several instructions a time; a broadcast load is one.
const numbers: usize = memory.data<f32>([
  -104.0,
  89.0,
  1.44269504088896341,
  -LN2_HIGH,
  -LN2_LOW,
  1.0 / 5040.0,
  1.0 / 720.0,
  1.0 / 120.0,
  1.0 / 24.0,
  1.0 / 6.0,
  0.5,
  1.0,
  1.17549435e-38,
  8388608.0,
  23.0,
  2.0,
  2.0 / 9.0,
  2.0 / 7.0,
  2.0 / 5.0,
  2.0 / 3.0,
  LN2_LOW,
  LN2_HIGH,
  Infinity,
  0.0,
  -Infinity,
  NaN,
  -9.02,
  9.02,
  1.3319589412162792e-8,
  2.0583904637339698e-5,
  3.4940623861807836e-3,
  0.13379742122132182,
  0.9999999792194033,
  7.762246168301697e-7,
  3.283136869491803e-4,
  2.5871181310333103e-2,
  0.4671305743522466,
  -1.0,
  1.0 / 40320.0,
  0.63661977236758134,
  -1.5703125,
  -4.837512969970703125e-4,
  -7.54978995489188216e-8,
  1.0 / 362880.0,
  -1.0 / 5040.0,
  -1.0 / 6.0,
  -1.0 / 3628800.0,
  -1.0 / 720.0,
  -0.5,
  0.044715,
  0.7978845608028654,
  0.134145,
  -4.0,
  4.0,
  1.9867830166822067e-06,
  0.00028456598610685294,
  0.003883345709447955,
  0.05310175315146125,
  0.19354509498123307,
  1.1283791393133713,
  3.742018565212332e-05,
  0.0011855716051062991,
  0.015207255244269325,
  0.1153500160525003,
  0.5048574301279101,
  0.7071067811865476,
  0.3989422804014327,
]);

/** Entry `index` of `numbers` in every lane; the comment beside each use says which number that is. */
@inline
function number(index: usize): v128 {
  return v128.load_splat<f32>(numbers + (index << 2));
}

/** 2ⁿ for whole n in [−126, 127], held as a float. */
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
}

/**
 * eˣ: x = n ln 2 + r, |r| ≤ ln 2 / 2, Taylor to r⁷; 2ⁿ in two factors so that subnormal results are reached. Where the result
 * is 0 no product may underflow: processors take a hundred times as long for one that does, and of a masked choice every
 * forbidden logit would.
 */
@inline
export function exp4(x: v128): v128 {
  const isZero = f32x4.lt(x, number(0 /* -104.0 */));
  const bounded = f32x4.pmin(v128.andnot(x, isZero), number(1 /* 89.0 */));
  const n = f32x4.nearest(f32x4.mul(bounded, number(2 /* 1.44269504088896341 */)));
  let r = madd(n, number(3 /* -LN2_HIGH */), bounded);
  r = madd(n, number(4 /* -LN2_LOW */), r);
  let p = number(5 /* 1.0 / 5040.0 */);
  p = madd(p, r, number(6 /* 1.0 / 720.0 */));
  p = madd(p, r, number(7 /* 1.0 / 120.0 */));
  p = madd(p, r, number(8 /* 1.0 / 24.0 */));
  p = madd(p, r, number(9 /* 1.0 / 6.0 */));
  p = madd(p, r, number(10 /* 0.5 */));
  p = madd(p, f32x4.mul(r, r), r);
  p = f32x4.add(p, number(11 /* 1.0 */));
  const half = f32x4.floor(f32x4.mul(n, number(10 /* 0.5 */)));
  return v128.andnot(f32x4.mul(f32x4.mul(p, powerOfTwo(half)), powerOfTwo(f32x4.sub(n, half))), isZero);
}

/** log x: x = 2ᵉ m with m in [√½, √2), s = (m−1)/(m+1), log m = 2 artanh s as a series in s². */
@inline
export function log4(x: v128): v128 {
  const isSubnormal = f32x4.lt(x, number(12 /* 1.17549435e-38 */));
  const scaled = select4(isSubnormal, f32x4.mul(x, number(13 /* 8388608.0 */)), x);
  // Adding the distance from √½ to 1 in the bit pattern puts the exponent's step at √½ rather than at 1.
  const bits = i32x4.add(scaled, i32x4.splat(0x3f800000 - 0x3f3504f3));
  const exponent = i32x4.sub(i32x4.shr_s(bits, 23), i32x4.splat(127));
  const mantissa = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  let e = f32x4.convert_i32x4_s(exponent);
  e = f32x4.sub(e, v128.and(isSubnormal, number(14 /* 23.0 */)));
  const f = f32x4.sub(mantissa, number(11 /* 1.0 */));
  const s = f32x4.div(f, f32x4.add(f, number(15 /* 2.0 */)));
  const z = f32x4.mul(s, s);
  let p = number(16 /* 2.0 / 9.0 */);
  p = madd(p, z, number(17 /* 2.0 / 7.0 */));
  p = madd(p, z, number(18 /* 2.0 / 5.0 */));
  p = madd(p, z, number(19 /* 2.0 / 3.0 */));
  // log m = f − f²/2 + s (f²/2 + z p): the leading terms are exact, so small errors in s do not show.
  const halfSquare = f32x4.mul(f32x4.mul(f, f), number(10 /* 0.5 */));
  const tail = f32x4.mul(s, madd(z, p, halfSquare));
  let result = f32x4.sub(tail, halfSquare);
  result = madd(e, number(20 /* LN2_LOW */), result);
  result = f32x4.add(result, f);
  result = madd(e, number(21 /* LN2_HIGH */), result);
  result = select4(f32x4.eq(x, number(22 /* Infinity */)), x, result);
  result = select4(f32x4.eq(x, number(23 /* 0.0 */)), number(24 /* -Infinity */), result);
  return select4(f32x4.ge(x, number(23 /* 0.0 */)), result, number(25 /* NaN */));
}

/** tanh x = x P(x²) / Q(x²), a rational fit on |x| ≤ 9.02 with relative error 2.2e-8; ±1 in float32 beyond. */
@inline
export function tanh4(x: v128): v128 {
  const bounded = f32x4.pmin(f32x4.pmax(x, number(26 /* -9.02 */)), number(27 /* 9.02 */));
  const t = f32x4.mul(bounded, bounded);
  let p = number(28 /* 1.3319589412162792e-8 */);
  p = madd(p, t, number(29 /* 2.0583904637339698e-5 */));
  p = madd(p, t, number(30 /* 3.4940623861807836e-3 */));
  p = madd(p, t, number(31 /* 0.13379742122132182 */));
  p = madd(p, t, number(32 /* 0.9999999792194033 */));
  let q = number(33 /* 7.762246168301697e-7 */);
  q = madd(q, t, number(34 /* 3.283136869491803e-4 */));
  q = madd(q, t, number(35 /* 2.5871181310333103e-2 */));
  q = madd(q, t, number(36 /* 0.4671305743522466 */));
  q = madd(q, t, number(11 /* 1.0 */));
  const y = f32x4.div(f32x4.mul(bounded, p), q);
  return f32x4.pmin(f32x4.pmax(y, number(37 /* -1.0 */)), number(11 /* 1.0 */));
}

/** √(2/π) (x + 0.044715 x³), whose tanh is in the GELU. */
@inline
function geluInner(x: v128): v128 {
  const cube = f32x4.mul(f32x4.mul(f32x4.mul(x, x), x), number(49 /* 0.044715 */));
  return f32x4.mul(f32x4.add(x, cube), number(50 /* 0.7978845608028654 */));
}

/** ½ x (1 + tanh u), u as above: the tanh form of the GELU. */
@inline
export function geluTanh4(x: v128): v128 {
  const half = f32x4.mul(x, number(10 /* 0.5 */));
  return f32x4.mul(half, f32x4.add(tanh4(geluInner(x)), number(11 /* 1.0 */)));
}

/** Its derivative, ½ (1 + tanh u) + ½ x (1 − tanh² u) u′, times g. */
@inline
export function geluTanhGradient4(g: v128, x: v128): v128 {
  const t = tanh4(geluInner(x));
  const slope = madd(f32x4.mul(x, x), number(51 /* 0.134145 */), number(11 /* 1.0 */));
  const inner = f32x4.mul(f32x4.mul(slope, number(50 /* 0.7978845608028654 */)), f32x4.mul(oneMinusProduct(t, t), x));
  return f32x4.mul(f32x4.mul(g, number(10 /* 0.5 */)), f32x4.add(f32x4.add(t, number(11 /* 1.0 */)), inner));
}

/** 1 + erf(x / √2), twice the normal distribution's Φ: erf z = z P(z²) / Q(z²), a rational fit on |z| ≤ 4 with relative error 2.5e-8. */
@inline
function twicePhi(x: v128): v128 {
  const z = f32x4.pmin(f32x4.pmax(f32x4.mul(x, number(65 /* 0.7071067811865476 */)), number(52 /* -4.0 */)), number(53 /* 4.0 */));
  const t = f32x4.mul(z, z);
  let p = number(54 /* 1.9867830166822067e-06 */);
  p = madd(p, t, number(55 /* 0.00028456598610685294 */));
  p = madd(p, t, number(56 /* 0.003883345709447955 */));
  p = madd(p, t, number(57 /* 0.05310175315146125 */));
  p = madd(p, t, number(58 /* 0.19354509498123307 */));
  p = madd(p, t, number(59 /* 1.1283791393133713 */));
  let q = number(60 /* 3.742018565212332e-05 */);
  q = madd(q, t, number(61 /* 0.0011855716051062991 */));
  q = madd(q, t, number(62 /* 0.015207255244269325 */));
  q = madd(q, t, number(63 /* 0.1153500160525003 */));
  q = madd(q, t, number(64 /* 0.5048574301279101 */));
  q = madd(q, t, number(11 /* 1.0 */));
  const y = f32x4.div(f32x4.mul(z, p), q);
  return f32x4.add(f32x4.pmin(f32x4.pmax(y, number(37 /* -1.0 */)), number(11 /* 1.0 */)), number(11 /* 1.0 */));
}

/** x Φ(x): the GELU. */
@inline
export function gelu4(x: v128): v128 {
  return f32x4.mul(f32x4.mul(x, number(10 /* 0.5 */)), twicePhi(x));
}

/** Its derivative, Φ(x) + x φ(x) with φ the density, times g. */
@inline
export function geluGradient4(g: v128, x: v128): v128 {
  const density = f32x4.mul(exp4(f32x4.mul(f32x4.mul(x, x), number(48 /* -0.5 */))), number(66 /* 0.3989422804014327 */));
  return f32x4.mul(g, madd(x, density, f32x4.mul(twicePhi(x), number(10 /* 0.5 */))));
}

/** 1 / (1 + e⁻ˣ), for x < 0 as eˣ / (1 + eˣ): e⁻ˣ would overflow where the result is still a (subnormal) number. */
@inline
export function sigmoid4(x: v128): v128 {
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  return f32x4.div(select4(f32x4.ge(x, number(23 /* 0.0 */)), number(11 /* 1.0 */), e), f32x4.add(number(11 /* 1.0 */), e));
}

/** log(1 + x): log w corrected by the part of x lost in rounding w = 1 + x. */
@inline
export function log1p4(x: v128): v128 {
  const w = f32x4.add(x, number(11 /* 1.0 */));
  const lost = f32x4.sub(x, f32x4.sub(w, number(11 /* 1.0 */)));
  const plain = log4(w);
  const corrected = f32x4.add(plain, f32x4.div(lost, w));
  const usable = v128.and(f32x4.gt(w, number(23 /* 0.0 */)), f32x4.lt(w, number(22 /* Infinity */)));
  return select4(usable, corrected, plain);
}

/** eˣ − 1: Taylor to x⁸ for |x| < ½, the plain difference beyond. */
@inline
export function expm14(x: v128): v128 {
  let p = number(38 /* 1.0 / 40320.0 */);
  p = madd(p, x, number(5 /* 1.0 / 5040.0 */));
  p = madd(p, x, number(6 /* 1.0 / 720.0 */));
  p = madd(p, x, number(7 /* 1.0 / 120.0 */));
  p = madd(p, x, number(8 /* 1.0 / 24.0 */));
  p = madd(p, x, number(9 /* 1.0 / 6.0 */));
  p = madd(p, x, number(10 /* 0.5 */));
  const series = madd(p, f32x4.mul(x, x), x);
  const isSmall = f32x4.lt(f32x4.abs(x), number(10 /* 0.5 */));
  return select4(isSmall, series, f32x4.sub(exp4(x), number(11 /* 1.0 */)));
}

/** log(1 + eˣ) = max(x, 0) + log1p(e^−|x|). */
@inline
export function softplus4(x: v128): v128 {
  return f32x4.add(f32x4.pmax(x, number(23 /* 0.0 */)), log1p4(exp4(f32x4.neg(f32x4.abs(x)))));
}

/** sin(x + quarter · π/2): reduction by π/2 in three parts (Cody-Waite), then the series of sin or cos. */
@inline
export function sine4(x: v128, quarter: i32): v128 {
  const n = f32x4.nearest(f32x4.mul(x, number(39 /* 0.63661977236758134 */)));
  let r = madd(n, number(40 /* -1.5703125 */), x);
  r = madd(n, number(41 /* -4.837512969970703125e-4 */), r);
  r = madd(n, number(42 /* -7.54978995489188216e-8 */), r);
  const z = f32x4.mul(r, r);
  let s = number(43 /* 1.0 / 362880.0 */);
  s = madd(s, z, number(44 /* -1.0 / 5040.0 */));
  s = madd(s, z, number(7 /* 1.0 / 120.0 */));
  s = madd(s, z, number(45 /* -1.0 / 6.0 */));
  s = madd(f32x4.mul(s, z), r, r);
  let c = number(46 /* -1.0 / 3628800.0 */);
  c = madd(c, z, number(38 /* 1.0 / 40320.0 */));
  c = madd(c, z, number(47 /* -1.0 / 720.0 */));
  c = madd(c, z, number(8 /* 1.0 / 24.0 */));
  c = madd(c, z, number(48 /* -0.5 */));
  c = madd(c, z, number(11 /* 1.0 */));
  const quadrant = i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(quarter));
  const odd = i32x4.eq(v128.and(quadrant, i32x4.splat(1)), i32x4.splat(1));
  const negative = i32x4.shl(v128.and(quadrant, i32x4.splat(2)), 30);
  return v128.xor(select4(odd, c, s), negative);
}
