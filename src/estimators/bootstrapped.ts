/**
 * Returns that use a value function V to look past a few rewards: n-step and TD(λ), and GAE over trajectories
 * (docs/theory.md, 11; the same over [time][environment] arrays is gae.ts). Unbiased only where V is right; λ = 1 or a large
 * n leave V out.
 */

import { checkArgument, numbers } from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import {
  type Episodes,
  type Output,
  requireEpisodes,
  requireShare,
  requireStepOutput,
  requireSteps,
  requireTrajectories,
} from "./episodes.ts";

export interface BootstrappedEpisodes extends Episodes {
  /** V(s_t) [steps] */
  readonly values: ArrayLike<number>;
  /** V of the state behind the last step [N]; read where `terminated` is 0. */
  readonly finalValues: ArrayLike<number>;
  /** 1 where the MDP ended the trajectory: the value behind is 0 [N]. */
  readonly terminated: ArrayLike<number>;
  /** γ in [0, 1] */
  readonly gamma: number;
}

/** V behind the last step of trajectory i: 0 where the MDP ended it, for nothing follows. */
export function valueBehind({ finalValues, terminated }: BootstrappedEpisodes, i: number): number {
  return terminated[i] !== 0 ? 0 : finalValues[i];
}

/** V behind the last step of each trajectory [N]. */
export function valuesBehind(episodes: BootstrappedEpisodes): Float64Array {
  requireBootstrapped("valuesBehind", episodes);
  return Float64Array.from({ length: episodes.offsets.length - 1 }, (_, i) => valueBehind(episodes, i));
}

/** @throws AscentError "shape" or "option" unless lengths and γ are usable; `what` is who reads them. */
export function requireBootstrapped(what: string, episodes: BootstrappedEpisodes): void {
  requireEpisodes(what, episodes);
  const { offsets, rewards, values, finalValues, terminated, gamma } = episodes;
  requireSteps(`${what}: rewards`, offsets, rewards);
  requireSteps(`${what}: values`, offsets, values);
  checkArgument(`${what}: final values`, numbers, finalValues);
  checkArgument(`${what}: flags of termination`, numbers, terminated);
  requireTrajectories(`${what}: final values`, offsets, finalValues);
  requireTrajectories(`${what}: flags of termination`, offsets, terminated);
  requireShare(`${what}: γ`, gamma);
}

/**
 * G_t = r_t + … + γ^{n−1} r_{t+n−1} + γ^n V(s_{t+n}), shorter where the trajectory ends (Sutton & Barto 2018, eq. 7.1).
 *
 * @param n ≥ 1; n = 1 is the TD(0) target, n ≥ length the Monte-Carlo return.
 * @throws AscentError "option" for another n or γ, "shape" for lengths that do not fit.
 */
export function nStepReturns(episodes: BootstrappedEpisodes, n: number, out: Output): void {
  requireBootstrapped("nStepReturns", episodes);
  const { offsets, rewards, values, gamma } = episodes;
  requireStepOutput("nStepReturns", offsets, out);
  if (!(typeof n === "number" && n >= 1 && (Number.isInteger(n) || n === Infinity))) {
    throw new AscentError("option", {
      what: "nStepReturns: n is not usable",
      got: describeValue(n),
      expected: "a whole number of steps ≥ 1",
      fix: "Give 1 for the TD(0) target, Infinity for the Monte-Carlo return.",
    });
  }
  for (let i = 0; i < offsets.length - 1; i++) {
    const end = offsets[i + 1];
    for (let k = offsets[i]; k < end; k++) {
      const until = Math.min(k + n, end);
      let sum = until === end ? valueBehind(episodes, i) : values[until];
      for (let step = until - 1; step >= k; step--) sum = rewards[step] + gamma * sum;
      out[k] = sum;
    }
  }
}

/**
 * G_t = r_t + γ ((1 − λ) V(s_{t+1}) + λ G_{t+1}): the λ-return (Sutton & Barto 2018, section 12.1).
 *
 * @param lambda in [0, 1]
 * @throws AscentError "option" for another λ or γ, "shape" for lengths that do not fit.
 */
export function tdLambdaReturns(episodes: BootstrappedEpisodes, lambda: number, out: Output): void {
  requireBootstrapped("tdLambdaReturns", episodes);
  const { offsets, rewards, values, gamma } = episodes;
  requireStepOutput("tdLambdaReturns", offsets, out);
  requireShare("tdLambdaReturns: λ", lambda);
  for (let i = 0; i < offsets.length - 1; i++) {
    let next = valueBehind(episodes, i);
    let sum = next;
    for (let k = offsets[i + 1] - 1; k >= offsets[i]; k--) {
      sum = rewards[k] + gamma * ((1 - lambda) * next + lambda * sum);
      next = values[k];
      out[k] = sum;
    }
  }
}

/**
 * A_t = Σ_l (γλ)^l δ_{t+l}, δ_t = r_t + γ V(s_{t+1}) − V(s_t) (Schulman et al. 2016, eq. 16): the λ-return minus V(s_t).
 *
 * @param lambda in [0, 1]
 * @throws AscentError "option" for another λ or γ, "shape" for lengths that do not fit.
 */
export function episodeAdvantages(episodes: BootstrappedEpisodes, lambda: number, out: Output): void {
  requireBootstrapped("episodeAdvantages", episodes);
  const { offsets, rewards, values, gamma } = episodes;
  requireStepOutput("episodeAdvantages", offsets, out);
  requireShare("episodeAdvantages: λ", lambda);
  for (let i = 0; i < offsets.length - 1; i++) {
    let next = valueBehind(episodes, i);
    let advantage = 0;
    for (let k = offsets[i + 1] - 1; k >= offsets[i]; k--) {
      advantage = rewards[k] + gamma * next - values[k] + gamma * lambda * advantage;
      next = values[k];
      out[k] = advantage;
    }
  }
}
