/** Picture for docs/theory.md, 13: a Gaussian policy, and its scores by the mean and by log σ, from the library's own gradient. */

import type { Picture } from "../../src/charts/index.ts";
import { gaussian } from "../../src/distributions/gaussian.ts";
import { compile, createEngine, grad, input, sum } from "../../src/tensor/index.ts";

export interface GaussianScores {
  logProb: number;
  byMean: number;
  byLogStd: number;
}

/** log π(a), ∂ log π/∂μ and ∂ log π/∂ log σ for each action. */
export async function gaussianScores(actions: readonly number[], mean: number, std: number): Promise<GaussianScores[]> {
  const rows = actions.length;
  const [action, mu, logStd] = ["action", "mean", "logStd"].map((name) => input(name, [rows, 1]));
  const logProb = gaussian(mu, logStd).logProb(action);
  const [byMean, byLogStd] = grad(sum(logProb), [mu, logStd]);
  const engine = await createEngine();
  const program = compile(engine, { name: "scores", outputs: { logProb, byMean, byLogStd } });
  program.input("action").set(actions);
  program.input("mean").fill(mean);
  program.input("logStd").fill(Math.log(std));
  program.run();
  const [values, first, second] = ["logProb", "byMean", "byLogStd"].map((name) => program.output(name));
  return actions.map((_, i) => ({ logProb: values[i], byMean: first[i], byLogStd: second[i] }));
}

export async function gaussianPicture(): Promise<Picture> {
  const [mean, std] = [0.2, 0.5];
  const x = Array.from({ length: 161 }, (_, i) => -1.8 + i / 40);
  const scores = await gaussianScores(x, mean, std);
  const levels = [{ value: mean, label: "μ", axis: "x" as const }];
  const action = { label: "action a", range: [-1.8, 2.2] as const };
  return {
    title: "A Gaussian policy and its scores: μ = 0.2, σ = 0.5",
    subtitle:
      "A rewarded action moves μ towards itself, and σ up when it is more than σ away from μ, down when it is nearer",
    panels: [
      {
        kind: "lines",
        title: "Density",
        x: action,
        y: { label: "π(a)", range: [0, 0.9] },
        series: [{ name: "π(a)", x, y: scores.map(({ logProb }) => Math.exp(logProb)), unnamed: true }],
        levels,
      },
      {
        kind: "lines",
        title: "Scores",
        x: action,
        y: { label: "derivative of log π(a)", range: [-8, 12] },
        series: [
          { name: "by μ: (a − μ)/σ²", x, y: scores.map(({ byMean }) => byMean), style: 1 },
          { name: "by log σ: z² − 1", x, y: scores.map(({ byLogStd }) => byLogStd), style: 2 },
        ],
        levels: [{ value: 0, label: "" }],
      },
    ],
    names: "above",
  };
}
