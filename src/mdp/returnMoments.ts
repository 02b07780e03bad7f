/**
 * Moments of G R − B over one trajectory, with the score sum G = Σ_t ∇log π_t, the return R = Σ_t γ^t r_t and a baseline's part
 * B = Σ_t ∇log π_t b(s_t): what the total return's estimators are made of, for estimatorMoments.ts. With primes for what
 * follows, G = ∇log π + G', R = r + γ R' and B = ∇log π b + B'; moments up to the second in each follow backwards in time.
 */

import type { SampledWorld } from "./weightMoments.ts";
import { overStart } from "./weightMoments.ts";

export interface ReturnMoments {
  /** E[G R − B] = ∇J [parameters] */
  readonly mean: Float64Array;
  /** E[(G R − B)²] */
  readonly squares: Float64Array;
  /** E[G²] */
  readonly scoreSquares: Float64Array;
  /** E[G² R] */
  readonly scoreSquareReturns: Float64Array;
  /** E[R] and E[R²] */
  readonly returns: number;
  readonly returnSquares: number;
}

/** What is kept for each state and parameter: E of these products. */
const PRODUCTS = ["g", "gr", "gr2", "g2", "g2r", "g2r2", "b", "br", "gb", "gbr", "b2"] as const;
type Moments = Record<(typeof PRODUCTS)[number], Float64Array> & { r: Float64Array; r2: Float64Array };

/** @param baseline b(s) [states] */
export function returnMoments(world: SampledWorld, baseline: Float64Array): ReturnMoments {
  const { mdp, policy, scores, horizon } = world;
  const { states, actions, transition, reward, gamma, terminal, start } = mdp;
  const width = scores.length / (states * actions);
  // Without one, what it is multiplied with stays 0.
  const hasBaseline = baseline.some((b) => b !== 0);
  const products = hasBaseline ? PRODUCTS : PRODUCTS.slice(0, 6);
  let later = empty(states, width);
  const next = empty(1, width);
  for (let t = horizon - 1; t >= 0; t--) {
    const now = empty(states, width);
    for (let s = 0; s < states; s++) {
      if (terminal[s] !== 0) continue;
      const b = baseline[s];
      for (let pair = s * actions; pair < (s + 1) * actions; pair++) {
        const p = policy[pair];
        if (p === 0) continue;
        average(later, transition.subarray(pair * states, (pair + 1) * states), width, products, next);
        const r = reward[pair];
        // Of 1, R and R², whatever they are multiplied with: x₁ ↦ r x + γ x₁, x₂ ↦ r² x + 2 r γ x₁ + γ² x₂.
        const once = (x: number, x1: number) => r * x + gamma * x1;
        const twice = (x: number, x1: number, x2: number) => r * r * x + 2 * r * gamma * x1 + gamma * gamma * x2;
        const e1 = once(1, next.r[0]);
        const e2 = twice(1, next.r[0], next.r2[0]);
        now.r[s] += p * e1;
        now.r2[s] += p * e2;
        for (let j = 0, at = s * width; j < width; j++, at++) {
          const score = scores[pair * width + j];
          const [g, b0] = [next.g[j], next.b[j]];
          const g1 = once(g, next.gr[j]);
          const g2 = twice(g, next.gr[j], next.gr2[j]);
          const q1 = once(next.g2[j], next.g2r[j]);
          const q2 = twice(next.g2[j], next.g2r[j], next.g2r2[j]);
          const b1 = once(b0, next.br[j]);
          now.g[at] += p * (score + g);
          now.gr[at] += p * (score * e1 + g1);
          now.gr2[at] += p * (score * e2 + g2);
          now.g2[at] += p * (score * score + 2 * score * g + next.g2[j]);
          now.g2r[at] += p * (score * score * e1 + 2 * score * g1 + q1);
          now.g2r2[at] += p * (score * score * e2 + 2 * score * g2 + q2);
          if (!hasBaseline) continue;
          now.b[at] += p * (score * b + b0);
          now.br[at] += p * (score * b * e1 + b1);
          now.gb[at] += p * (score * score * b + score * b0 + score * b * g + next.gb[j]);
          now.gbr[at] += p * (score * score * b * e1 + score * b1 + score * b * g1 + once(next.gb[j], next.gbr[j]));
          now.b2[at] += p * (score * score * b * b + 2 * score * b * b0 + next.b2[j]);
        }
      }
    }
    later = now;
  }
  const of = (rows: Float64Array) => overStart(start, rows, width);
  const [gr, b, g2r2, gbr, b2] = [of(later.gr), of(later.b), of(later.g2r2), of(later.gbr), of(later.b2)];
  return {
    mean: gr.map((value, j) => value - b[j]),
    squares: g2r2.map((value, j) => value - 2 * gbr[j] + b2[j]),
    scoreSquares: of(later.g2),
    scoreSquareReturns: of(later.g2r),
    returns: overStart(start, later.r, 1)[0],
    returnSquares: overStart(start, later.r2, 1)[0],
  };
}

/** Over the states that follow, written to `out`. */
function average(
  from: Moments,
  probabilities: Float64Array,
  width: number,
  products: readonly (typeof PRODUCTS)[number][],
  out: Moments,
): void {
  for (const key of products) out[key].fill(0);
  out.r[0] = 0;
  out.r2[0] = 0;
  for (let s = 0; s < probabilities.length; s++) {
    const probability = probabilities[s];
    if (probability === 0) continue;
    out.r[0] += probability * from.r[s];
    out.r2[0] += probability * from.r2[s];
    for (const key of products) {
      for (let j = 0; j < width; j++) out[key][j] += probability * from[key][s * width + j];
    }
  }
}

function empty(states: number, width: number): Moments {
  const each = Object.fromEntries(PRODUCTS.map((key) => [key, new Float64Array(states * width)]));
  return { ...each, r: new Float64Array(states), r2: new Float64Array(states) } as Moments;
}
