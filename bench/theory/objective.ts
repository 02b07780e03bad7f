/** Picture for docs/theory.md, 1 to 6: the objective of a bandit of two arms, its gradient, and REINFORCE's estimates of it. */

import type { Picture } from "../../src/charts/index.ts";
import { policyGradient, totalReturn } from "../../src/estimators/index.ts";
import {
  bandit,
  exactGradient,
  objective,
  sampleTrajectories,
  tabularSoftmax,
  trajectoryScores,
} from "../../src/mdp/index.ts";
import { RandomStream } from "../../src/random/index.ts";
import { quantile } from "./quantile.ts";

const rewards = [1, 0];
const world = bandit(rewards);
const model = tabularSoftmax(world.states, world.actions);

/** Logits of the two arms; the second state is the end. */
const logits = (first: number, second: number) => Float64Array.of(first, second, 0, 0);

/** J and ∂J/∂θ of the two arms at logits θ. */
export function banditGradient(first: number, second: number): { objective: number; gradient: [number, number] } {
  const theta = logits(first, second);
  const [one, two] = exactGradient(world, model, theta);
  return { objective: objective(world, model.policy(theta)), gradient: [one, two] };
}

/** ĝ₁ at θ = 0 from N episodes, without a baseline. */
function estimate(episodes: number, random: RandomStream): number {
  const theta = logits(0, 0);
  const drawn = sampleTrajectories(world, model.policy(theta), episodes, random);
  const weights = new Float64Array(drawn.rewards.length);
  totalReturn(drawn, 1, weights);
  const out = new Float64Array(model.parameterCount);
  policyGradient(trajectoryScores(drawn, model, theta), weights, drawn.offsets, out);
  return out[0];
}

export function objectivePicture(): Picture {
  const random = new RandomStream(1, 1024);
  const x = Array.from({ length: 121 }, (_, i) => -3 + i / 20);
  const at = banditGradient(0, 0);
  const slope = at.gradient[0];
  const sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256];
  const estimates = sizes.map((n) => Array.from({ length: 400 }, () => estimate(n, random)).sort((a, b) => a - b));
  return {
    title: "A bandit of two arms: J, its gradient, and estimates of it",
    subtitle: "softmax over logits θ₁, θ₂; arm 1 pays 1, arm 2 pays 0",
    panels: [
      {
        kind: "lines",
        title: "The objective along θ₁",
        x: { label: "θ₁ (θ₂ = 0)", range: [-3, 3] },
        y: { label: "J(θ)", range: [0, 1] },
        series: [
          { name: "J", x, y: x.map((theta) => banditGradient(theta, 0).objective) },
          { name: "tangent at θ = 0", x: [-2, 2], y: [-2, 2].map((d) => at.objective + slope * d), dashed: true },
        ],
        notes: [{ text: `slope ∂J/∂θ₁ = ${slope}`, x: 0.15, y: 0.44 }],
        marks: [{ label: "", x: 0, y: at.objective }],
      },
      {
        kind: "lines",
        title: "REINFORCE's estimate of ∂J/∂θ₁ at θ = 0",
        x: { label: "episodes of an estimate", scale: "log", ticks: sizes },
        y: { label: "ĝ₁: mean and middle 90 % of 400 estimates" },
        series: [
          {
            name: "REINFORCE",
            x: sizes,
            y: estimates.map((list) => list.reduce((a, b) => a + b, 0) / list.length),
            low: estimates.map((list) => quantile(list, 0.05)),
            high: estimates.map((list) => quantile(list, 0.95)),
            drawn: "both",
            style: 2,
            unnamed: true,
          },
        ],
        levels: [{ value: slope, label: `exact: ${slope}` }],
      },
    ],
    names: "above",
  };
}
