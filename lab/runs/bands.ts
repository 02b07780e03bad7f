/**
 * Curves of several seeds as a mean with its 95 % interval, and of two sides as the mean difference of the seeds that both have. Pure
 * functions over columns.
 */
import { meanInterval } from "ascent-rl/estimators";

/** One run: growing steps and a value at each; NaN where there is none. */
export interface Curve {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

export interface Band {
  readonly steps: readonly number[];
  readonly mean: readonly number[];
  /** Bounds of the interval; NaN where a single run says nothing of chance. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Runs that have got so far. */
  readonly n: readonly number[];
}

/** Positions of curves that report at steps of their own. */
const POSITIONS = 200;

/** Mean over the runs that have got to a step, with Student's interval over them. */
export function bandOf(curves: readonly Curve[]): Band {
  const steps = commonSteps(curves);
  return summarised(steps, steps.length === 0 ? [] : curves.map((curve) => valuesAt(curve, steps)));
}

/**
 * Mean of a − b over the pairs that have both got to a step.
 *
 * @param pairs of one seed each: all that it does to both alike is gone.
 */
export function differenceOf(pairs: readonly (readonly [a: Curve, b: Curve])[]): Band {
  const steps = commonSteps(pairs.flat());
  const columns = pairs.map(([a, b]) => {
    const [left, right] = [valuesAt(a, steps), valuesAt(b, steps)];
    return left.map((value, i) => value - right[i]);
  });
  return summarised(steps, columns);
}

function summarised(steps: readonly number[], columns: readonly (readonly number[])[]): Band {
  const band = {
    steps: [] as number[],
    mean: [] as number[],
    low: [] as number[],
    high: [] as number[],
    n: [] as number[],
  };
  for (const [i, step] of steps.entries()) {
    const values = columns.map((column) => column[i]).filter(Number.isFinite);
    if (values.length === 0) continue;
    const { value, low, high, count } = meanInterval(values);
    band.steps.push(step);
    band.mean.push(value);
    band.low.push(low);
    band.high.push(high);
    band.n.push(count);
  }
  return band;
}

/** The longest curve's own steps where all report at the same ones, else so many at equal distances. */
function commonSteps(curves: readonly Curve[]): readonly number[] {
  const longest = curves.reduce<Curve | undefined>(
    (best, curve) => (best === undefined || curve.steps.length > best.steps.length ? curve : best),
    undefined,
  );
  if (longest === undefined || longest.steps.length === 0) return [];
  if (curves.every(({ steps }) => isPrefix(steps, longest.steps))) return Array.from(longest.steps);
  const some = curves.filter(({ steps }) => steps.length > 0);
  const begin = Math.min(...some.map(({ steps }) => steps[0]));
  const end = Math.max(...some.map(({ steps }) => steps[steps.length - 1]));
  return Array.from({ length: POSITIONS }, (_, i) => begin + ((end - begin) * i) / (POSITIONS - 1));
}

function isPrefix(part: ArrayLike<number>, whole: ArrayLike<number>): boolean {
  for (let i = 0; i < part.length; i++) if (part[i] !== whole[i]) return false;
  return true;
}

/** The curve at these steps, joined by straight lines over what is not finite; NaN before its first value and behind its last. */
function valuesAt({ steps, values }: Curve, at: readonly number[]): readonly number[] {
  const places = Array.from({ length: steps.length }, (_, i) => i).filter((i) => Number.isFinite(values[i]));
  let k = 0;
  return at.map((step) => {
    while (k + 1 < places.length && steps[places[k + 1]] <= step) k++;
    const [here, next] = [places[k], places[k + 1]];
    if (here === undefined || step < steps[here]) return Number.NaN;
    if (step === steps[here]) return values[here];
    if (next === undefined) return Number.NaN;
    return values[here] + ((values[next] - values[here]) * (step - steps[here])) / (steps[next] - steps[here]);
  });
}
