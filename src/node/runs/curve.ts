/** The learning curve of a run's folder, as a picture file and as text. */
import { environmentSpec, listEnvironments } from "../../envs/environmentRegistry.ts";
import { algorithmNamed } from "../../training/train.ts";
import { writeFileAtomic } from "../atomic.ts";
import { type LearningCurve, learningCurveSvg } from "../charts.ts";
import { learningCurveText, type TextChartSize } from "../textChart.ts";
import type { RunConfig } from "./config.ts";
import { pathsIn } from "./folder.ts";
import { readFigure } from "./recorder.ts";

/** Writes learning-curve.svg from progress.csv. */
export async function writeCurve(folder: string, config: RunConfig): Promise<void> {
  writeFileAtomic(pathsIn(folder).curve, await learningCurveSvg(curveOf(folder, config)));
}

export function curveText(folder: string, config: RunConfig, size?: TextChartSize): Promise<string> {
  return learningCurveText(curveOf(folder, config), size);
}

function curveOf(folder: string, { algorithm, env, seed }: RunConfig): LearningCurve {
  const { unit, curves } = algorithmNamed(algorithm);
  const drawable = curves.map((curve) => ({ ...curve, points: readFigure(folder, curve.figure) }));
  const { figure, label, points } = drawable.find(({ points }) => points.y.some(Number.isFinite)) ?? drawable[0];
  const known = figure === "episodeReturn" && listEnvironments().some(({ id }) => id === env);
  const threshold = known ? environmentSpec(env).rewardThreshold : undefined;
  return {
    title: `${algorithm} on ${env}, seed ${seed}`,
    xLabel: unit,
    yLabel: label,
    series: [{ name: algorithm, ...points }],
    ...(threshold !== undefined && { threshold }),
  };
}
