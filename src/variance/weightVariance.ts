/**
 * The demonstration of docs/theory.md, 14: the variance of whole-trajectory weights Π ρ_t grows exponentially with the
 * number of steps. Measured on an exact world beside its closed form.
 */

import { checkArguments, checkOptions, listOf, wholeNumber } from "../arguments/checks.ts";
import { effectiveSampleSize, importanceWeights, trajectoryLogRatios } from "../estimators/importance.ts";
import { spreadOf } from "../estimators/spread.ts";
import { mdpCheck, randomCheck, table } from "../mdp/argumentChecks.ts";
import { sampleTrajectories, type TabularMdp, trajectoryLogProb, trajectoryWeightVariance } from "../mdp/index.ts";
import type { RandomStream } from "../random/index.ts";

export interface WeightVarianceRow {
  /** T */
  readonly steps: number;
  /** Var[Π ρ], in closed form. */
  readonly exact: number;
  /** The same from the samples; too small where the rare trajectories that carry the variance were not met. */
  readonly measured: number;
  /** (Σw)²/Σw² as a share of the trajectories. */
  readonly effectiveShare: number;
}

const tableChecks = { mdp: mdpCheck, behaviour: table, target: table };
const drawChecks = {
  horizons: listOf(wholeNumber(1), "a list of whole numbers ≥ 1"),
  trajectories: wholeNumber(2),
  random: randomCheck,
};

/**
 * @param behaviour π(a|s), which acts; `target` π'(a|s), for which the weights correct [states × actions].
 * @param horizons the T, each ≥ 1
 */
export function weightVarianceByHorizon(
  mdp: TabularMdp,
  behaviour: Float64Array,
  target: Float64Array,
  options: { horizons: readonly number[]; trajectories: number; random: RandomStream },
): WeightVarianceRow[] {
  checkArguments("weightVarianceByHorizon", tableChecks, { mdp, behaviour, target });
  checkOptions("weightVarianceByHorizon", drawChecks, options);
  const { horizons, trajectories, random } = options;
  return horizons.map((steps) => {
    const drawn = sampleTrajectories(mdp, behaviour, trajectories, random, steps);
    const before = trajectoryLogProb(drawn, behaviour, mdp.actions);
    const ratios = trajectoryLogProb(drawn, target, mdp.actions).map((logProb, k) => logProb - before[k]);
    const logWeights = new Float64Array(trajectories);
    trajectoryLogRatios(drawn.offsets, ratios, logWeights);
    const weights = new Float64Array(trajectories);
    importanceWeights(logWeights, weights);
    const { squares } = spreadOf(trajectories, (i) => weights[i]);
    return {
      steps,
      exact: trajectoryWeightVariance(mdp, behaviour, target, steps),
      measured: squares / (trajectories - 1),
      effectiveShare: effectiveSampleSize(logWeights) / trajectories,
    };
  });
}
