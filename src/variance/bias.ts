/** How far the mean of an estimator is from what it should estimate, with the noise of the mean taken off. */

import { checkArguments, numbers } from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import { type Estimate, jackknife } from "../numerics/jackknife.ts";
import { studentQuantile } from "../numerics/studentQuantile.ts";

/**
 * ‖E ĝ − g‖ / ‖g‖ from M independent estimates. Its square is estimated without bias by the mean of ⟨x_i, x_k⟩ over pairs
 * i ≠ k of deviations x = ĝ − g, and has a 95 % interval by the jackknife; squares below 0 count as 0, so an unbiased
 * estimator's interval begins at 0.
 *
 * @param gradients [M × parameters], M ≥ 4
 * @param exact g [parameters], not all 0
 */
export function relativeBias(gradients: ArrayLike<number>, exact: ArrayLike<number>): Estimate {
  checkArguments("relativeBias", { gradients: numbers, exact: numbers }, { gradients, exact });
  const width = exact.length;
  const count = gradients.length / width;
  if (!Number.isInteger(count) || count < 3) {
    throw new AscentError("shape", {
      what: "relativeBias: the estimates do not fit the exact gradient",
      got: `${gradients.length} numbers for a gradient of ${width}`,
      expected: "at least 3 estimates [M × parameters]",
      fix: "Give them one behind the other.",
    });
  }
  const sum = new Float64Array(width);
  const squares = new Float64Array(count);
  let goal = 0;
  for (let j = 0; j < width; j++) goal += exact[j] * exact[j];
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < width; j++) {
      const deviation = gradients[i * width + j] - exact[j];
      sum[j] += deviation;
      squares[i] += deviation * deviation;
    }
  }
  const own = squares.reduce((a, b) => a + b, 0);
  const whole = sum.reduce((total, x) => total + x * x, 0);
  const along = Float64Array.from({ length: count }, (_, i) => {
    let product = 0;
    for (let j = 0; j < width; j++) product += sum[j] * (gradients[i * width + j] - exact[j]);
    return product;
  });
  const { value, high } = jackknife((whole - own) / (count * (count - 1)), count, (i) => {
    const rest = whole - 2 * along[i] + squares[i] - (own - squares[i]);
    return rest / ((count - 1) * (count - 2));
  });
  const half = Math.max(high - value, studentQuantile(count - 1) * noiseWithoutBias(gradients, exact, count));
  const length = (square: number) => Math.sqrt(Math.max(square, 0) / goal);
  return { value: length(value), low: length(value - half), high: length(value + half) };
}

/**
 * The standard error √(2 tr Σ²) / M that the mean over pairs has when there is no bias, where the jackknife knows too little:
 * tr Σ² is the mean square of ⟨x_i, x_{i+1}⟩.
 */
function noiseWithoutBias(gradients: ArrayLike<number>, exact: ArrayLike<number>, count: number): number {
  const width = exact.length;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const [one, next] = [i * width, ((i + 1) % count) * width];
    let product = 0;
    for (let j = 0; j < width; j++) product += (gradients[one + j] - exact[j]) * (gradients[next + j] - exact[j]);
    squares += product * product;
  }
  return Math.sqrt((2 * squares) / count) / count;
}
