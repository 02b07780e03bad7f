/** The feed-forward part's activations by the description's names, as graph code. */

import { activation } from "../../nn/activations.ts";
import type { Tensor } from "../../tensor/graph.ts";
import { abs, add, exp, less, mul, neg, reciprocal, square, sub, where } from "../../tensor/ops/elementwise.ts";
import type { LanguageModelDescription } from "./description.ts";

/** Of erfc(z) ≈ t · exp(−z² + Σ cᵢ tⁱ), t = 1 / (1 + z / 2), z ≥ 0: relative error below 1.2e-7 (Press et al., Numerical Recipes, 6.2). */
const ERFC = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
];

/** x · Φ(x), with the normal distribution's own Φ. */
function gelu(x: Tensor): Tensor {
  const z = mul(abs(x), Math.SQRT1_2);
  const t = reciprocal(add(mul(z, 0.5), 1));
  let polynomial: Tensor = add(mul(t, ERFC[9]), ERFC[8]);
  for (let i = 7; i >= 0; i--) polynomial = add(mul(polynomial, t), ERFC[i]);
  const tail = mul(mul(t, exp(add(neg(square(z)), polynomial))), 0.5);
  return mul(x, where(less(x, 0), tail, sub(1, tail)));
}

export const activations: Readonly<Record<LanguageModelDescription["activation"], (x: Tensor) => Tensor>> = {
  gelu,
  geluTanh: activation("gelu"),
  silu: activation("silu"),
};
