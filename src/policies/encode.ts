/**
 * From flat observation columns to network features: numbers stay, a Discrete column becomes one-hot, bytes of images go to
 * 0…1. Which columns are numbers without a scale of their own also decides which ones are normalised.
 */

import { fieldName } from "../distributions/fieldName.ts";
import { type Box, flatSize, type Space } from "../envs/spaces.ts";
import { constant, type Tensor } from "../tensor/graph.ts";
import { mul, sub, toInt } from "../tensor/ops/elementwise.ts";
import { oneHot } from "../tensor/ops/gather.ts";
import { concat, reshape, sliceAxis } from "../tensor/ops/layout.ts";

export interface EncodeOptions {
  /** Divide images of bytes (bounds 0…255) by 255. Default true. */
  scalePixels?: boolean;
}

/** A Box of rank 3 somewhere in an observation. */
export interface ImagePart {
  /** The way to it through Dict fields (`fieldName`), joined by dots; "" for the observation itself. */
  name: string;
  box: Box;
  /** Its first flat column. */
  start: number;
}

/** The images of a space, in order. */
export function imageParts(space: Space, name = "", start = 0): ImagePart[] {
  if (space.kind === "box") return space.shape.length === 3 ? [{ name, box: space, start }] : [];
  if (space.kind !== "dict") return [];
  let column = start;
  return Object.entries(space.fields).flatMap(([field, inner]) => {
    const own = fieldName(field);
    const parts = imageParts(inner, name === "" ? own : `${name}.${own}`, column);
    column += flatSize(inner);
    return parts;
  });
}

/** An image of bytes: rank 3, every element from 0 to 255. */
function hasBytes(box: Box): boolean {
  return box.shape.length === 3 && box.low.every((x) => x === 0) && box.high.every((x) => x === 255);
}

interface Column {
  /** Choices of a one-hot column; 0 for a plain number. */
  choices: number;
  start: number;
  isByte: boolean;
}

function columnsOf(space: Space): Column[] {
  switch (space.kind) {
    case "box":
    case "multiBinary": {
      const column = { choices: 0, start: 0, isByte: space.kind === "box" && hasBytes(space) };
      return new Array<Column>(flatSize(space)).fill(column);
    }
    case "discrete":
      return [{ choices: space.n, start: space.start, isByte: false }];
    case "multiDiscrete":
      return space.categories.map((choices) => ({ choices, start: 0, isByte: false }));
    case "dict":
      return Object.values(space.fields).flatMap(columnsOf);
  }
}

/** For each flat column, whether it is a number to be normalised: not an index, and not a byte of an image. */
export function numericColumns(space: Space): boolean[] {
  return columnsOf(space).map(({ choices, isByte }) => choices === 0 && !isByte);
}

/**
 * [rows, flatSize] → [rows, features].
 *
 * @param without images whose columns are left out. At least one other column must be left.
 */
export function encodeObservation(
  space: Space,
  observation: Tensor,
  { scalePixels = true }: EncodeOptions = {},
  without: readonly ImagePart[] = [],
): Tensor {
  const columns = columnsOf(space);
  const rows = observation.shape[0];
  const parts: Tensor[] = [];
  const endOf = ({ start, box }: ImagePart) => start + box.low.length;
  for (let i = 0; i < columns.length; ) {
    const { choices, start, isByte } = columns[i];
    const image = without.find((part) => part.start === i);
    if (image !== undefined) {
      i = endOf(image);
    } else if (choices > 0) {
      const index = toInt(sub(reshape(sliceAxis(observation, 1, i, 1), [rows]), start));
      parts.push(oneHot(index, choices));
      i++;
    } else {
      let end = i + 1;
      const stops = (k: number) =>
        columns[k].choices > 0 || columns[k].isByte !== isByte || without.some((part) => part.start === k);
      while (end < columns.length && !stops(end)) end++;
      const numbers = sliceAxis(observation, 1, i, end - i);
      parts.push(isByte && scalePixels ? scaledPixels(numbers) : numbers);
      i = end;
    }
  }
  return concat(parts, 1);
}

/** An image's columns [rows, size], scaled as `encodeObservation` would. */
export function encodeImage(
  { box, start }: ImagePart,
  observation: Tensor,
  { scalePixels = true }: EncodeOptions = {},
): Tensor {
  const pixels = sliceAxis(observation, 1, start, box.low.length);
  return scalePixels && hasBytes(box) ? scaledPixels(pixels) : pixels;
}

function scaledPixels(pixels: Tensor): Tensor {
  return mul(pixels, constant(1 / 255));
}

/** Network inputs for a space, `without` these images. */
export function featureSize(space: Space, without: readonly ImagePart[] = []): number {
  const all = columnsOf(space).reduce((total, { choices }) => total + Math.max(choices, 1), 0);
  return all - without.reduce((total, { box }) => total + box.low.length, 0);
}
