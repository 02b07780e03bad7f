/** The scalar functions of the reference interpreter (reference.ts), in float64 with Math. */

/** Φ(x): ½ + φ(x) (x + x³/3 + x⁵/15 + …), for |x| up to 6 or so; 0 or 1 beyond. */
function normalCdf(x: number): number {
  if (!(Math.abs(x) <= 7)) return x > 0 ? 1 : x < 0 ? 0 : x;
  let [total, term] = [0, x];
  for (let k = 3; total + term !== total; k += 2) {
    total += term;
    term *= (x * x) / k;
  }
  return 0.5 + (total * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** Under the tanh of the GELU. */
const geluInner = (x: number) => Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);

export const unaryFunctions: { readonly [op: string]: ((x: number) => number) | undefined } = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  reciprocal: (x) => 1 / x,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  tanh: Math.tanh,
  sigmoid: (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  relu: (x) => (x < 0 ? 0 : x),
  sin: Math.sin,
  cos: Math.cos,
  floor: Math.floor,
  gelu: (x) => x * normalCdf(x),
  geluTanh: (x) => (x / 2) * (1 + Math.tanh(geluInner(x))),
  identity: (x) => x,
  stopGradient: (x) => x,
  toFloat: (x) => x,
  toInt: (x) => (Number.isNaN(x) ? 0 : Math.min(Math.max(Math.trunc(x), -(2 ** 31)), 2 ** 31 - 1)),
};

export const binaryFunctions: { readonly [op: string]: ((a: number, b: number) => number) | undefined } = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: Math.min,
  max: Math.max,
  less: (a, b) => (a < b ? 1 : 0),
  lessEqual: (a, b) => (a <= b ? 1 : 0),
  equal: (a, b) => (a === b ? 1 : 0),
  tanhGrad: (gradient, y) => gradient * (1 - y * y),
  reluGrad: (gradient, y) => (y > 0 ? gradient : 0),
  geluGrad: (gradient, x) => gradient * (normalCdf(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)),
  geluTanhGrad: (gradient, x) => {
    const t = Math.tanh(geluInner(x));
    const slope = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
    return gradient * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * slope);
  },
};

export function logSumExpOf(row: readonly number[]): number {
  const largest = Math.max(...row);
  return largest + Math.log(row.reduce((total, x) => total + Math.exp(x - largest), 0));
}

export function softmaxOf(row: readonly number[]): number[] {
  const logTotal = logSumExpOf(row);
  return row.map((x) => Math.exp(x - logTotal));
}
