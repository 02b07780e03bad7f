/**
 * Recorded episodes made ready for maximum likelihood: split by episodes, observations normalised by the training part, laid
 * where update programs read them.
 */

import { flatSize, maskSize } from "../envs/spaces.ts";
import { AscentError } from "../errors.ts";
import type { PolicyDescription } from "../policies/description.ts";
import { numericColumns } from "../policies/encode.ts";
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
  rollout.views.observations.set(observations);
  if (scaling !== undefined) normalise(rollout.views.observations, scaling, numericColumns(observationSpace));
  rollout.views.actions.set(actions);
  if (masks !== undefined) rollout.views.masks.set(masks);
  return { rollout, trainingRows, heldOutRows, scaling };
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
  const normaliser = new ObservationNormaliser(numericColumns(observationSpace));
  const training = new Float32Array(rows.length * columns);
  rows.forEach((row, k) => {
    training.set(observations.subarray(row * columns, (row + 1) * columns), k * columns);
  });
  normaliser.update(training, rows.length);
  const mean = new Float32Array(columns);
  const scale = new Float32Array(columns);
  normaliser.write(mean, scale);
  return { mean, scale, clip };
}

/** In place, with the roundings that a policy's program makes. */
function normalise(
  values: Float32Array,
  { mean, scale, clip }: NonNullable<PolicyDescription["scaling"]>,
  numeric: readonly boolean[],
): void {
  const columns = mean.length;
  for (let i = 0; i < values.length; i++) {
    const j = i % columns;
    if (!numeric[j]) continue;
    const scaled = Math.fround(values[i] - mean[j]) * scale[j];
    values[i] = Math.min(Math.max(scaled, -clip), clip);
  }
}
