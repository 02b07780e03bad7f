/**
 * Asynchronous successive halving (Li et al., A system for massively parallel hyperparameter tuning, 2020), without its later
 * promotions, as Optuna's: a trial goes on from a rung if it is among the best 1/η of those that have come to it so far, itself
 * included; of fewer than η, if it is the best.
 */

/** @param own the trial's score at the rung; `others`: those of the earlier trials that came to it. */
export function survivesHalving(own: number, others: readonly number[], eta: number): boolean {
  const places = Math.max(1, Math.floor((others.length + 1) / eta));
  const better = others.reduce((count, other) => count + (other > own ? 1 : 0), 0);
  return better < places;
}
