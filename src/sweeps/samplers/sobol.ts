/**
 * Sobol's sequence: points that leave no large hole, whatever their number. Direction numbers: S. Joe, F. Y. Kuo, Constructing
 * Sobol sequences with better two-dimensional projections, SIAM J. Sci. Comput. 30 (2008), their file new-joe-kuo-6. A seed moves
 * all points by one random digital shift, which keeps what makes them even.
 */
import { RandomStream } from "../../random/stream.ts";
import { streams } from "../../random/streams.ts";
import { type Settings, type Space, settingsAt } from "../space.ts";

const BITS = 32;
const TWO_32 = 4294967296;

/** Of dimensions 2, 3, …: the primitive polynomial's coefficients as a number, and the first direction numbers; as many as its degree. */
const DIRECTIONS: readonly (readonly [coefficients: number, first: readonly number[]])[] = [
  [0, [1]],
  [1, [1, 3]],
  [1, [1, 3, 1]],
  [2, [1, 1, 1]],
  [1, [1, 1, 3, 3]],
  [4, [1, 3, 5, 13]],
  [2, [1, 1, 5, 5, 17]],
  [4, [1, 1, 5, 5, 5]],
  [7, [1, 1, 7, 11, 19]],
  [11, [1, 1, 5, 1, 1]],
  [13, [1, 1, 1, 3, 11]],
  [14, [1, 3, 5, 5, 31]],
  [1, [1, 3, 3, 9, 7, 49]],
  [13, [1, 1, 1, 15, 21, 21]],
  [16, [1, 3, 1, 13, 27, 49]],
  [19, [1, 1, 1, 15, 7, 5]],
  [22, [1, 3, 1, 15, 13, 25]],
  [25, [1, 1, 5, 5, 19, 61]],
  [1, [1, 3, 7, 11, 23, 15, 103]],
  [4, [1, 3, 7, 13, 13, 15, 69]],
];

/** Settings that a Sobol sweep can choose at once. */
export const SOBOL_DIMENSIONS = DIRECTIONS.length + 1;

/** Point `number` of the sequence, before any shift, as whole numbers of 2⁻³². dimensions: 1 to SOBOL_DIMENSIONS. */
export function sobolPoint(dimensions: number, number: number): Uint32Array {
  const point = new Uint32Array(dimensions);
  // Points in Gray code's order differ from those before in one direction; taken by number, each needs its own bits only.
  const gray = (number ^ (number >>> 1)) >>> 0;
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const directions = directionsOf(dimension);
    let bits = 0;
    for (let i = 0; i < BITS; i++) if ((gray >>> i) & 1) bits ^= directions[i];
    point[dimension] = bits;
  }
  return point;
}

function directionsOf(dimension: number): Uint32Array {
  const directions = new Uint32Array(BITS);
  if (dimension === 0) {
    for (let i = 0; i < BITS; i++) directions[i] = 2 ** (BITS - 1 - i);
    return directions;
  }
  const [coefficients, first] = DIRECTIONS[dimension - 1];
  const degree = first.length;
  for (let i = 0; i < BITS; i++) {
    if (i < degree) {
      directions[i] = first[i] << (BITS - 1 - i);
      continue;
    }
    let value = directions[i - degree] ^ (directions[i - degree] >>> degree);
    for (let k = 1; k < degree; k++) if ((coefficients >>> (degree - 1 - k)) & 1) value ^= directions[i - k];
    directions[i] = value;
  }
  return directions;
}

/** A function of seed and number alone. */
export function sobolSettings(space: Space, seed: number, number: number): Settings {
  const names = Object.keys(space);
  const shift = new RandomStream(seed, streams.sweeps, TWO_32 - 1);
  const point = sobolPoint(names.length, number);
  return settingsAt(
    space,
    Array.from(point, (bits) => ((bits ^ shift.integer(TWO_32)) >>> 0) / TWO_32),
  );
}
