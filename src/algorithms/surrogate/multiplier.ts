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

/** Where the rules keep β: halving would end at 0, from which no doubling comes back. */
const [LEAST, MOST] = [1e-6, 1e6];

/**
 * β for the next update, at most 1e6. adaptive: halved below d / 1.5, doubled above 1.5 d (Schulman et al. 2017, section 4;
 * docs/theory.md, 23), and at least 1e-6. dual: max(0, β + α (KL − δ)), gradient ascent on the Lagrangian's multiplier
 * (docs/theory.md, 21). fixed: as it is.
 */
export function nextMultiplier(
  coefficient: number,
  kl: number,
  { klRule, klTarget, klRate }: MultiplierOptions,
): number {
  if (klRule === "dual") return Math.min(Math.max(0, coefficient + klRate * (kl - klTarget)), MOST);
  if (klRule === "fixed") return coefficient;
  const factor = kl < klTarget / 1.5 ? 0.5 : kl > klTarget * 1.5 ? 2 : 1;
  return Math.min(Math.max(coefficient * factor, LEAST), MOST);
}
