/**
 * What a policy needs of a probability distribution over actions, as graph code: sampling, log π(a|s), entropy and KL,
 * row by row. A `DistributionHead` says what the network must output; `at` turns such outputs into a `Distribution`.
 * Everything differentiable is an ordinary graph. Actions are f32 rows; discrete ones hold whole numbers.
 */

import type { Tensor } from "../tensor/graph.ts";

/** What some heads need beside the network's output. */
export interface HeadContext {
  /** [rows, maskSize], 1 = allowed, 0 = never: for discrete actions. */
  mask?: Tensor;
  /** [rows, features]: the network's last hidden layer, for state-dependent exploration. */
  latent?: Tensor;
}

/** All that `klDivergence` reads of the other distribution, so that an old policy can be kept as these numbers. */
export type Statistics = Pick<Distribution, "statistics">;

export interface Distribution {
  /** The numbers that determine it, by name: `logits`, or `mean` and `logStd`, …; in units of the head's own. */
  readonly statistics: Readonly<Record<string, Tensor>>;
  /** Random actions [rows, actionSize]; `key` from `randomKey()`. No gradient flows through them. */
  sample(key: Tensor): Tensor;
  /** What to do without exploring: the most probable actions, unless the head says otherwise [rows, actionSize]. */
  mode(): Tensor;
  /** log π(a|s) [rows], of actions [rows, actionSize]; nats. */
  logProb(actions: Tensor): Tensor;
  /** [rows]; nats. Of continuous actions it is relative to their units, and may be negative. */
  entropy(): Tensor;
  /** KL(this ‖ other) [rows], ≥ 0; nats. `other` must be of the same head. */
  klDivergence(other: Statistics): Tensor;
}

export interface DistributionHead {
  readonly kind: string;
  /** Columns the network must output for each row. */
  readonly parameterSize: number;
  /** Columns of an action. */
  readonly actionSize: number;
  /** Columns of a mask; 0 when masks make no sense. */
  readonly maskSize: number;
  /**
   * Trainable numbers of its own, such as log σ, and what they start as. `logScale` on top of the mean of a log σ is that of
   * the environment's units; default 0.
   */
  readonly parameters: readonly { tensor: Tensor; initial: number; logScale?: number }[];
  at(output: Tensor, context?: HeadContext): Distribution;
}
