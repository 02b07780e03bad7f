/** The adaptive KL coefficient of RLHF: a proportional controller in log space that holds the divergence near a target. */

import { checkArguments, finiteNumber, notNegativeNumber, positiveNumber } from "../../arguments/checks.ts";

export interface KlControl {
  /** The KL divergence measured since the last change, in nats a completion. */
  readonly kl: number;
  /** What it should be, above 0 (6 in Ziegler et al. 2019). */
  readonly target: number;
  /** Completions since the last change. */
  readonly steps: number;
  /** Completions over which the coefficient changes by a factor of about e at a lasting error of 1 (10,000 there). */
  readonly horizon: number;
}

/** The error counts up to this size. */
const LARGEST_ERROR = 0.2;

const checks = {
  coefficient: positiveNumber,
  kl: finiteNumber,
  target: positiveNumber,
  steps: notNegativeNumber,
  horizon: positiveNumber,
};

/**
 * β (1 + clip(kl/target − 1, ±0.2) · steps/horizon) (Ziegler et al. 2019, section 2.2).
 *
 * @throws AscentError "option" for numbers out of range.
 */
export function nextKlCoefficient(coefficient: number, control: KlControl): number {
  const { kl, target, steps, horizon } = control ?? {};
  checkArguments("nextKlCoefficient", checks, { coefficient, kl, target, steps, horizon });
  const error = Math.min(Math.max(kl / target - 1, -LARGEST_ERROR), LARGEST_ERROR);
  return coefficient * (1 + (error * steps) / horizon);
}
