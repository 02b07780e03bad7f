/** A rollout outside the engine's memory, to be learnt from again later. */

import type { BootstrapObservations } from "./bootstrapObservations.ts";
import type { Rollout, RolloutShape } from "./rollout.ts";

/** All that learning reads, of the steps that were made; every array is on a buffer of its own. */
export interface RolloutCopy {
  observations: Float32Array;
  actions: Float32Array;
  masks: Float32Array;
  /** Of the behaviour policy. */
  logProbs: Float32Array;
  rewards: Float64Array;
  terminated: Uint8Array;
  truncated: Uint8Array;
  /** As `BootstrapObservations` has them. */
  cutRows: Int32Array;
  cutObservations: Float32Array;
  lastObservations: Float32Array;
  states: Float32Array;
  starts: Float32Array;
}

export function copyRollout(rollout: Rollout, ends: BootstrapObservations): RolloutCopy {
  const { views, rewards, terminated, truncated, shape } = rollout;
  const { environments, observationSize, actionSize, maskSize, stateSize = 0 } = shape;
  // Rows behind the steps made are of earlier rounds: nothing learns from them.
  const rows = rollout.filled * environments;
  return {
    observations: views.observations.slice(0, rows * observationSize),
    actions: views.actions.slice(0, rows * actionSize),
    masks: views.masks.slice(0, rows * maskSize),
    logProbs: views.logProbs.slice(0, rows),
    rewards: rewards.slice(0, rows),
    terminated: terminated.slice(0, rows),
    truncated: truncated.slice(0, rows),
    cutRows: ends.rows.slice(),
    cutObservations: ends.observations.slice(),
    lastObservations: ends.last.slice(),
    states: views.states.slice(0, environments * stateSize),
    starts: views.starts.slice(0, stateSize > 0 ? rows : 0),
  };
}

/** Whether arrays by these names are a copy of some steps of a rollout of this shape: all lengths, and rows within it. */
export function isCopyOf(shape: RolloutShape, copy: RolloutCopy): boolean {
  const { steps, environments, observationSize, actionSize, maskSize, stateSize = 0 } = shape;
  const rows = copy.logProbs.length;
  const filled = rows / environments;
  if (!Number.isInteger(filled) || filled < 1 || filled > steps) return false;
  const lengths: Record<keyof RolloutCopy, number> = {
    observations: rows * observationSize,
    actions: rows * actionSize,
    masks: rows * maskSize,
    logProbs: rows,
    rewards: rows,
    terminated: rows,
    truncated: rows,
    cutRows: copy.cutRows.length,
    cutObservations: copy.cutRows.length * observationSize,
    lastObservations: environments * observationSize,
    states: environments * stateSize,
    starts: stateSize > 0 ? rows : 0,
  };
  const fits = Object.entries(lengths).every(([name, length]) => copy[name as keyof RolloutCopy].length === length);
  return fits && copy.cutRows.every((row) => row >= 0 && row < rows);
}

/** Puts a copy back; the rollout's values stay those of what it held before, until they are computed anew. */
export function loadRollout(rollout: Rollout, ends: BootstrapObservations, copy: RolloutCopy): void {
  const { views, rewards, terminated, truncated } = rollout;
  views.observations.set(copy.observations);
  views.actions.set(copy.actions);
  views.masks.set(copy.masks);
  views.logProbs.set(copy.logProbs);
  views.states.set(copy.states);
  views.starts.set(copy.starts);
  rewards.set(copy.rewards);
  terminated.set(copy.terminated);
  truncated.set(copy.truncated);
  ends.load(copy.cutRows, copy.cutObservations, copy.lastObservations);
  rollout.finish(copy.logProbs.length / rollout.shape.environments);
}
