/**
 * Exact mean and variance of any estimator that looks at a batch of N independent trajectories: the estimator is run on every
 * possible batch, and each result counts with its probability. Bias is then a number to 12 digits, not a matter of sampling.
 */

import { callback, checkArgument, checkArguments, having, numbers } from "../arguments/checks.ts";
import { count, trajectoriesCheck } from "./argumentChecks.ts";
import type { EnumeratedTrajectories, Trajectories } from "./trajectories.ts";

export interface ExactMoments {
  /** E ĝ */
  readonly mean: Float64Array;
  /** tr Cov(ĝ) */
  readonly traceOfCovariance: number;
}

const enumeratedCheck = {
  ...having("trajectories with their probabilities", "count", "offsets", "states", "probabilities"),
  fix: "Give what enumerateTrajectories gives.",
};

/**
 * @param batchSize N: every one of (number of trajectories)^N batches is visited, so keep both small.
 * @param estimate batch → estimate [any length, always the same]; the batch is the caller's only until the next call.
 */
export function exactMoments(
  enumerated: EnumeratedTrajectories,
  batchSize: number,
  estimate: (batch: Trajectories) => ArrayLike<number>,
): ExactMoments {
  checkArguments(
    "exactMoments",
    { enumerated: enumeratedCheck, batchSize: count, estimate: callback },
    { enumerated, batchSize, estimate },
  );
  const chosen = new Int32Array(batchSize);
  let mean: Float64Array | undefined;
  let squares = 0;
  let weight = 0;
  do {
    const probability = chosen.reduce((product, i) => product * enumerated.probabilities[i], 1);
    const value = estimate(selectTrajectories(enumerated, chosen));
    mean ??= new Float64Array(value.length);
    if (probability === 0) continue;
    // Weighted updating (West 1979): the difference of E ĝ² and (E ĝ)² would cancel where the mean is large.
    weight += probability;
    for (let j = 0; j < value.length; j++) {
      const distance = value[j] - mean[j];
      mean[j] += (distance * probability) / weight;
      squares += probability * distance * (value[j] - mean[j]);
    }
  } while (advance(chosen, enumerated.count));
  return { mean, traceOfCovariance: squares / weight };
}

/** The trajectories at `indices`, in that order, as a batch of their own. */
export function selectTrajectories(from: Trajectories, indices: ArrayLike<number>): Trajectories {
  checkArgument("selectTrajectories: from", trajectoriesCheck, from);
  checkArgument("selectTrajectories: indices", numbers, indices);
  const list = Array.from(indices);
  const offsets = new Int32Array(list.length + 1);
  list.forEach((i, k) => {
    offsets[k + 1] = offsets[k] + from.offsets[i + 1] - from.offsets[i];
  });
  const steps = offsets[list.length];
  const batch = {
    count: list.length,
    offsets,
    states: new Int32Array(steps),
    actions: new Int32Array(steps),
    rewards: new Float64Array(steps),
    finalStates: Int32Array.from(list, (i) => from.finalStates[i]),
    terminated: Uint8Array.from(list, (i) => from.terminated[i]),
  };
  list.forEach((i, k) => {
    const [begin, end] = [from.offsets[i], from.offsets[i + 1]];
    batch.states.set(from.states.subarray(begin, end), offsets[k]);
    batch.actions.set(from.actions.subarray(begin, end), offsets[k]);
    batch.rewards.set(from.rewards.subarray(begin, end), offsets[k]);
  });
  return batch;
}

/** Counts up in base `base`; false after the last number. */
function advance(digits: Int32Array, base: number): boolean {
  for (let k = 0; k < digits.length; k++) {
    digits[k]++;
    if (digits[k] < base) return true;
    digits[k] = 0;
  }
  return false;
}
