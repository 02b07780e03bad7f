/** The median rule (Golovin et al., Google Vizier, 2017): stopped is what is worse than the median of the trials before it. */

/**
 * @param own the trial's score after some seeds; `others`: those of earlier trials after as many.
 * @param number the trial's number; the first `startupTrials` all go on.
 */
export function survivesMedian(own: number, others: readonly number[], number: number, startupTrials: number): boolean {
  if (number < startupTrials || others.length === 0) return true;
  const sorted = [...others].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return own >= median;
}
