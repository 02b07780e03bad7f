/**
 * One trust-region step of the two parameters with all it goes through, and the region itself: where the mean KL divergence is δ,
 * and the ellipse that the quadratic model takes for it (docs/theory.md, 18, 19).
 */
import { discountedStateWeights, exactTrustRegionStep, meanKl, objective, type TrustRegionStep } from "ascent-rl/mdp";
import type { Study } from "../../../studies/study.ts";
import { corridor, twoParameters } from "../twoParameters.ts";

export interface StepInput {
  /** θ */
  near: number;
  far: number;
  /** δ, in nats. */
  delta: number;
  /** α of the line search. */
  shrink: number;
}

export interface StepOutput extends TrustRegionStep {
  theta: Float64Array;
  objective: number;
  /** Points around θ, as changes of θ: (Δ₁, Δ₂) one behind the other. */
  region: Float64Array;
  ellipse: Float64Array;
}

const ANGLES = 72;
/** The divergence is looked for no farther than this: where a policy is almost certain it hardly grows. */
const FARTHEST = 12;

export const study: Study<StepInput, StepOutput> = function* ({ near, far, delta, shrink }) {
  const theta = Float64Array.of(near, far);
  const step = exactTrustRegionStep(corridor, twoParameters, theta, { delta, shrink, damping: 1e-9, tries: 15 });
  const policy = twoParameters.policy(theta);
  const weights = discountedStateWeights(corridor, policy);
  const kl = (x: number, y: number) => {
    return meanKl(policy, twoParameters.policy(Float64Array.of(near + x, far + y)), 2, weights);
  };
  const [a, b, , c] = step.fisher;
  const quadratic = (x: number, y: number) => 0.5 * (a * x * x + 2 * b * x * y + c * y * y);
  yield {
    ...step,
    theta,
    objective: objective(corridor, policy),
    region: levelLine(kl, delta),
    ellipse: levelLine(quadratic, delta),
  };
};

/** Where a function that grows away from 0 is at a level, angle by angle, by halving. */
function levelLine(of: (x: number, y: number) => number, level: number): Float64Array {
  const out = new Float64Array(2 * (ANGLES + 1));
  for (let i = 0; i <= ANGLES; i++) {
    const angle = (2 * Math.PI * i) / ANGLES;
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    let [inside, outside] = [0, FARTHEST];
    for (let k = 0; k < 28; k++) {
      const middle = (inside + outside) / 2;
      if (of(middle * x, middle * y) < level) inside = middle;
      else outside = middle;
    }
    out[2 * i] = inside * x;
    out[2 * i + 1] = inside * y;
  }
  return out;
}
