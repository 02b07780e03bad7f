/** How large the numbers are that a network is shown: networks learn from numbers near 1. */

/** No more rows than these are looked at, spread over all: enough for an order of magnitude, cheap for images too. */
const MOST_ROWS = 256;

/**
 * The root mean square of the observation column that is farthest from 1 in ratio; columns that are 0 throughout are left out.
 *
 * @param observations as the network sees them [rows × numeric.length].
 * @param numeric for each column, whether it is a number; indices are left out.
 * @returns 1 where there is nothing to tell.
 */
export function observationScale(observations: Float32Array, rows: number, numeric: readonly boolean[]): number {
  const columns = numeric.length;
  const stride = Math.max(1, Math.floor(rows / MOST_ROWS));
  const looked = Math.ceil(rows / stride);
  let farthest = 1;
  for (let j = 0; j < columns; j++) {
    if (!numeric[j]) continue;
    let squares = 0;
    for (let at = j; at < rows * columns; at += stride * columns) squares += observations[at] * observations[at];
    if (squares === 0) continue;
    const scale = Math.sqrt(squares / looked);
    if (ratioToOne(scale) > ratioToOne(farthest)) farthest = scale;
  }
  return farthest;
}

function ratioToOne(scale: number): number {
  return scale < 1 ? 1 / scale : scale;
}
