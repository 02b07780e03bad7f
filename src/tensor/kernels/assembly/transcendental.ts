// exp, log, tanh and their kin on four f32 lanes. Bounds are for the whole finite range, subnormal results included, and
// for both builds, measured against float64 on dense grids by the tests: exp, log 1.25 ulp; log1p 1.5; expm1, softplus 2;
// sigmoid 2.5; tanh 6; sin, cos 2⁻²² absolute for |x| ≤ 10⁴. NaN gives NaN; infinities give the limits.

import { madd, select4, splat } from "./simd";

const LN2_HIGH: f32 = 0.693145751953125;
const LN2_LOW: f32 = 1.42860682030941723212e-6;

/** 2ⁿ for whole n in [−126, 127], held as a float. */
// @ts-ignore: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
}

/** eˣ: x = n ln 2 + r, |r| ≤ ln 2 / 2, Taylor to r⁷; 2ⁿ in two factors so that subnormal results are reached. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const bounded = f32x4.pmin(f32x4.pmax(x, splat(-104.0)), splat(89.0));
  const n = f32x4.nearest(f32x4.mul(bounded, splat(1.44269504088896341)));
  let r = madd(n, splat(-LN2_HIGH), bounded);
  r = madd(n, splat(-LN2_LOW), r);
  let p = splat(1.0 / 5040.0);
  p = madd(p, r, splat(1.0 / 720.0));
  p = madd(p, r, splat(1.0 / 120.0));
  p = madd(p, r, splat(1.0 / 24.0));
  p = madd(p, r, splat(1.0 / 6.0));
  p = madd(p, r, splat(0.5));
  p = madd(p, f32x4.mul(r, r), r);
  p = f32x4.add(p, splat(1.0));
  const half = f32x4.floor(f32x4.mul(n, splat(0.5)));
  return f32x4.mul(f32x4.mul(p, powerOfTwo(half)), powerOfTwo(f32x4.sub(n, half)));
}

/** log x: x = 2ᵉ m with m in [√½, √2), s = (m−1)/(m+1), log m = 2 artanh s as a series in s². */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const isSubnormal = f32x4.lt(x, splat(1.17549435e-38));
  const scaled = select4(isSubnormal, f32x4.mul(x, splat(8388608.0)), x);
  // Adding the distance from √½ to 1 in the bit pattern puts the exponent's step at √½ rather than at 1.
  const bits = i32x4.add(scaled, i32x4.splat(0x3f800000 - 0x3f3504f3));
  const exponent = i32x4.sub(i32x4.shr_s(bits, 23), i32x4.splat(127));
  const mantissa = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  let e = f32x4.convert_i32x4_s(exponent);
  e = f32x4.sub(e, v128.and(isSubnormal, splat(23.0)));
  const f = f32x4.sub(mantissa, splat(1.0));
  const s = f32x4.div(f, f32x4.add(f, splat(2.0)));
  const z = f32x4.mul(s, s);
  let p = splat(2.0 / 9.0);
  p = madd(p, z, splat(2.0 / 7.0));
  p = madd(p, z, splat(2.0 / 5.0));
  p = madd(p, z, splat(2.0 / 3.0));
  // log m = f − f²/2 + s (f²/2 + z p): the leading terms are exact, so small errors in s do not show.
  const halfSquare = f32x4.mul(f32x4.mul(f, f), splat(0.5));
  const tail = f32x4.mul(s, madd(z, p, halfSquare));
  let result = f32x4.sub(tail, halfSquare);
  result = madd(e, splat(LN2_LOW), result);
  result = f32x4.add(result, f);
  result = madd(e, splat(LN2_HIGH), result);
  result = select4(f32x4.eq(x, splat(Infinity)), x, result);
  result = select4(f32x4.eq(x, splat(0.0)), splat(-Infinity), result);
  return select4(f32x4.ge(x, splat(0.0)), result, splat(NaN));
}

/** tanh x = x P(x²) / Q(x²), a rational fit on |x| ≤ 9.02 with relative error 2.2e-8; ±1 in float32 beyond. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const bounded = f32x4.pmin(f32x4.pmax(x, splat(-9.02)), splat(9.02));
  const t = f32x4.mul(bounded, bounded);
  let p = splat(1.3319589412162792e-8);
  p = madd(p, t, splat(2.0583904637339698e-5));
  p = madd(p, t, splat(3.4940623861807836e-3));
  p = madd(p, t, splat(0.13379742122132182));
  p = madd(p, t, splat(0.9999999792194033));
  let q = splat(7.762246168301697e-7);
  q = madd(q, t, splat(3.283136869491803e-4));
  q = madd(q, t, splat(2.5871181310333103e-2));
  q = madd(q, t, splat(0.4671305743522466));
  q = madd(q, t, splat(1.0));
  const y = f32x4.div(f32x4.mul(bounded, p), q);
  return f32x4.pmin(f32x4.pmax(y, splat(-1.0)), splat(1.0));
}

/** 1 / (1 + e⁻ˣ), for x < 0 as eˣ / (1 + eˣ): e⁻ˣ would overflow where the result is still a (subnormal) number. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  return f32x4.div(select4(f32x4.ge(x, splat(0.0)), splat(1.0), e), f32x4.add(splat(1.0), e));
}

/** log(1 + x): log w corrected by the part of x lost in rounding w = 1 + x. */
// @ts-ignore: decorator
@inline
export function log1p4(x: v128): v128 {
  const w = f32x4.add(x, splat(1.0));
  const lost = f32x4.sub(x, f32x4.sub(w, splat(1.0)));
  const corrected = f32x4.add(log4(w), f32x4.div(lost, w));
  const usable = v128.and(f32x4.gt(w, splat(0.0)), f32x4.lt(w, splat(Infinity)));
  return select4(usable, corrected, log4(w));
}

/** eˣ − 1: Taylor to x⁸ for |x| < ½, the plain difference beyond. */
// @ts-ignore: decorator
@inline
export function expm14(x: v128): v128 {
  let p = splat(1.0 / 40320.0);
  p = madd(p, x, splat(1.0 / 5040.0));
  p = madd(p, x, splat(1.0 / 720.0));
  p = madd(p, x, splat(1.0 / 120.0));
  p = madd(p, x, splat(1.0 / 24.0));
  p = madd(p, x, splat(1.0 / 6.0));
  p = madd(p, x, splat(0.5));
  const series = madd(p, f32x4.mul(x, x), x);
  const isSmall = f32x4.lt(f32x4.abs(x), splat(0.5));
  return select4(isSmall, series, f32x4.sub(exp4(x), splat(1.0)));
}

/** log(1 + eˣ) = max(x, 0) + log1p(e^−|x|). */
// @ts-ignore: decorator
@inline
export function softplus4(x: v128): v128 {
  return f32x4.add(f32x4.pmax(x, splat(0.0)), log1p4(exp4(f32x4.neg(f32x4.abs(x)))));
}

/** sin(x + quarter · π/2): reduction by π/2 in three parts (Cody-Waite), then the series of sin or cos. */
// @ts-ignore: decorator
@inline
function sine(x: v128, quarter: i32): v128 {
  const n = f32x4.nearest(f32x4.mul(x, splat(0.63661977236758134)));
  let r = madd(n, splat(-1.5703125), x);
  r = madd(n, splat(-4.837512969970703125e-4), r);
  r = madd(n, splat(-7.54978995489188216e-8), r);
  const z = f32x4.mul(r, r);
  let s = splat(1.0 / 362880.0);
  s = madd(s, z, splat(-1.0 / 5040.0));
  s = madd(s, z, splat(1.0 / 120.0));
  s = madd(s, z, splat(-1.0 / 6.0));
  s = madd(f32x4.mul(s, z), r, r);
  let c = splat(-1.0 / 3628800.0);
  c = madd(c, z, splat(1.0 / 40320.0));
  c = madd(c, z, splat(-1.0 / 720.0));
  c = madd(c, z, splat(1.0 / 24.0));
  c = madd(c, z, splat(-0.5));
  c = madd(c, z, splat(1.0));
  const quadrant = i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(quarter));
  const odd = i32x4.eq(v128.and(quadrant, i32x4.splat(1)), i32x4.splat(1));
  const negative = i32x4.shl(v128.and(quadrant, i32x4.splat(2)), 30);
  return v128.xor(select4(odd, c, s), negative);
}

// @ts-ignore: decorator
@inline
export function sin4(x: v128): v128 {
  return sine(x, 0);
}

// @ts-ignore: decorator
@inline
export function cos4(x: v128): v128 {
  return sine(x, 1);
}
