/**
 * What recorded episodes have to keep to, checked once before anything is learnt from them or written: lengths that fit the
 * spaces, offsets that increase, ends where they belong, finite numbers, actions of the space and allowed by their masks.
 */

import { checkArgument } from "../arguments/checks.ts";
import { whyNotMask } from "../envs/masks.ts";
import { choiceColumns, describe, flatSize, maskSize, whyNotFlat } from "../envs/spaces.ts";
import { AscentError, type ErrorCode, type Problem } from "../errors.ts";
import { withoutBounds } from "../policies/withoutBounds.ts";
import { datasetCheck, type EpisodeDataset } from "./dataset.ts";

/**
 * @throws AscentError "shape" for lengths and offsets, "non-finite" for NaN and infinities, "space" for observations and
 *   actions that are not of their space or not allowed, "environment" for episodes without an end, each naming the step.
 */
export function checkDataset(dataset: EpisodeDataset): void {
  checkArgument("checkDataset: dataset", datasetCheck, dataset);
  checkLengths(dataset);
  checkOffsets(dataset.offsets, dataset.rewards.length);
  checkEnds(dataset);
  checkNumbers(dataset);
  checkActions(dataset);
}

function checkLengths(dataset: EpisodeDataset): void {
  const { observationSpace, actionSpace, offsets, rewards } = dataset;
  const steps = rewards.length;
  const episodes = offsets.length - 1;
  const columns = flatSize(observationSpace);
  const masks = maskSize(actionSpace);
  const wanted: [name: keyof EpisodeDataset, rows: number, columns: number][] = [
    ["observations", steps, columns],
    ["actions", steps, flatSize(actionSpace)],
    ["terminated", steps, 1],
    ["truncated", steps, 1],
    ["finalObservations", episodes, columns],
  ];
  if (episodes < 1 || steps < 1) {
    refuse("shape", {
      what: "There are no recorded episodes",
      got: `${Math.max(episodes, 0)} episodes of ${steps} steps in all`,
      expected: "at least one step",
      fix: "Record some with `ascent record`.",
    });
  }
  if (dataset.masks !== undefined) {
    if (masks === undefined) {
      refuse("shape", {
        what: `Recorded masks, but ${describe(actionSpace)} has nothing to mask`,
        fix: "Leave them out.",
      });
    }
    wanted.push(["masks", steps, masks]);
  }
  for (const [name, rows, width] of wanted) {
    const { length } = dataset[name] as ArrayLike<number>;
    if (length === rows * width) continue;
    refuse("shape", {
      what: `Recorded ${name} have the wrong length`,
      got: String(length),
      expected: `${rows * width} (${rows} ${name === "finalObservations" ? "episodes" : "steps"} × ${width} columns)`,
      fix: "Give every step of every episode, in the columns of its space.",
    });
  }
}

function checkOffsets(offsets: Int32Array, steps: number): void {
  const last = offsets.length - 1;
  const fix = "offsets[k] is the first step of episode k, and the last offset the number of steps.";
  if (offsets[0] !== 0 || offsets[last] !== steps) {
    const got = `from ${offsets[0]} to ${offsets[last]}`;
    refuse("shape", { what: "Recorded offsets do not span the steps", got, expected: `from 0 to ${steps}`, fix });
  }
  for (let k = 0; k < last; k++) {
    if (offsets[k + 1] > offsets[k]) continue;
    const got = `${offsets[k + 1]} after ${offsets[k]} for episode ${k}`;
    refuse("shape", { what: "Recorded offsets do not increase", got, expected: "at least one step an episode", fix });
  }
}

function checkEnds({ offsets, terminated, truncated }: EpisodeDataset): void {
  let episode = 0;
  for (let t = 0; t < terminated.length; t++) {
    const isLast = t === offsets[episode + 1] - 1;
    const flags = [terminated[t], truncated[t]];
    const ended = flags.some((flag) => flag === 1);
    if (flags.some((flag) => flag > 1) || ended !== isLast) {
      refuse("environment", {
        what: `Recorded ends do not match the offsets at step ${t - offsets[episode]} of episode ${episode}`,
        got: `terminated ${terminated[t]}, truncated ${truncated[t]}`,
        expected: isLast ? "one of them 1: it is the episode's last step" : "0 and 0: the episode goes on",
        fix: "Mark the last step of each episode, with truncated where the recording was only cut off.",
      });
    }
    if (isLast) episode++;
  }
}

function checkNumbers(dataset: EpisodeDataset): void {
  const { observationSpace, actionSpace, offsets } = dataset;
  const widths = {
    observations: flatSize(observationSpace),
    actions: flatSize(actionSpace),
    rewards: 1,
    finalObservations: flatSize(observationSpace),
  };
  for (const [name, width] of Object.entries(widths)) {
    const values = dataset[name as keyof typeof widths];
    for (let i = 0; i < values.length; i++) {
      if (values[i] * 0 === 0) continue;
      const row = Math.floor(i / width);
      const where = name === "finalObservations" ? `episode ${row}` : placeOf(offsets, row);
      refuse("non-finite", {
        what: `Recorded ${name} hold a number that is not finite`,
        got: `${values[i]} in column ${i % width} of ${where}`,
        expected: "finite numbers",
        fix: "Leave the episode out, or record it anew.",
      });
    }
  }
  const accepted = withoutBounds(observationSpace);
  const final = dataset.finalObservations;
  const { observations: width } = widths;
  for (const [name, values] of [
    ["observation", dataset.observations],
    ["final observation", final],
  ] as const) {
    for (let row = 0; row * width < values.length; row++) {
      const reason = whyNotFlat(accepted, values, row * width);
      if (reason === undefined) continue;
      refuse("space", {
        what: `A recorded ${name} is not of its space (${values === final ? `episode ${row}` : placeOf(offsets, row)})`,
        got: reason,
        expected: describe(observationSpace),
        fix: "Record observations as the environment gives them, in the columns of its space.",
      });
    }
  }
}

function checkActions({ actionSpace, actions, masks, offsets }: EpisodeDataset): void {
  const width = flatSize(actionSpace);
  const maskWidth = maskSize(actionSpace) ?? 0;
  const choices = choiceColumns(actionSpace);
  for (let row = 0; row * width < actions.length; row++) {
    const reason = whyNotFlat(actionSpace, actions, row * width);
    if (reason !== undefined) {
      refuse("space", {
        what: `A recorded action is not of its space (${placeOf(offsets, row)})`,
        got: reason,
        expected: describe(actionSpace),
        fix: "Record actions as the environment got them: clipped to their bounds, whole numbers for choices.",
      });
    }
    if (masks === undefined) continue;
    const mask = masks.subarray(row * maskWidth, (row + 1) * maskWidth);
    const bad = whyNotMask(actionSpace, mask);
    if (bad !== undefined) {
      const what = `A recorded mask is none (${placeOf(offsets, row)})`;
      refuse("space", {
        what,
        got: bad,
        expected: `${maskWidth} numbers 0 or 1, one action allowed in each choice`,
        fix: "Record the mask that the environment gave with the observation.",
      });
    }
    let from = 0;
    for (const { column, start, size } of choices) {
      const action = actions[row * width + column];
      if (mask[from + action - start] === 0) {
        refuse("space", {
          what: `A recorded action is one that its mask forbids (${placeOf(offsets, row)})`,
          got: `action ${action}`,
          expected: "an allowed one",
          fix: "Record the mask of the observation that the action answered.",
        });
      }
      from += size;
    }
  }
}

function placeOf(offsets: Int32Array, step: number): string {
  let episode = 0;
  while (episode + 1 < offsets.length - 1 && offsets[episode + 1] <= step) episode++;
  return `step ${step - offsets[episode]} of episode ${episode}`;
}

function refuse(code: ErrorCode, problem: Problem): never {
  throw new AscentError(code, problem);
}
