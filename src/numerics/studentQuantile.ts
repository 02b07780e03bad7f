/**
 * The point of Student's t distribution that a 95 % interval of a mean reaches to. Exact: the distribution has a finite closed
 * form for whole degrees of freedom (Abramowitz & Stegun 26.7.3, 26.7.4). Not for the training path: it calls Math.sin.
 */

/** With more degrees of freedom the expansion in 1/ν has an error below 1e-8. */
const MANY = 200;

/**
 * t with P(|T| ≤ t) = 0.95, T of Student's distribution with ν degrees of freedom: its 97.5 % point.
 *
 * @param freedom ν, a whole number ≥ 1; of n values of which the mean is taken, n − 1. NaN otherwise.
 */
export function studentQuantile(freedom: number): number {
  if (!(Number.isInteger(freedom) && freedom >= 1)) return Number.NaN;
  if (freedom > MANY) return expansion(freedom);
  // In θ = arctan(t / √ν) the distribution grows from 0 to 1 over (0, π/2), smoothly: halving is safe and quick.
  let [low, high] = [0, Math.PI / 2];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (within(middle, freedom) < 0.95) low = middle;
    else high = middle;
  }
  return Math.sqrt(freedom) * Math.tan((low + high) / 2);
}

/** P(|T| ≤ √ν tan θ). */
function within(theta: number, freedom: number): number {
  const cosine = Math.cos(theta);
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k < freedom; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine;
    sum += term;
  }
  const share = Math.sin(theta) * sum;
  return isOdd ? (2 / Math.PI) * (theta + share) : share;
}

/** Abramowitz & Stegun 26.7.5. */
function expansion(freedom: number): number {
  const z = 1.959963984540054;
  const z2 = z * z;
  const first = (z * (z2 + 1)) / 4;
  const second = (z * ((5 * z2 + 16) * z2 + 3)) / 96;
  const third = (z * (((3 * z2 + 19) * z2 + 17) * z2 - 15)) / 384;
  return z + first / freedom + second / (freedom * freedom) + third / (freedom * freedom * freedom);
}
