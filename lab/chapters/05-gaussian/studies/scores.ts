/**
 * A Gaussian policy of one action, and its scores at one action and along the axis: the library's graph of `gaussian` and its own
 * gradient of it, in float32 as in training (docs/theory.md, 13).
 */
import type { Study } from "../../../studies/study.ts";
import { type GaussianProgram, gaussianProgram } from "../gaussianProgram.ts";

export interface ScoresInput {
  mean: number;
  std: number;
  /** The action that is looked at. */
  action: number;
  lowest: number;
  highest: number;
}

export interface ScoresOutput {
  /** Actions along the axis, and what is drawn over them. */
  actions: Float64Array;
  density: Float64Array;
  byMean: Float64Array;
  byLogStd: Float64Array;
  byStd: Float64Array;
  at: { logProb: number; density: number; byMean: number; byLogStd: number; byStd: number; entropy: number };
}

const POINTS = 241;

let made: Promise<{ axis: GaussianProgram; one: GaussianProgram }> | undefined;

export const study: Study<ScoresInput, ScoresOutput> = async function* ({ mean, std, action, lowest, highest }) {
  made ??= gaussianProgram([POINTS, 1]).then(([axis, one]) => ({ axis, one }));
  const { axis, one } = await made;
  const actions = Float64Array.from({ length: POINTS }, (_, i) => lowest + ((highest - lowest) * i) / (POINTS - 1));
  const { density, byMean, byLogStd, byStd } = axis(actions, mean, std);
  const here = one([action], mean, std);
  yield {
    ...{ actions, density, byMean, byLogStd, byStd },
    at: {
      logProb: here.logProb[0],
      density: here.density[0],
      byMean: here.byMean[0],
      byLogStd: here.byLogStd[0],
      byStd: here.byStd[0],
      entropy: here.entropy[0],
    },
  };
};
