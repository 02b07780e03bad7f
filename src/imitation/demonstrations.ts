/**
 * Recorded episodes made ready for maximum likelihood: split by episodes, observations normalised by the training part, laid
 * where update programs read them.
 */

import { flatSize, maskSize, type Space } from "../envs/spaces.ts";
import { AscentError } from "../errors.ts";
import type { MomentsState } from "../math/runningMoments.ts";
import type { PolicyDescription } from "../policies/description.ts";
import { ObservationScaler, type ObservationScaling } from "../policies/observationScaling.ts";
import type { RandomStream } from "../random/stream.ts";
import { ObservationNormaliser } from "../rollout/normalise.ts";
import { Rollout } from "../rollout/rollout.ts";
import type { Engine } from "../tensor/engine.ts";
import type { EpisodeDataset } from "./dataset.ts";

export interface Demonstrations {
  /** One row for each recorded step, in the order of the dataset; only observations, actions and masks are filled in. */
  readonly rollout: Rollout;
  readonly trainingRows: Int32Array;
  /** Of other episodes; may be empty. */
  readonly heldOutRows: Int32Array;
  /** What a policy must carry to see observations as they are in the rollout. */
  readonly scaling: PolicyDescription["scaling"];
  /** From now on the observations in the rollout are scaled like this. */
  scaleAs(scaling: PolicyDescription["scaling"]): void;
}

export interface DemonstrationOptions {
  /** Share of the episodes, rounded, at least one unless it is 0. */
  heldOut: number;
  normalizeObservations: boolean;
  clipObservations: number;
}

/** @param random chooses the episodes held out. @throws AscentError "option" when no episode is left to learn from. */
export function demonstrations(
  engine: Engine,
  dataset: EpisodeDataset,
  random: RandomStream,
  { heldOut, normalizeObservations, clipObservations }: DemonstrationOptions,
): Demonstrations {
  const { observationSpace, actionSpace, observations, actions, masks, rewards } = dataset;
  const { trainingRows, heldOutRows } = splitByEpisodes(dataset.offsets, heldOut, random);
  const rollout = new Rollout(engine, {
    steps: rewards.length,
    environments: 1,
    observationSize: flatSize(observationSpace),
    actionSize: flatSize(actionSpace),
    maskSize: masks === undefined ? 0 : (maskSize(actionSpace) ?? 0),
  });
  const scaling = normalizeObservations ? scalingOf(dataset, trainingRows, clipObservations) : undefined;
  const scaleAs = (by: PolicyDescription["scaling"]) => {
    if (by === undefined) rollout.views.observations.set(observations);
    else new ObservationScaler(observationSpace, by).apply(observations, rollout.views.observations);
  };
  scaleAs(scaling);
  rollout.views.actions.set(actions);
  if (masks !== undefined) rollout.views.masks.set(masks);
  return { rollout, trainingRows, heldOutRows, scaling, scaleAs };
}

function splitByEpisodes(offsets: Int32Array, share: number, random: RandomStream) {
  const episodes = offsets.length - 1;
  const heldOut = share === 0 ? 0 : Math.max(1, Math.round(share * episodes));
  if (heldOut >= episodes) {
    throw new AscentError("option", {
      what: "Too few recorded episodes to hold some out",
      got: `${episodes}, of which ${heldOut} would be held out`,
      expected: "at least one to learn from",
      fix: "Record more episodes, or set heldOut to 0 and do without early stopping.",
    });
  }
  const order = Int32Array.from({ length: episodes }, (_, k) => k);
  random.shuffle(order);
  const isHeldOut = new Uint8Array(episodes);
  for (let k = 0; k < heldOut; k++) isHeldOut[order[k]] = 1;
  const rows: [number[], number[]] = [[], []];
  for (let k = 0; k < episodes; k++) {
    for (let t = offsets[k]; t < offsets[k + 1]; t++) rows[isHeldOut[k]].push(t);
  }
  return { trainingRows: Int32Array.from(rows[0]), heldOutRows: Int32Array.from(rows[1]) };
}

function scalingOf({ observationSpace, observations }: EpisodeDataset, rows: Int32Array, clip: number) {
  const columns = flatSize(observationSpace);
  const normaliser = new ObservationNormaliser(observationSpace, clip);
  const training = new Float32Array(rows.length * columns);
  rows.forEach((row, k) => {
    training.set(observations.subarray(row * columns, (row + 1) * columns), k * columns);
  });
  normaliser.update(training, rows.length);
  return scalingOfMoments(observationSpace, normaliser.save(), clip);
}

/** The scaling that goes with these moments. */
export function scalingOfMoments(space: Space, moments: MomentsState, clip: number): ObservationScaling {
  const normaliser = new ObservationNormaliser(space, clip);
  normaliser.load(moments);
  return { ...normaliser.scaling(), moments };
}
