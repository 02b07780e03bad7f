/**
 * What running statistics of observations go on from, with a trained policy as with a saved run; and how policy files hold
 * it. The scaling alone would not do: it does not say of how many observations it is.
 */

import type { TensorToStore, TypedArray } from "../files/safetensors.ts";
import { SCALING_EPSILON } from "../math/runningMoments.ts";

/** By column [flatSize]. */
export interface ObservationMoments {
  mean: number[];
  variance: number[];
  /** Observations seen. */
  count: number;
}

/** Observations that a scaling counts for when it does not say of how many it is, as in files of earlier versions. */
const ASSUMED_COUNT = 10_000;

const PREFIX = "observation.moments.";

/** Moments that give this scaling: its own, or what can be told from it. */
export function momentsOf(scaling: {
  mean: ArrayLike<number>;
  scale: ArrayLike<number>;
  moments?: ObservationMoments;
}): ObservationMoments {
  const { mean, scale, moments } = scaling;
  if (moments !== undefined) return moments;
  const variance = Array.from(scale, (factor) => 1 / (factor * factor) - SCALING_EPSILON);
  return { mean: Array.from(mean), variance, count: ASSUMED_COUNT };
}

/** The tensors of a file that hold them. */
export function momentTensors(moments: ObservationMoments | undefined): Record<string, TensorToStore> {
  const entries = Object.entries(moments ?? {}).map(([name, value]: [string, number | number[] | undefined]) => {
    const data = Float64Array.from(typeof value === "number" ? [value] : (value ?? []));
    return [PREFIX + name, { dtype: "F64", shape: [data.length], data }] as const;
  });
  return Object.fromEntries(entries.filter(([, { data }]) => data.length > 0));
}

/** Undefined where the tensors hold none, or not all of them. */
export function momentsFrom(
  tensors: Readonly<Record<string, { data: TypedArray }>>,
  columns: number,
): ObservationMoments | undefined {
  const found = Object.entries(tensors).filter(([name]) => name.startsWith(PREFIX));
  const values = Object.fromEntries(
    found.map(([name, { data }]) => [name.slice(PREFIX.length), Array.from(data as Float64Array)]),
  );
  const { count, ...rest } = values;
  const lists = rest as Record<"mean" | "variance", number[] | undefined>;
  if (count?.length !== 1 || lists.mean?.length !== columns || lists.variance?.length !== columns) return undefined;
  return { ...lists, mean: lists.mean, variance: lists.variance, count: count[0] };
}
