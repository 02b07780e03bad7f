/**
 * Rewards divided by the running deviation of the discounted return (Engstrom et al. 2020; the "reward scaling" of the
 * continuous-control details), clipped. Their mean is left alone because shifting rewards changes the task. Training does it
 * for a batch, `normalizeReward` for one environment.
 */
import type { z } from "zod";
import { momentsForm } from "../files/momentsForm.ts";
import { numbers } from "../files/savedState.ts";
import { RunningMoments, scaleOf } from "../math/runningMoments.ts";

const rewardForm = (environments: number) => momentsForm(1).extend({ returns: numbers(environments) });
export type RewardState = z.infer<ReturnType<typeof rewardForm>>;

export class RewardNormaliser {
  readonly moments = new RunningMoments(1);
  /** Of what `save` gives. */
  readonly form: ReturnType<typeof rewardForm>;
  /** Discounted return so far, for each environment. */
  readonly returns: Float64Array;
  readonly #gamma: number;
  readonly #clip: number;

  constructor(environments: number, gamma: number, clip: number) {
    this.returns = new Float64Array(environments);
    this.form = rewardForm(environments);
    this.#gamma = gamma;
    this.#clip = clip;
  }

  /** Writes the scaled rewards of one step to `out` at `offset`. */
  apply(rewards: Float64Array, terminated: Uint8Array, truncated: Uint8Array, out: Float64Array, offset: number): void {
    const { returns } = this;
    for (let i = 0; i < rewards.length; i++) returns[i] = returns[i] * this.#gamma + rewards[i];
    this.moments.update(returns, returns.length);
    const scale = scaleOf(this.moments.variance[0]);
    for (let i = 0; i < rewards.length; i++) {
      out[offset + i] = Math.min(Math.max(rewards[i] * scale, -this.#clip), this.#clip);
      if (terminated[i] !== 0 || truncated[i] !== 0) returns[i] = 0;
    }
  }

  /** Forgets the running returns: all environments start anew. */
  restart(): void {
    this.returns.fill(0);
  }

  save(): RewardState {
    return { ...this.moments.save(), returns: [...this.returns] };
  }

  load(state: RewardState): void {
    this.moments.load(state);
    this.returns.set(state.returns);
  }
}
