/**
 * Moments of H = Σ_t d^t ∇log π_t (w_t − b(s_t)) over one trajectory, where w_t = c_t + κ w_{t+1}: the reward to go (c = r, κ = γ) and
 * GAE (c = δ, κ = γλ), for estimatorMoments.ts. With primes for what follows, w = c + κ w' and H = ∇log π (w − b) + d H', so
 * E w, E w², E H, E H w and E H² of every state follow from those one step later.
 */

import type { TabularMdp } from "./tabularMdp.ts";

export interface SampledWorld {
  readonly mdp: TabularMdp;
  /** π(a|s) [states × actions] */
  readonly policy: Float64Array;
  /** ∇log π(a|s) [states × actions × parameters] */
  readonly scores: Float64Array;
  readonly horizon: number;
}

export interface WeightRecursion {
  /** V(s) [states], for δ = r + γ V(s') − V(s); read where `isAdvantage`. */
  values: Float64Array;
  isAdvantage: boolean;
  /** κ */
  decay: number;
  /** b(s) [states] */
  baseline: Float64Array;
  /** d */
  discount: number;
}

/** E H and E H² componentwise [parameters]. */
export function weightMoments(
  { mdp, policy, scores, horizon }: SampledWorld,
  { values, isAdvantage, decay, baseline, discount }: WeightRecursion,
): { mean: Float64Array; squares: Float64Array } {
  const { states, actions, transition, reward, gamma, terminal, start } = mdp;
  const width = scores.length / (states * actions);
  // [states], and [states × parameters]; all 0 behind the end.
  let later = empty(states, width);
  for (let t = horizon - 1; t >= 0; t--) {
    const now = empty(states, width);
    const following = new Float64Array(width);
    const product = new Float64Array(width);
    const square = new Float64Array(width);
    for (let s = 0; s < states; s++) {
      if (terminal[s] !== 0) continue;
      for (let pair = s * actions; pair < (s + 1) * actions; pair++) {
        if (policy[pair] === 0) continue;
        let [w, w2] = [0, 0];
        following.fill(0);
        product.fill(0);
        square.fill(0);
        for (let next = 0; next < states; next++) {
          const probability = transition[pair * states + next];
          if (probability === 0) continue;
          const behind = t === horizon - 1 || terminal[next] !== 0 ? 0 : values[next];
          const c = isAdvantage ? reward[pair] + gamma * behind - values[s] : reward[pair];
          w += probability * (c + decay * later.w[next]);
          w2 += probability * (c * c + 2 * c * decay * later.w[next] + decay * decay * later.w2[next]);
          for (let j = 0, at = next * width; j < width; j++, at++) {
            following[j] += probability * later.h[at];
            product[j] += probability * (c * later.h[at] + decay * later.hw[at]);
            square[j] += probability * later.h2[at];
          }
        }
        const b = baseline[s];
        const p = policy[pair];
        now.w[s] += p * w;
        now.w2[s] += p * w2;
        for (let j = 0, at = s * width; j < width; j++, at++) {
          const score = scores[pair * width + j];
          now.h[at] += p * (score * (w - b) + discount * following[j]);
          now.hw[at] += p * (score * (w2 - b * w) + discount * product[j]);
          now.h2[at] +=
            p *
            (score * score * (w2 - 2 * b * w + b * b) +
              2 * score * discount * (product[j] - b * following[j]) +
              discount * discount * square[j]);
        }
      }
    }
    later = now;
  }
  return { mean: overStart(start, later.h, width), squares: overStart(start, later.h2, width) };
}

function empty(states: number, width: number) {
  const [w, w2] = [new Float64Array(states), new Float64Array(states)];
  const [h, hw, h2] = [0, 1, 2].map(() => new Float64Array(states * width));
  return { w, w2, h, hw, h2 };
}

/** Σ_s p(s₁ = s) rows_s of rows [states × width]. */
export function overStart(start: Float64Array, rows: Float64Array, width: number): Float64Array {
  const out = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) out[i % width] += start[Math.floor(i / width)] * rows[i];
  return out;
}
