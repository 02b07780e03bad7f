/**
 * Pictures for docs/theory.md, 18 to 21: the natural gradient beside the plain one within a trust region, and what the
 * penalty of the theory guarantees beside what really happens. Exact worlds throughout.
 */

import type { Picture } from "../../src/charts/index.ts";
import {
  chain,
  comparePenaltyStep,
  discountedStateWeights,
  exactGradient,
  fisherMatrix,
  meanKl,
  normalised,
  objective,
  type PenaltyComparison,
  type PolicyModel,
  performanceLowerBound,
  quadraticForm,
  softmaxOfLogits,
  solve,
  surrogateObjective,
  tabularSoftmax,
} from "../../src/mdp/index.ts";

const DELTA = 0.1;
const corridor = chain({ length: 5, gamma: 0.9, slip: 0.1 });

/** Two parameters: the logit of going right in the first two places, and in the next two, three times as strong. */
const twoParameters: PolicyModel = softmaxOfLogits({
  states: 5,
  actions: 2,
  parameterCount: 2,
  logits: ([near, far]) => Float64Array.of(0, near, 0, near, 0, 3 * far, 0, 3 * far, 0, 0),
});

/** The step of length √(2δ / gᵀF⁻¹g) along F⁻¹g from θ = 0, the plain step of the same length in F, and both gains in η. */
export function naturalAndPlainStep() {
  const theta = new Float64Array(2);
  const policy = twoParameters.policy(theta);
  const weights = normalised(discountedStateWeights(corridor, policy));
  const gradient = exactGradient(corridor, twoParameters, theta);
  const fisher = fisherMatrix(twoParameters, theta, weights);
  const natural = solve(fisher, gradient);
  const scaled = (direction: Float64Array) => {
    const length = Math.sqrt((2 * DELTA) / quadraticForm(direction, fisher));
    return direction.map((part) => length * part);
  };
  const kl = (step: Float64Array) => meanKl(policy, twoParameters.policy(step), 2, weights);
  const gain = (step: Float64Array) => objective(corridor, twoParameters.policy(step)) - objective(corridor, policy);
  const [plainStep, naturalStep] = [scaled(gradient), scaled(natural)];
  return { fisher, kl, gain, plainStep, naturalStep };
}

/** Where KL, or its second order, is δ: a closed curve around θ = 0. */
function contour(level: (step: Float64Array) => number): { x: number[]; y: number[] } {
  const angles = Array.from({ length: 121 }, (_, i) => (2 * Math.PI * i) / 120);
  const points = angles.map((angle) => {
    const along = (length: number) => Float64Array.of(length * Math.cos(angle), length * Math.sin(angle));
    let [inside, outside] = [0, 20];
    for (let k = 0; k < 50; k++) {
      const middle = (inside + outside) / 2;
      if (level(along(middle)) < DELTA) inside = middle;
      else outside = middle;
    }
    return along(inside);
  });
  return { x: points.map(([first]) => first), y: points.map(([, second]) => second) };
}

export function naturalPicture(): Picture {
  const { fisher, kl, gain, plainStep, naturalStep } = naturalAndPlainStep();
  const said = (name: string, step: Float64Array) => `${name}: η + ${gain(step).toFixed(3)}`;
  return {
    title: "A trust region of two parameters: the natural gradient uses its whole width",
    subtitle: `corridor of 5 places; θ₂ acts three times as strongly as θ₁; KL ≤ ${DELTA} around θ = 0. Both steps end on the ellipse`,
    panels: [
      {
        kind: "lines",
        x: { label: "θ₁" },
        y: { label: "θ₂" },
        series: [
          { name: `mean KL = ${DELTA}, exactly`, ...contour(kl), style: 0 },
          {
            name: `½ ΔᵀFΔ = ${DELTA}`,
            ...contour((step) => 0.5 * quadraticForm(step, fisher)),
            style: 1,
            dashed: true,
          },
        ],
        notes: [
          { text: "", x: plainStep[0], y: plainStep[1], from: [0, 0], style: 3 },
          { text: "", x: naturalStep[0], y: naturalStep[1], from: [0, 0], style: 2 },
          { text: said("gradient", plainStep), x: 0.4 * plainStep[0], y: 0.55 * plainStep[1], anchor: "end" },
          { text: said("natural gradient", naturalStep), x: 0.62 * naturalStep[0], y: 0.48 * naturalStep[1] },
        ],
      },
    ],
    names: "beside",
    height: 460,
  };
}

const table = tabularSoftmax(5, 2);

/** The step of the penalty C beside the trust region's, δ = 0.01, from the uniform policy. */
export function penaltyComparison(): PenaltyComparison {
  return comparePenaltyStep(corridor, table, new Float64Array(10));
}

export function boundPicture(): Picture {
  const { direction, penaltyStep, trustRegionStep } = penaltyComparison();
  const policy = table.policy(new Float64Array(10));
  const along = (length: number) => table.policy(direction.map((part) => length * part));
  const eta = objective(corridor, policy);
  const gains = (lengths: readonly number[]) =>
    lengths.map((length) => {
      const moved = along(length);
      return {
        x: length,
        eta: objective(corridor, moved) - eta,
        surrogate: surrogateObjective(corridor, policy, moved) - eta,
        bound: performanceLowerBound(corridor, policy, moved) - eta,
      };
    });
  const panel = (title: string, until: number, low: number, high: number) => {
    const points = gains(Array.from({ length: 121 }, (_, i) => (until * i) / 120));
    const x = points.map((point) => point.x);
    return {
      kind: "lines" as const,
      title,
      x: { label: "length β of the step β F⁻¹g", range: [0, until] as const },
      y: { label: "gain over η(π)", range: [low, high] as const },
      series: [
        { name: "η(π̃) − η(π)", x, y: points.map((point) => point.eta) },
        { name: "surrogate L − η(π)", x, y: points.map((point) => point.surrogate), dashed: true },
        { name: "bound L − C max KL − η(π)", x, y: points.map((point) => point.bound) },
      ],
    };
  };
  const { length: small, improvement } = penaltyStep;
  const { length: large, improvement: whole } = trustRegionStep;
  return {
    title: "What the penalty guarantees, and what the trust region does",
    subtitle: `corridor of 5 places, γ = 0.9, from the uniform policy. Left: the bound is best at β = ${small.toPrecision(2)}, a gain of ${improvement.toPrecision(2)}. Right: KL ≤ 0.01 allows β = ${large.toPrecision(2)}, a gain of ${whole.toPrecision(2)}, where the bound is far below 0`,
    panels: [
      {
        ...panel("Near: where the bound rises", 2.2 * small, -improvement, 2.4 * improvement),
        levels: [{ value: small, label: "penalty", axis: "x" }],
      },
      {
        ...panel("Far: 100 times as long", 1.2 * large, -whole, 1.4 * whole),
        levels: [{ value: large, label: "trust region", axis: "x" }],
      },
    ],
    names: "above",
  };
}
