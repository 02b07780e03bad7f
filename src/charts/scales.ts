/** From values to pixels, and where the ticks of an axis stand. */
import { nice, ticks } from "d3-array";
import { tickLabels } from "./compactNumber.ts";
import type { Axis } from "./model.ts";

export interface Scale {
  /** The ends of the axis. */
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  readonly labels: readonly string[];
  /** Share of the way from low to high; NaN where the value has no place, such as 0 on a logarithmic axis. */
  share(value: number): number;
}

/** Below it there is no logarithmic axis: powers of ten end there. */
const SMALLEST = 1e-300;

/**
 * @param values everything that is to be seen; those that are not finite, and on a logarithmic axis not positive, do not count.
 * @param count of ticks that would be welcome.
 * @param rounded whether the ends move out to round numbers.
 */
export function scaleFor(axis: Axis, values: Iterable<number>, count: number, rounded: boolean): Scale {
  const logarithmic = axis.scale === "log";
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of axis.range ?? values) {
    if (!Number.isFinite(value) || (logarithmic && value < SMALLEST)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) [low, high] = logarithmic ? [1, 10] : [0, 1];
  if (low === high) [low, high] = logarithmic ? [low / 2, high * 2] : widened(low);
  if (axis.range === undefined) {
    if (logarithmic) {
      if (rounded) [low, high] = roundLog(low, high);
    } else {
      // What begins near 0 gets an axis that begins there, not an odd first label.
      if (low > 0 && low < 0.1 * high) low = 0;
      if (rounded) [low, high] = nice(low, high, count);
    }
  }
  const at = (axis.ticks ?? (logarithmic ? logTicks(low, high, count) : ticks(low, high, count))).filter(
    (tick) => tick >= low - 1e-9 * Math.abs(low) && tick <= high + 1e-9 * Math.abs(high),
  );
  const words = axis.ticks && axis.tickLabels;
  const labels = words ? at.map((tick) => words[axis.ticks!.indexOf(tick)]) : tickLabels(at);
  const [from, span] = logarithmic ? [Math.log(low), Math.log(high / low)] : [low, high - low];
  return {
    low,
    high,
    ticks: at,
    labels,
    share: (value) =>
      logarithmic ? (value > 0 ? (Math.log(value) - from) / span : Number.NaN) : (value - from) / span,
  };
}

function widened(value: number): [number, number] {
  const room = value === 0 ? 1 : 0.1 * Math.abs(value);
  return [value - room, value + room];
}

const LOG_STEPS = [1, 2, 5];

/** Out to the next 1, 2 or 5 times a power of ten. */
function roundLog(low: number, high: number): [number, number] {
  const steps = logSteps(low / 10, high * 10, LOG_STEPS);
  const from = steps.filter((step) => step <= low * (1 + 1e-9)).pop()!;
  return [from, steps.find((step) => step > from && step >= high * (1 - 1e-9))!];
}

function logSteps(low: number, high: number, steps: readonly number[]): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  return Array.from({ length: last - first + 1 }, (_, k) => first + k).flatMap((power) =>
    steps.map((step) => Number(`${step}e${power}`)),
  );
}

/** Powers of ten, every n-th where there are too many; with 3, or 2 and 5, between them where there are too few. */
function logTicks(low: number, high: number, count: number): number[] {
  for (const steps of [[1], [1, 3], LOG_STEPS]) {
    const within = logSteps(low, high, steps).filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
    const every = Math.ceil(within.length / Math.max(count, 3));
    if (within.length >= 3) return within.filter((_, i) => i % every === 0);
  }
  return ticks(low, high, count).filter((tick) => tick > 0);
}
