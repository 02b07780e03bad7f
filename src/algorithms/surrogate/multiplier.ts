/**
 * How the weight β of a KL penalty changes from update to update, as pure rules on (β, measured KL).
 */

export type MultiplierRule = "adaptive" | "fixed" | "dual";

export interface MultiplierOptions {
  klRule: MultiplierRule;
  /** The KL aimed at: d of PPO, δ of TRPO. */
  klTarget: number;
  /** α of the dual ascent. */
  klRate: number;
}

/**
 * β for the next update. adaptive: halved below d / 1.5, doubled above 1.5 d (Schulman et al. 2017, section 4; theory 23).
 * dual: max(0, β + α (KL − δ)), gradient ascent on the Lagrangian's multiplier (theory 21). fixed: as it is.
 */
export function nextMultiplier(
  coefficient: number,
  kl: number,
  { klRule, klTarget, klRate }: MultiplierOptions,
): number {
  if (klRule === "dual") return Math.max(0, coefficient + klRate * (kl - klTarget));
  if (klRule === "fixed") return coefficient;
  if (kl < klTarget / 1.5) return coefficient / 2;
  return kl > klTarget * 1.5 ? coefficient * 2 : coefficient;
}
