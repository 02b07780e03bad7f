// Flat vectors: what conjugate gradients, norms and the optimisers need. All in place, f32 with float64 sums.

import { madd, splat } from "./simd";

/** Two numbers from memory, in float64. */
@inline
function load2(x: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(x));
}

/** Σ x[i] y[i], accumulated in float64. */
export function dot(x: usize, y: usize, count: i32): f64 {
  let low = f64x2.splat(0), high = f64x2.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    low = f64x2.add(low, f64x2.mul(load2(x), load2(y)));
    high = f64x2.add(high, f64x2.mul(load2(x + 8), load2(y + 8)));
    x += 16;
    y += 16;
  }
  const both = f64x2.add(low, high);
  let total = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; i < count; i++) {
    total += <f64>load<f32>(x) * <f64>load<f32>(y);
    x += 4;
    y += 4;
  }
  return total;
}

/** y ← a x + b y. With b = 0, y need not hold numbers. */
export function axpby(count: i32, a: f32, x: usize, b: f32, y: usize): void {
  for (let i = 0; i < count; i++) {
    const scaled = a * load<f32>(x);
    store<f32>(y, b == 0 ? scaled : scaled + b * load<f32>(y));
    x += 4;
    y += 4;
  }
}

/** 0 when every number is finite, otherwise 1 + the position of the first that is not. */
export function firstNonFinite(x: usize, count: i32): i32 {
  for (let i = 0; i < count; i++) {
    if ((load<u32>(x) & 0x7f800000) == 0x7f800000) return i + 1;
    x += 4;
  }
  return 0;
}

// Averages that decay towards 0 (a dead unit, an input that is never on) are set to 0 below a bound: subnormal numbers make
// the processor twenty times slower, and rounding would keep them from ever reaching 0. Of an average of squares only what is
// subnormal is negligible: its root is a gradient as large as 2⁻⁶³.
const NEGLIGIBLE: f32 = 7.888609052210118e-31; // 2⁻¹⁰⁰
const SUBNORMAL: f32 = 1.1754943508222875e-38; // 2⁻¹²⁶

/** 0 where |average| is below the bound; NaN stays NaN. */
@inline
function settle(average: v128, bound: f32): v128 {
  return v128.andnot(average, f32x4.lt(f32x4.abs(average), splat(bound)));
}

/** Momentum SGD (PyTorch's form): v ← momentum v + g + decay p; p ← p − rate (v, or g + momentum v with Nesterov). */
export function sgd(
  count: i32, parameters: usize, gradients: usize, velocity: usize,
  scale: f32, rate: f32, momentum: f32, nesterov: i32, decay: f32,
): void {
  for (let i = 0; i < count; i++) {
    const p = load<f32>(parameters);
    const g = load<f32>(gradients) * scale + decay * p;
    let v = momentum * load<f32>(velocity) + g;
    if (abs(v) < NEGLIGIBLE) v = 0;
    store<f32>(velocity, v);
    store<f32>(parameters, p - rate * (nesterov ? g + momentum * v : v));
    parameters += 4;
    gradients += 4;
    velocity += 4;
  }
}

/**
 * Adam (Kingma & Ba 2015). `step` is rate / (1 − β₁ᵗ) and `correction` 1 / √(1 − β₂ᵗ). Coupled decay is added to the
 * gradient (L2); `decoupled` is rate · weight decay of AdamW (Loshchilov & Hutter 2019).
 */
export function adam(
  count: i32, parameters: usize, gradients: usize, mean: usize, square: usize,
  scale: f32, step: f32, correction: f32, beta1: f32, beta2: f32, epsilon: f32, coupled: f32, decoupled: f32,
): void {
  const keep1 = splat(beta1), take1 = splat(<f32>1 - beta1);
  const keep2 = splat(beta2), take2 = splat(<f32>1 - beta2);
  const shrink = splat(<f32>1 - decoupled);
  // The last vector may reach past the end: parameter blocks are padded to whole vectors with zeros.
  for (let i = 0; i < count; i += 4) {
    const p = v128.load(parameters);
    const g = madd(splat(coupled), p, f32x4.mul(v128.load(gradients), splat(scale)));
    const m = settle(madd(keep1, v128.load(mean), f32x4.mul(take1, g)), NEGLIGIBLE);
    const v = settle(madd(keep2, v128.load(square), f32x4.mul(take2, f32x4.mul(g, g))), SUBNORMAL);
    v128.store(mean, m);
    v128.store(square, v);
    const denominator = madd(f32x4.sqrt(v), splat(correction), splat(epsilon));
    const change = f32x4.div(f32x4.mul(splat(step), m), denominator);
    v128.store(parameters, f32x4.sub(f32x4.mul(p, shrink), change));
    parameters += 16;
    gradients += 16;
    mean += 16;
    square += 16;
  }
}

/** RMSprop. `inside` ≠ 0 puts ε under the root (TensorFlow's form, the one the A2C results were made with). */
export function rmsprop(
  count: i32, parameters: usize, gradients: usize, square: usize,
  scale: f32, rate: f32, alpha: f32, epsilon: f32, inside: i32,
): void {
  for (let i = 0; i < count; i += 4) {
    const g = f32x4.mul(v128.load(gradients), splat(scale));
    const taken = f32x4.mul(splat(<f32>1 - alpha), f32x4.mul(g, g));
    const v = settle(madd(splat(alpha), v128.load(square), taken), SUBNORMAL);
    v128.store(square, v);
    const root = inside
      ? f32x4.sqrt(f32x4.add(v, splat(epsilon)))
      : f32x4.add(f32x4.sqrt(v), splat(epsilon));
    const change = f32x4.div(f32x4.mul(splat(rate), g), root);
    v128.store(parameters, f32x4.sub(v128.load(parameters), change));
    parameters += 16;
    gradients += 16;
    square += 16;
  }
}
