/** A rollout outside the engine's memory, to be learnt from again later. */

import type { Rollout } from "./rollout.ts";
import type { RolloutEnds } from "./rolloutEnds.ts";

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
  /** As `RolloutEnds` has them. */
  cutRows: Int32Array;
  cutObservations: Float32Array;
  lastObservations: Float32Array;
  states: Float32Array;
  starts: Float32Array;
}

export function copyRollout(rollout: Rollout, ends: RolloutEnds): RolloutCopy {
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

/** Puts a copy back; the rollout's values stay those of what it held before, until they are computed anew. */
export function loadRollout(rollout: Rollout, ends: RolloutEnds, copy: RolloutCopy): void {
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
