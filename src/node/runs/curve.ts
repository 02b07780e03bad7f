/**
 * The learning curve of a run's folder, as a picture file and as text. In training actions are sampled; what the policy does
 * with its most probable ones is another figure, often a much better one, and stands beside the curve once it is known.
 */
import type { AlgorithmFacts } from "../../algorithms/algorithm.ts";
import { environmentSpec, listEnvironments } from "../../envs/environmentRegistry.ts";
import { algorithmNamed } from "../../training/train.ts";
import { writeFileAtomic } from "../atomic.ts";
import { type LearningCurve, learningCurveSvg } from "../charts.ts";
import { learningCurveText, type TextChartSize } from "../textChart.ts";
import type { RunConfig } from "./config.ts";
import { pathsIn } from "./folder.ts";
import { readFigure } from "./recorder.ts";

/** Of the finished policy, with its most probable actions. */
export interface FinalEvaluation {
  /** Steps the policy had learnt for. */
  steps: number;
  episodes: number;
  mean: number;
  sd: number;
}

/** Writes learning-curve.svg from progress.csv, with the evaluation at the end once there is one. */
export async function writeCurve(folder: string, config: RunConfig, evaluation?: FinalEvaluation): Promise<void> {
  await writeFiguresCurve(folder, curveOf(folder, config, evaluation));
}

/** Writes learning-curve.svg, whatever it shows. */
export async function writeFiguresCurve(folder: string, curve: LearningCurve): Promise<void> {
  writeFileAtomic(pathsIn(folder).curve, await learningCurveSvg(curve));
}

/** The first of the figures that has numbers in progress.csv, or else the first. */
export function drawnFigure(folder: string, curves: AlgorithmFacts["curves"]) {
  const drawable = curves.map((curve) => ({ ...curve, points: readFigure(folder, curve.figure) }));
  return drawable.find(({ points }) => points.y.some(Number.isFinite)) ?? drawable[0];
}

export function curveText(folder: string, config: RunConfig, size?: TextChartSize): Promise<string> {
  return learningCurveText(curveOf(folder, config), size);
}

function curveOf(folder: string, { algorithm, env, seed }: RunConfig, evaluation?: FinalEvaluation): LearningCurve {
  const { unit, curves } = algorithmNamed(algorithm);
  const { figure, label, points } = drawnFigure(folder, curves);
  const isReturn = figure === "episodeReturn";
  const known = isReturn && listEnvironments().some(({ id }) => id === env);
  const threshold = known ? environmentSpec(env).rewardThreshold : undefined;
  return {
    title: `${algorithm} on ${env}, seed ${seed}`,
    xLabel: unit,
    yLabel: label,
    series: [{ name: isReturn ? "sampled actions" : algorithm, ...points }],
    ...(threshold !== undefined && { threshold, thresholdLabel: `${threshold}: solved` }),
    ...(isReturn && evaluation && { marks: [markOf(evaluation)] }),
  };
}

/** The mean with its 95 % interval. */
function markOf({ steps, episodes, mean, sd }: FinalEvaluation) {
  const half = (1.96 * sd) / Math.sqrt(episodes);
  const label = `most probable actions: ${Number(mean.toPrecision(4))}, mean of ${episodes} evaluation episodes`;
  return { label, x: steps, y: mean, low: mean - half, high: mean + half };
}
