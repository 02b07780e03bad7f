/**
 * exp, log, tanh and their kin in plain JavaScript, bit for bit those of the `simd` build: the same steps in the same order
 * (assembly/transcendental.ts says why they are these), each rounded to float32. Arguments are float32 numbers.
 */

const f = Math.fround;
const word = new DataView(new ArrayBuffer(4));

function bitsOf(x: number): number {
  word.setFloat32(0, x);
  return word.getInt32(0);
}

function fromBits(bits: number): number {
  word.setInt32(0, bits);
  return word.getFloat32(0);
}

/** a · b + c, rounded twice as on the plain build. */
const madd = (a: number, b: number, c: number) => f(f(a * b) + c);

/** c₀ xⁿ + … + cₙ, from the first coefficient on. */
function polynomial(x: number, coefficients: readonly number[]): number {
  let p = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) p = madd(p, x, coefficients[i]);
  return p;
}

/** The lesser, or the greater; where neither is, the first: WebAssembly's pmin and pmax. */
const pmin = (a: number, b: number) => (b < a ? b : a);
const pmax = (a: number, b: number) => (a < b ? b : a);

/** In float64 this leaves no place behind the point: adding and taking it away rounds, halves to even. */
const ROUNDER = 1.5 * 2 ** 52;

function nearest(x: number): number {
  const rounded = x + ROUNDER - ROUNDER;
  // Numbers this large are whole; a zero keeps the sign.
  return Math.abs(x) >= 2 ** 24 ? x : rounded === 0 ? x * 0 : rounded;
}

/** Towards zero, held within int32; NaN gives 0. */
export function toInt32(x: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(x))) | 0;
}

const powerOfTwo = (n: number) => fromBits((toInt32(n) + 127) << 23);

const [LN2_HIGH, LN2_LOW] = [f(0.693145751953125), f(1.4286068203094173e-6)];
const LOG2E = f(Math.LOG2E);
const EXP = [1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 0.5].map(f);

export function exp(x: number): number {
  if (x < -104) return 0;
  const bounded = pmin(x, 89);
  const n = nearest(f(bounded * LOG2E));
  const r = madd(n, -LN2_LOW, madd(n, -LN2_HIGH, bounded));
  const p = f(madd(polynomial(r, EXP), f(r * r), r) + 1);
  const half = Math.floor(f(n * 0.5));
  return f(f(p * powerOfTwo(half)) * powerOfTwo(f(n - half)));
}

const SMALLEST_NORMAL = f(1.17549435e-38);
const ROOT_HALF_BITS = 0x3f3504f3;
const LOG = [2 / 9, 2 / 7, 2 / 5, 2 / 3].map(f);

export function log(x: number): number {
  if (x === Infinity) return x;
  if (x === 0) return -Infinity;
  if (!(x > 0)) return NaN;
  const isSubnormal = x < SMALLEST_NORMAL;
  const bits = bitsOf(isSubnormal ? f(x * 8388608) : x) + (0x3f800000 - ROOT_HALF_BITS);
  const e = (bits >> 23) - 127 - (isSubnormal ? 23 : 0);
  const m = f(fromBits((bits & 0x007fffff) + ROOT_HALF_BITS) - 1);
  const s = f(m / f(m + 2));
  const z = f(s * s);
  const halfSquare = f(f(m * m) * 0.5);
  const tail = f(s * madd(z, polynomial(z, LOG), halfSquare));
  return madd(e, LN2_HIGH, f(madd(e, LN2_LOW, f(tail - halfSquare)) + m));
}

const TANH_BOUND = f(9.02);
const TANH_P = [
  1.3319589412162792e-8, 2.0583904637339698e-5, 3.4940623861807836e-3, 0.13379742122132182, 0.9999999792194033,
].map(f);
const TANH_Q = [7.762246168301697e-7, 3.283136869491803e-4, 2.5871181310333103e-2, 0.4671305743522466, 1].map(f);

export function tanh(x: number): number {
  const bounded = pmin(pmax(x, -TANH_BOUND), TANH_BOUND);
  const t = f(bounded * bounded);
  return pmin(pmax(f(f(bounded * polynomial(t, TANH_P)) / polynomial(t, TANH_Q)), -1), 1);
}

export function sigmoid(x: number): number {
  const e = exp(-Math.abs(x));
  return f((x >= 0 ? 1 : e) / f(1 + e));
}

export function log1p(x: number): number {
  const w = f(x + 1);
  const lost = f(x - f(w - 1));
  return w > 0 && w < Infinity ? f(log(w) + f(lost / w)) : log(w);
}

const EXPM1 = [1 / 40320, 1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 0.5].map(f);

export function expm1(x: number): number {
  return Math.abs(x) < 0.5 ? madd(polynomial(x, EXPM1), f(x * x), x) : f(exp(x) - 1);
}

export function softplus(x: number): number {
  return f(relu(x) + log1p(exp(-Math.abs(x))));
}

export const relu = (x: number) => pmax(x, 0);

const TWO_OVER_PI = f(2 / Math.PI);
const HALF_PI = [-1.5703125, -4.837512969970703e-4, -7.549789954891882e-8].map(f);
const SIN = [1 / 362880, -1 / 5040, 1 / 120, -1 / 6].map(f);
const COS = [-1 / 3628800, 1 / 40320, -1 / 720, 1 / 24, -0.5, 1].map(f);

/** sin(x + quarter · π/2). */
function sine(x: number, quarter: number): number {
  const n = nearest(f(x * TWO_OVER_PI));
  const r = madd(n, HALF_PI[2], madd(n, HALF_PI[1], madd(n, HALF_PI[0], x)));
  const z = f(r * r);
  const quadrant = (toInt32(n) + quarter) | 0;
  const value = quadrant & 1 ? polynomial(z, COS) : madd(f(polynomial(z, SIN) * z), r, r);
  return quadrant & 2 ? -value : value;
}

export const sin = (x: number) => sine(x, 0);
export const cos = (x: number) => sine(x, 1);

export function sign(x: number): number {
  // Not Math.sign: −0 gives 0.
  return x > 0 ? 1 : x < 0 ? -1 : x === 0 ? 0 : x;
}

const [GELU_CUBE, GELU_SLOPE, GELU_SCALE] = [0.044715, 0.134145, 0.7978845608028654].map(f);

const geluInner = (x: number) => f(f(x + f(f(f(x * x) * x) * GELU_CUBE)) * GELU_SCALE);
export const geluTanh = (x: number) => f(f(x * 0.5) * f(tanh(geluInner(x)) + 1));

export function geluTanhGradient(gradient: number, x: number): number {
  const t = tanh(geluInner(x));
  const slope = f(madd(f(x * x), GELU_SLOPE, 1) * GELU_SCALE);
  const inner = f(slope * f(f(1 - f(t * t)) * x));
  return f(f(gradient * 0.5) * f(f(t + 1) + inner));
}

const ERF_P = [
  1.9867830166822067e-6, 0.00028456598610685294, 0.003883345709447955, 0.05310175315146125, 0.19354509498123307,
  1.1283791393133713,
].map(f);
const ERF_Q = [
  3.742018565212332e-5, 0.0011855716051062991, 0.015207255244269325, 0.1153500160525003, 0.5048574301279101, 1,
].map(f);
const [ROOT_HALF, DENSITY] = [Math.SQRT1_2, 0.3989422804014327].map(f);

/** 1 + erf(x / √2). */
function twicePhi(x: number): number {
  const z = pmin(pmax(f(x * ROOT_HALF), -4), 4);
  const t = f(z * z);
  return f(pmin(pmax(f(f(z * polynomial(t, ERF_P)) / polynomial(t, ERF_Q)), -1), 1) + 1);
}

export const gelu = (x: number) => f(f(x * 0.5) * twicePhi(x));

export function geluGradient(gradient: number, x: number): number {
  const density = f(exp(f(f(x * x) * -0.5)) * DENSITY);
  return f(gradient * madd(x, density, f(twicePhi(x) * 0.5)));
}

/** a (1 − y²): the gradient of tanh. */
export const tanhGradient = (a: number, y: number) => f(a * f(1 - f(y * y)));
export const reluGradient = (a: number, y: number) => (y > 0 ? a : 0);
