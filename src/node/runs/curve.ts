/** The learning curve of a run's folder, as a picture file and as text. */
import { environmentSpec, listEnvironments } from "../../envs/registry.ts";
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
  const known = listEnvironments().some(({ id }) => id === env);
  const threshold = known ? environmentSpec(env).rewardThreshold : undefined;
  return {
    title: `${algorithm} on ${env}, seed ${seed}`,
    xLabel: "environment steps",
    yLabel: "episode return, mean of the last 100 episodes",
    series: [{ name: algorithm, ...readFigure(folder, "episodeReturn") }],
    ...(threshold !== undefined && { threshold }),
  };
}
