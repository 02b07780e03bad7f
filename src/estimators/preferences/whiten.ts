/** Whitening: numbers of mean 0 and variance 1, with a mask. */

import { checkArguments, checkOptions, numbers, optional, trueOrFalse } from "../../arguments/checks.ts";
import { type Output, requireEntries } from "../episodes.ts";
import { spreadOf } from "../spread.ts";
import { outputArray } from "./checks.ts";

/** Added to the variance. */
const EPSILON = 1e-8;

export interface WhitenOptions {
  /** Which numbers count, 1 or 0 [values]. The others are not read and become 0. Default: all. */
  mask?: ArrayLike<number>;
  /** false keeps the mean where it is: for rewards, whose level means something. Default true. */
  shiftMean?: boolean;
  /** 1 divides by n − 1 (PyTorch's default), 0 by n (OpenAI's code). Default 0. */
  correction?: 0 | 1;
}

const checks = {
  mask: optional(numbers),
  shiftMean: optional(trueOrFalse),
  correction: optional({ expected: "0 or 1", fits: (x: unknown) => x === 0 || x === 1 }),
};

/**
 * (x − mean) / √(variance + 1e-8), and the mean added back with `shiftMean: false` (the code of Ziegler et al. 2019). A single number, and equal ones, have no variance and become 0 (or their mean).
 *
 * @param out as long as `values`; may be `values`.
 * @throws AscentError "shape" for arrays that do not fit, "option" for unknown options.
 */
export function whiten(values: ArrayLike<number>, out: Output, options: WhitenOptions = {}): void {
  checkOptions("whiten", checks, options);
  checkArguments("whiten", { values: numbers, out: outputArray }, { values, out });
  const { mask, shiftMean = true, correction = 0 } = options;
  requireEntries("whiten: out", out, values.length, "value");
  if (mask !== undefined) requireEntries("whiten: mask", mask, values.length, "value");
  const counted: number[] = [];
  for (let i = 0; i < values.length; i++) if (mask === undefined || mask[i] !== 0) counted.push(i);
  if (counted.length === 0) {
    out.fill(0);
    return;
  }
  const { mean, squares } = spreadOf(counted.length, (i) => values[counted[i]]);
  const scale = 1 / Math.sqrt(squares / Math.max(counted.length - correction, 1) + EPSILON);
  const kept = shiftMean ? 0 : mean;
  for (let i = 0; i < values.length; i++) {
    out[i] = mask === undefined || mask[i] !== 0 ? (values[i] - mean) * scale + kept : 0;
  }
}
