/** Whether numbers are finite, cheaply: asked of all numbers at every step. */

/** 0 unless one of the numbers is not finite: then NaN. */
export function timesZero(values: Float32Array | Float64Array): number {
  let zero = 0;
  for (let i = 0; i < values.length; i++) zero += values[i] * 0;
  return zero;
}
