/**
 * Elementary functions in float64 that give the same bits on every engine: only + - * / and comparisons, which IEEE 754
 * fixes. (`Math.sin` and its kin may differ in the last bit from engine to engine, and so would training.) Each function
 * reduces its argument, then sums the Taylor series of the reduced one; the highest term left out is below 2⁻⁵⁶ of the
 * result. Stated errors are in units in the last place (ulp) and are what the tests check.
 */

const QUARTER_PI = 0.7853981633974483;
const TWO_OVER_PI = 0.6366197723675814;
const TWO_PI = 6.283185307179586;
// π/2 in three parts of 33, 33 and 53 bits (Cody & Waite 1980): k times the first is exact for k < 2²⁰.
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
const REDUCIBLE = 1048576;

const INVERSE_LN2 = Math.LOG2E;
// ln 2 in two parts of 32 and 53 bits.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
// Typed arrays have the machine's byte order.
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/**
 * sin x for |x| ≤ π/4 only, where it saves `sin` its checks: x - x³/3! + … + x¹⁷/17!, terms paired to shorten the chain of
 * dependent operations.
 */
export function sinNearZero(x: number): number {
  const z = x * x;
  const z2 = z * z;
  const p =
    -1 / 6 +
    z * (1 / 120) +
    z2 * (-1 / 5040 + z * (1 / 362880)) +
    z2 * z2 * (-1 / 39916800 + z * (1 / 6227020800) + z2 * (-1 / 1307674368000 + z * (1 / 355687428096000)));
  return x + x * z * p;
}

/** cos x for |x| ≤ π/4 only, where it saves `cos` its checks: 1 - x²/2 + … + x¹⁸/18!, with the rounding of 1 - x²/2 added back. */
export function cosNearZero(x: number): number {
  const z = x * x;
  const z2 = z * z;
  const half = 0.5 * z;
  const lead = 1 - half;
  const q =
    1 / 24 +
    z * (-1 / 720) +
    z2 * (1 / 40320 + z * (-1 / 3628800)) +
    z2 * z2 * (1 / 479001600 + z * (-1 / 87178291200) + z2 * (1 / 20922789888000 + z * (-1 / 6402373705728000)));
  return lead + (1 - lead - half + z2 * q);
}

/** sin(x + quarters·π/2) for any finite x, quarters 0 or 1. */
function sinReduced(argument: number, quarters: number): number {
  // Beyond 2²⁰ the exact remainder by the float64 2π keeps the result bounded; see the doc comment of sin.
  const x = argument > REDUCIBLE || argument < -REDUCIBLE ? argument % TWO_PI : argument;
  const k = Math.floor(x * TWO_OVER_PI + 0.5);
  const first = x - k * HALF_PI_1;
  const second = k * HALF_PI_2;
  const high = first - second;
  // What the subtraction lost matters where the result is near 0 (TwoSum, Knuth).
  const back = high - first;
  const lost = first - (high - back) - (second + back);
  const low = lost - k * HALF_PI_3;
  const sum = high + low;
  const rest = high - sum + low;
  const quadrant = (k + quarters) & 3;
  const value = (quadrant & 1) === 0 ? sinNearZero(sum) + rest * (1 - 0.5 * sum * sum) : cosNearZero(sum) - rest * sum;
  return quadrant > 1 ? -value : value;
}

/**
 * sin x, x in radians. Error ≤ 2 ulp for |x| ≤ 2²⁰; beyond, the argument is first reduced by the float64 nearest 2π,
 * which adds an absolute error up to 4·10⁻¹⁷·|x|. NaN for NaN and infinities; sin(-0) = -0.
 */
export function sin(x: number): number {
  if (x >= -QUARTER_PI && x <= QUARTER_PI) return x === 0 ? x : sinNearZero(x);
  return sinReduced(x, 0);
}

/** cos x, x in radians. Error ≤ 2 ulp for |x| ≤ 2²⁰; beyond, as for `sin`. NaN for NaN and infinities. */
export function cos(x: number): number {
  if (x >= -QUARTER_PI && x <= QUARTER_PI) return cosNearZero(x);
  return sinReduced(x, 1);
}

/** r²(1/2! + r/3! + … + r¹¹/13!) = eʳ - 1 - r for |r| ≤ ln 2 / 2. */
function expTail(r: number): number {
  const r2 = r * r;
  const r4 = r2 * r2;
  const low = 1 / 2 + r * (1 / 6) + r2 * (1 / 24 + r * (1 / 120));
  const middle = 1 / 720 + r * (1 / 5040) + r2 * (1 / 40320 + r * (1 / 362880));
  const high = 1 / 3628800 + r * (1 / 39916800) + r2 * (1 / 479001600 + r * (1 / 6227020800));
  return r2 * (low + r4 * (middle + r4 * high));
}

/** 2ᵏ at k + 1022. Looked up: putting it together from bits would wait for two halves to meet in memory. */
const powersOfTwo = new Float64Array(2046);
for (let i = 0, power = 2.2250738585072014e-308; i < 2046; i++, power *= 2) powersOfTwo[i] = power;

/** 2ᵏ for -1022 ≤ k ≤ 1023. */
function powerOfTwo(k: number): number {
  return powersOfTwo[k + 1022];
}

/** eˣ. Error ≤ 1 ulp where the result is a normal number. 0 below -745.2, Infinity above 709.8, NaN for NaN. */
export function exp(x: number): number {
  if (!(x > -746)) return x <= -746 ? 0 : x;
  if (x > 710) return Infinity;
  const k = Math.floor(x * INVERSE_LN2 + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const value = 1 + (r + (expTail(r) + (high - r - low)));
  if (k > -1022 && k < 1023) return value * powerOfTwo(k);
  const half = k >> 1;
  return value * powerOfTwo(half) * powerOfTwo(k - half);
}

/** eˣ - 1 without cancellation near 0. Error ≤ 3 ulp. -1 below -40, Infinity above 709.8, NaN for NaN. */
export function expm1(x: number): number {
  if (x > -0.34 && x < 0.34) return x === 0 ? x : x + expTail(x);
  if (!(x > -40)) return x <= -40 ? -1 : x;
  if (x > 40) return exp(x);
  const k = Math.floor(x * INVERSE_LN2 + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const scale = powerOfTwo(k);
  return scale * (r + (expTail(r) + (high - r - low))) + (scale - 1);
}

/**
 * ln x. Error ≤ 1 ulp. -Infinity at 0, NaN below 0, Infinity at Infinity.
 *
 * With x = 2ᵏ(1 + f), √½ ≤ 1 + f < √2 and s = f/(2 + f): ln(1 + f) = 2 artanh s = 2s + s·R, R = 2s²/3 + 2s⁴/5 + …; and
 * 2s = f - (f²/2 - s·f²/2), which keeps f itself unrounded.
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  float[0] = x;
  let k = 0;
  if (words[HIGH] < 0x00100000) {
    float[0] = x * 18014398509481984; // subnormal: scale by 2⁵⁴
    k = -54;
  }
  const top = words[HIGH];
  k += (top >>> 20) - 1023;
  words[HIGH] = (top & 0x000fffff) | 0x3ff00000;
  let m = float[0];
  if (m > Math.SQRT2) {
    m *= 0.5;
    k += 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  const z2 = z * z;
  const z4 = z2 * z2;
  const low = 2 / 3 + z * (2 / 5) + z2 * (2 / 7 + z * (2 / 9));
  const middle = 2 / 11 + z * (2 / 13) + z2 * (2 / 15 + z * (2 / 17));
  const high = 2 / 19 + z * (2 / 21) + z2 * (2 / 23);
  const R = z * (low + z4 * (middle + z4 * high));
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + R) + k * LN2_LOW) - f);
}

/** ln(1 + x) without cancellation near 0. Error ≤ 3 ulp. -Infinity at -1, NaN below. */
export function log1p(x: number): number {
  const sum = 1 + x;
  // Kahan's correction: the rounding of 1 + x cancels in the ratio.
  if (sum === 1) return x;
  return x < 1e15 && x > -1 ? log(sum) * (x / (sum - 1)) : log(sum);
}

/** tanh x = (e²ˣ - 1)/(e²ˣ + 1). Error ≤ 3 ulp. ±1 beyond |x| = 22, NaN for NaN. */
export function tanh(x: number): number {
  if (x > 22) return 1;
  if (x < -22) return -1;
  if (x === 0) return x;
  const t = expm1(2 * (x < 0 ? -x : x));
  const value = t / (t + 2);
  return x < 0 ? -value : value;
}
