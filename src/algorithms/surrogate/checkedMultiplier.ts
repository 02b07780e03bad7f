/** The rules of multiplier.ts as a public function: the same, with its arguments looked at first. */

import {
  aNumber,
  checkArguments,
  checkOptions,
  notNegativeNumber,
  type OptionChecks,
  oneOf,
  positiveNumber,
} from "../../arguments/checks.ts";
import { type MultiplierOptions, nextMultiplier as unchecked } from "./multiplier.ts";

const multiplierOptions: OptionChecks<MultiplierOptions> = {
  klRule: oneOf(["adaptive", "fixed", "dual"]),
  klTarget: positiveNumber,
  klRate: notNegativeNumber,
};

/**
 * β for the next update, from the one that was used and the KL of the whole update, at most 1e6. adaptive: halved below d / 1.5,
 * doubled above 1.5 d, and at least 1e-6 (Schulman et al. 2017, section 4; docs/theory.md, 23). dual: max(0, β + α (KL − δ))
 * (docs/theory.md, 21). fixed: as it is.
 *
 * @param coefficient β ≥ 0
 * @param kl in nats
 */
export function nextMultiplier(coefficient: number, kl: number, options: MultiplierOptions): number {
  checkArguments("nextMultiplier", { coefficient: notNegativeNumber, kl: aNumber }, { coefficient, kl });
  checkOptions("nextMultiplier", multiplierOptions, options);
  return unchecked(coefficient, kl, options);
}
