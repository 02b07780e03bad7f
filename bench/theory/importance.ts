/** Picture for docs/theory.md, 14: how the weights of whole trajectories spread with their length. */

import type { Picture } from "../../src/charts/index.ts";
import { weightVarianceOnWorld } from "../../src/cli/weightVariance.ts";

export const WORLD = "random-mdp:3";

export function importancePicture(): Picture {
  const rows = weightVarianceOnWorld(WORLD, 0, [1, 2, 4, 8, 16, 32, 64], 4096);
  const steps = rows.map((row) => row.steps);
  const x = { label: "steps of a trajectory, T", ticks: [1, 8, 16, 32, 64] };
  return {
    title: "Weights Π ρ of whole trajectories: their variance grows exponentially with the steps",
    subtitle: `${WORLD}, log π′ − log π normal with σ = ½; 4,096 trajectories`,
    panels: [
      {
        kind: "lines",
        title: "Variance of the weights",
        x,
        y: { label: "Var[Π ρ]", scale: "log" },
        series: [
          { name: "exact", x: steps, y: rows.map((row) => row.exact), drawn: "both" },
          {
            name: "measured: the rare large weights are never met",
            x: steps,
            y: rows.map((row) => row.measured),
            drawn: "both",
          },
        ],
      },
      {
        kind: "lines",
        title: "What is left of the batch",
        x,
        y: { label: "effective share of the trajectories, (Σw)²/(N Σw²)", range: [0, 1] },
        series: [
          {
            name: "effective share",
            x: steps,
            y: rows.map((row) => row.effectiveShare),
            drawn: "both",
            style: 2,
            unnamed: true,
          },
        ],
      },
    ],
    names: "above",
  };
}
