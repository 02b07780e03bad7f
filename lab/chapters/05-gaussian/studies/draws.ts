/**
 * Scores of actions drawn from a Gaussian policy: their mean is 0, and their variance known, 1/σ² by μ and 2 by log σ
 * (docs/theory.md, 2, 13).
 */
import { type Estimate, gradientDiagnostics, type MeanInterval, meanInterval } from "ascent-rl/estimators";
import { RandomStream, streams } from "ascent-rl/random";
import type { Study } from "../../../studies/study.ts";
import { type GaussianProgram, gaussianProgram } from "../gaussianProgram.ts";

export interface DrawsInput {
  mean: number;
  std: number;
  seed: number;
}

export interface ScoreEstimate {
  /** Of the actions drawn; exactly it is 0. */
  mean: MeanInterval;
  variance: Estimate;
  exactVariance: number;
}

export interface DrawsOutput {
  count: number;
  byMean: ScoreEstimate;
  byLogStd: ScoreEstimate;
}

const CHUNK = 1_000;
const COUNTS = [1_000, 10_000];

let made: Promise<GaussianProgram> | undefined;

export const study: Study<DrawsInput, DrawsOutput> = async function* ({ mean, std, seed }) {
  made ??= gaussianProgram([CHUNK]).then(([program]) => program);
  const run = await made;
  const random = new RandomStream(seed, streams.user);
  const [byMean, byLogStd]: number[][] = [[], []];
  for (const count of COUNTS) {
    while (byMean.length < count) {
      const drawn = Float64Array.from({ length: CHUNK }, () => mean + std * random.normal());
      const found = run(drawn, mean, std);
      byMean.push(...found.byMean);
      byLogStd.push(...found.byLogStd);
    }
    yield { count, byMean: estimateOf(byMean, 1 / (std * std)), byLogStd: estimateOf(byLogStd, 2) };
  }
};

function estimateOf(scores: readonly number[], exactVariance: number): ScoreEstimate {
  return {
    mean: meanInterval(scores),
    variance: gradientDiagnostics(scores, 1).traceOfCovariance,
    exactVariance,
  };
}
