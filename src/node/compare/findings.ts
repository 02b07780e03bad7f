/**
 * What the runs of a comparison say: for each variant means over seeds, for each but the first its difference to the first, seed
 * by seed. Intervals are t intervals over seeds (numerics/meanInterval.ts), each by itself. No files, no clock.
 */
import { excludesZero, type MeanInterval, meanInterval, pairedDifference } from "../../numerics/meanInterval.ts";
import type { ComparisonPlan } from "./plan.ts";
import type { RunResult } from "./runResult.ts";

/** Of one variant in one environment, over the seeds that are finished. Bounds are NaN with one seed, all is NaN with none. */
export interface VariantFindings {
  variant: string;
  seeds: number[];
  /** Return of the evaluation at the end: most probable actions. */
  evaluation: MeanInterval;
  /** Return of the last 100 training episodes at the end: sampled actions. */
  trainingReturn: MeanInterval;
  /** Where there is a threshold: steps until the training return first was at it, over the seeds that got there. */
  stepsToThreshold?: MeanInterval;
  /** Seconds of a run, with as many others beside it as there were. */
  wallSeconds: number;
}

/** Of a variant to the first one, over the seeds that both have. */
export interface DifferenceFindings {
  variant: string;
  /** The first variant. */
  reference: string;
  /** Of the evaluations: variant − reference. */
  evaluation: PairedFinding;
  /** The same of the last 100 training episodes. */
  trainingReturn: PairedFinding;
}

export interface PairedFinding {
  difference: MeanInterval;
  excludesZero: boolean;
  /** What that means, in words. */
  verdict: string;
}

export interface EnvironmentFindings {
  environment: string;
  /** Asked for. */
  steps: number;
  threshold?: number;
  variants: VariantFindings[];
  differences: DifferenceFindings[];
}

export function findingsOf(plan: ComparisonPlan, results: readonly RunResult[]): EnvironmentFindings[] {
  return plan.environments.map(({ id, steps, threshold }) => {
    const groups = plan.variants.map(({ name }) =>
      results.filter(({ environment, variant }) => environment === id && variant === name),
    );
    const [first, ...others] = groups;
    const reference = plan.variants[0].name;
    return {
      environment: id,
      steps,
      ...(threshold !== undefined && { threshold }),
      variants: groups.map((runs, i) => variantFindings(plan.variants[i].name, runs, threshold)),
      differences: others.map((runs, i) => differenceFindings(plan.variants[i + 1].name, runs, reference, first)),
    };
  });
}

function variantFindings(variant: string, runs: readonly RunResult[], threshold: number | undefined): VariantFindings {
  const reached = runs.map(({ reachedAt }) => reachedAt).filter((steps) => steps !== undefined);
  return {
    variant,
    seeds: runs.map(({ seed }) => seed),
    evaluation: meanInterval(runs.map(({ evaluation }) => evaluation)),
    trainingReturn: meanInterval(runs.map(({ trainingReturn }) => trainingReturn).filter(Number.isFinite)),
    ...(threshold !== undefined && { stepsToThreshold: meanInterval(reached) }),
    wallSeconds: meanInterval(runs.map(({ wallSeconds }) => wallSeconds)).value,
  };
}

function differenceFindings(
  variant: string,
  runs: readonly RunResult[],
  reference: string,
  referenceRuns: readonly RunResult[],
): DifferenceFindings {
  const paired = (figure: "evaluation" | "trainingReturn"): PairedFinding => {
    const other = new Map(referenceRuns.map((run) => [run.seed, run[figure]]));
    const pairs = runs
      .map((run) => [run[figure], other.get(run.seed) ?? Number.NaN])
      .filter(([a, b]) => Number.isFinite(a - b));
    const difference = pairedDifference(
      pairs.map(([a]) => a),
      pairs.map(([, b]) => b),
    );
    return { difference, excludesZero: excludesZero(difference), verdict: verdictOn(difference) };
  };
  return { variant, reference, evaluation: paired("evaluation"), trainingReturn: paired("trainingReturn") };
}

/** What a paired difference shows, in words that claim no more than it does. */
export function verdictOn(difference: MeanInterval): string {
  const { count, low } = difference;
  if (count === 0) return "no seed that both have finished";
  if (count === 1) return "one seed shows nothing: chance is not known";
  if (!excludesZero(difference)) return `no difference shown with ${count} seeds`;
  return `${low > 0 ? "higher" : "lower"} with ${count} seeds`;
}
