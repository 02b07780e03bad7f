/**
 * From flat observation columns to network features: numbers stay, a Discrete column becomes one-hot. Which columns are
 * numbers also decides which ones are normalised.
 */

import { flatSize, type Space } from "../envs/spaces.ts";
import type { Tensor } from "../tensor/graph.ts";
import { sub, toInt } from "../tensor/ops/elementwise.ts";
import { oneHot } from "../tensor/ops/gather.ts";
import { concat, reshape, sliceAxis } from "../tensor/ops/layout.ts";

interface Column {
  /** Choices of a one-hot column; 0 for a plain number. */
  choices: number;
  start: number;
}

function columnsOf(space: Space): Column[] {
  switch (space.kind) {
    case "box":
    case "multiBinary":
      return Array.from({ length: flatSize(space) }, () => ({ choices: 0, start: 0 }));
    case "discrete":
      return [{ choices: space.n, start: space.start }];
    case "multiDiscrete":
      return space.categories.map((choices) => ({ choices, start: 0 }));
    case "dict":
      return Object.values(space.fields).flatMap(columnsOf);
  }
}

/** For each flat column, whether it is a number (not an index). */
export function numericColumns(space: Space): boolean[] {
  return columnsOf(space).map((column) => column.choices === 0);
}

/** [rows, flatSize] → [rows, features]. */
export function encodeObservation(space: Space, observation: Tensor): Tensor {
  const columns = columnsOf(space);
  if (columns.every((column) => column.choices === 0)) return observation;
  const rows = observation.shape[0];
  const parts: Tensor[] = [];
  for (let i = 0; i < columns.length; ) {
    const { choices, start } = columns[i];
    if (choices > 0) {
      const index = toInt(sub(reshape(sliceAxis(observation, 1, i, 1), [rows]), start));
      parts.push(oneHot(index, choices));
      i++;
    } else {
      let end = i + 1;
      while (end < columns.length && columns[end].choices === 0) end++;
      parts.push(sliceAxis(observation, 1, i, end - i));
      i = end;
    }
  }
  return concat(parts, 1);
}

/** Network inputs for a space. */
export function featureSize(space: Space): number {
  return columnsOf(space).reduce((total, { choices }) => total + Math.max(choices, 1), 0);
}
