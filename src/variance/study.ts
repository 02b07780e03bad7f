/**
 * The comparison of gradient estimators (docs/theory.md, 12): M independent batches of N trajectories, the same ones for
 * every estimator, give bias, total variance, signal-to-noise and direction, each with a 95 % interval, and the total
 * variance of smaller batches too. A pilot of further batches gives the optimal baseline, and the direction where no exact
 * one is known.
 */

import {
  callback,
  checkArgument,
  checkOptions,
  having,
  listOf,
  type OptionChecks,
  oneOf,
  optional,
  wholeNumber,
} from "../arguments/checks.ts";
import type { BootstrappedEpisodes } from "../estimators/bootstrapped.ts";
import { type GradientDiagnostics, gradientDiagnostics } from "../estimators/diagnostics.ts";
import { optimalBaseline } from "../estimators/policyGradient.ts";
import { type ReinforceWeighting, reinforceWeights } from "../estimators/reinforceWeights.ts";
import { trajectoryReturns } from "../estimators/returns.ts";
import type { Estimate } from "../numerics/jackknife.ts";
import { due, finish, givingWay, timed, type Work } from "../pauses.ts";
import { relativeBias } from "./bias.ts";
import { type EstimatorChoice, parseEstimator } from "./estimators.ts";
import { type GradientSource, sliceEpisodes } from "./source.ts";

export interface VarianceStudyOptions {
  estimators: readonly EstimatorChoice[];
  /** M ≥ 4 */
  batches: number;
  /** Default "exact": every estimator without a learned value is then unbiased for the same ∇J. */
  discounting?: ReinforceWeighting["discounting"];
  /** Called after every batch with the share that is done. */
  onProgress?: (done: number) => void;
}

export interface EstimatorFindings {
  readonly estimator: string;
  /** ‖E ĝ − ∇J‖ / ‖∇J‖; where ∇J is known. */
  readonly bias?: Estimate;
  /** Of an estimate from N trajectories. */
  readonly traceOfCovariance: Estimate;
  readonly signalToNoise: Estimate;
  /** Of one estimate to ∇J, or to the pilot's mean where that is not known. */
  readonly cosine: Estimate;
  /** Time of the weights and of the backward pass, which all estimators share. */
  readonly microsecondsPerTrajectory: number;
  /** The same of smaller batches: N/8, N/4, N/2 and N trajectories where they are whole numbers above 1. */
  readonly byTrajectories: readonly FindingsAtSize[];
}

export interface FindingsAtSize {
  readonly trajectories: number;
  readonly traceOfCovariance: Estimate;
  readonly cosine: Estimate;
  /** Where ∇J is known. Of an estimator that does not look at the other trajectories, the same for every number of them. */
  readonly bias?: Estimate;
}

export interface VarianceFindings {
  readonly source: string;
  readonly policy: string;
  readonly parameters: number;
  readonly trajectories: number;
  readonly batches: number;
  readonly discounting: ReinforceWeighting["discounting"];
  /** Whether biases and cosines are to the exact gradient. */
  readonly exact: boolean;
  /** ‖∇J‖, where it is known: a bias of b is as large an error as tr Cov = (b ‖∇J‖)². */
  readonly gradientNorm?: number;
  /** Mean undiscounted return of the episodes. */
  readonly meanReturn: number;
  readonly estimators: readonly EstimatorFindings[];
}

/** One list of weights: of an estimator, for batches of a size. */
const sourceCheck = {
  ...having("a source of gradients", "next", "trajectoryGradients", "parameters", "trajectories"),
  fix: "Make it with environmentSource or tabularSource.",
};
const choiceCheck = having("an estimator", "name", "weighting", "baseline");
const studyOptions: OptionChecks<VarianceStudyOptions> = {
  estimators: {
    ...listOf(choiceCheck, "a list of estimators"),
    fix: "Write defaultEstimators.map((name) => parseEstimator(name)).",
  },
  batches: wholeNumber(1),
  discounting: optional(oneOf(["standard", "exact"])),
  onProgress: optional(callback),
};

/** What can be done only with the right arguments, looked at before anything is drawn. */
function checkStudy(caller: string, source: GradientSource, options: VarianceStudyOptions): void {
  checkArgument(`${caller}: source`, sourceCheck, source);
  checkOptions(caller, studyOptions, options);
}

interface Column {
  choice: EstimatorChoice;
  size: number;
  milliseconds: number;
}

const ones: EstimatorChoice = { ...parseEstimator("total"), name: "ones" };
const plainTotal = parseEstimator("total");

/** @throws AscentError "shape" when there are fewer than 4 batches. */
export function varianceStudy(source: GradientSource, options: VarianceStudyOptions): VarianceFindings {
  checkStudy("varianceStudy", source, options);
  return finish(studying(source, options));
}

/** As `varianceStudy`, giving way to other work as it goes. */
export async function runVarianceStudy(
  source: GradientSource,
  options: VarianceStudyOptions,
): Promise<VarianceFindings> {
  checkStudy("runVarianceStudy", source, options);
  return givingWay(studying(source, options));
}

function* studying(source: GradientSource, options: VarianceStudyOptions): Work<VarianceFindings> {
  const { estimators, batches, discounting = "exact", onProgress } = options;
  const { trajectories, parameters } = source;
  const sizes = [1, 2, 4, 8].map((part) => trajectories / part).filter((n) => Number.isInteger(n) && n >= 2);
  if (sizes.length === 0) sizes.push(trajectories);
  const weigh = (episodes: BootstrappedEpisodes, choice: EstimatorChoice) => weightsOf(episodes, choice, discounting);

  const pilot = yield* runPilot(source, batches, weigh, (share) => onProgress?.(share / 2));
  const wantsOptimal = estimators.some(({ baseline }) => baseline === "optimal");
  const columns: Column[] = wantsOptimal ? [ones, plainTotal].map((choice) => columnOf(choice, trajectories)) : [];
  for (const choice of estimators) {
    if (choice.baseline === "optimal") continue;
    for (const size of choice.usesBatch ? sizes : [trajectories]) columns.push(columnOf(choice, size));
  }
  const each = columns.map(() => new Float64Array(trajectories * parameters));
  const optimal = wantsOptimal ? new Float64Array(trajectories * parameters) : new Float64Array(0);
  const stored = estimators.map(() =>
    sizes.map((size) => new Float32Array((batches * trajectories * parameters) / size)),
  );
  let gradientMilliseconds = 0;
  let returns = 0;
  for (let batch = 0; batch < batches; batch++) {
    const episodes = yield* source.next();
    for (let k = 0; k < episodes.rewards.length; k++) returns += episodes.rewards[k];
    const weights = columns.map((column) => {
      const begin = performance.now();
      const list = weightsInGroups(episodes, column, trajectories, weigh);
      column.milliseconds += performance.now() - begin;
      return list;
    });
    yield* timed(source.trajectoryGradients(weights, each), (milliseconds) => {
      gradientMilliseconds += milliseconds;
    });
    if (wantsOptimal) withParameterBaseline(each[1], each[0], pilot.baseline, optimal);
    estimators.forEach((choice, e) => {
      sizes.forEach((size, s) => {
        const column = columns.findIndex((c) => c.choice === choice && (!choice.usesBatch || c.size === size));
        const rows = choice.baseline === "optimal" ? optimal : each[column];
        averageGroups(rows, size, parameters, stored[e][s], (batch * trajectories * parameters) / size);
      });
    });
    onProgress?.((1 + (batch + 1) / batches) / 2);
    if (due()) yield;
  }

  const perTrajectory = 1000 / (batches * trajectories);
  const direction = source.exact ?? pilot.mean;
  const found: EstimatorFindings[] = [];
  for (const [e, choice] of estimators.entries()) {
    const bySize: GradientDiagnostics[] = [];
    for (let s = 0; s < sizes.length; s++) {
      bySize.push(gradientDiagnostics(stored[e][s], parameters, { exact: direction }));
      if (due()) yield;
    }
    const own = columns.find((c) => c.choice === choice && c.size === trajectories) ?? columns[1];
    const bias = source.exact && relativeBias(stored[e][0], source.exact);
    found.push({
      estimator: choice.name,
      ...(source.exact && { bias }),
      ...figures(bySize[0]),
      microsecondsPerTrajectory: (own.milliseconds + gradientMilliseconds) * perTrajectory,
      byTrajectories: sizes
        .map((size, s) => ({
          trajectories: size,
          traceOfCovariance: bySize[s].traceOfCovariance,
          cosine: bySize[s].cosine!,
          ...(source.exact && { bias: s === 0 ? bias : relativeBias(stored[e][s], source.exact) }),
        }))
        .reverse(),
    });
  }
  return {
    source: source.name,
    policy: source.policy,
    parameters,
    trajectories,
    batches,
    discounting,
    exact: source.exact !== undefined,
    ...(source.exact && { gradientNorm: Math.hypot(...source.exact) }),
    meanReturn: returns / (batches * trajectories),
    estimators: found,
  };
}

function columnOf(choice: EstimatorChoice, size: number): Column {
  return { choice, size, milliseconds: 0 };
}

function figures({ traceOfCovariance, signalToNoise, cosine }: GradientDiagnostics) {
  return { traceOfCovariance, signalToNoise, cosine: cosine! };
}

type WeighBatch = (episodes: BootstrappedEpisodes, choice: EstimatorChoice) => Float64Array;

function weightsOf(
  episodes: BootstrappedEpisodes,
  choice: EstimatorChoice,
  discounting: ReinforceWeighting["discounting"],
): Float64Array {
  const out = new Float64Array(episodes.rewards.length);
  if (choice === ones) return out.fill(1);
  const { weighting, baseline, gaeLambda } = choice;
  if (baseline === "optimal") throw new Error("weightsOf: the optimal baseline is not one of the weights");
  reinforceWeights(episodes, { weighting, baseline, gaeLambda, discounting }, out);
  return out;
}

/** The weights of each group of `size` trajectories by themselves, one behind the other. */
function weightsInGroups(
  episodes: BootstrappedEpisodes,
  { choice, size }: Column,
  trajectories: number,
  weigh: WeighBatch,
): Float64Array {
  if (size === trajectories) return weigh(episodes, choice);
  const out = new Float64Array(episodes.rewards.length);
  for (let begin = 0; begin < trajectories; begin += size) {
    out.set(weigh(sliceEpisodes(episodes, begin, begin + size), choice), episodes.offsets[begin]);
  }
  return out;
}

/** Batches of their own: b_j of the optimal baseline, and the mean gradient by the reward-to-go with V. */
function* runPilot(
  source: GradientSource,
  batches: number,
  weigh: WeighBatch,
  onProgress: (share: number) => void,
): Work<{ mean: Float64Array; baseline: Float64Array }> {
  const { trajectories, parameters } = source;
  const valueBaseline = parseEstimator("toGo+value");
  const scoreSums = new Float32Array(batches * trajectories * parameters);
  const returns = new Float64Array(batches * trajectories);
  const mean = new Float64Array(parameters);
  const each = [0, 1].map(() => new Float64Array(trajectories * parameters));
  for (let batch = 0; batch < batches; batch++) {
    const episodes = yield* source.next();
    yield* source.trajectoryGradients([weigh(episodes, ones), weigh(episodes, valueBaseline)], each);
    scoreSums.set(each[0], batch * trajectories * parameters);
    trajectoryReturns(episodes, episodes.gamma, returns.subarray(batch * trajectories, (batch + 1) * trajectories));
    for (let i = 0; i < each[1].length; i++) mean[i % parameters] += each[1][i] / (batches * trajectories);
    onProgress((batch + 1) / batches);
    if (due()) yield;
  }
  const baseline = new Float64Array(parameters);
  optimalBaseline(scoreSums, returns, baseline);
  return { mean, baseline };
}

/** Σ_t ∇log π_t R − b ⊙ Σ_t ∇log π_t of each trajectory. */
function withParameterBaseline(
  total: Float64Array,
  scoreSums: Float64Array,
  baseline: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < out.length; i++) out[i] = total[i] - baseline[i % baseline.length] * scoreSums[i];
}

/** Means of each `size` rows, written from `at` on. */
function averageGroups(rows: Float64Array, size: number, width: number, out: Float32Array, at: number): void {
  const count = rows.length / width;
  const sums = new Float64Array(width);
  for (let begin = 0; begin < count; begin += size) {
    sums.fill(0);
    for (let i = begin; i < begin + size; i++) for (let j = 0; j < width; j++) sums[j] += rows[i * width + j];
    for (let j = 0; j < width; j++) out[at + (begin / size) * width + j] = sums[j] / size;
  }
}
