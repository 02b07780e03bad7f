/** Every combination of values, the last setting's changing fastest. */
import { type Dimension, type Settings, type Space, valueAt } from "../space.ts";

/** How many combinations there are. NaN where a continuous range does not say how many points it has. */
export function gridSize(space: Space): number {
  return Object.values(space).reduce((product, dimension) => product * pointsOf(dimension), 1);
}

/** The combination of that number; undefined behind the last one. */
export function gridSettings(space: Space, number: number): Settings | undefined {
  if (!(number < gridSize(space))) return undefined;
  let rest = number;
  const chosen: [string, Settings[string]][] = [];
  for (const [name, dimension] of Object.entries(space).reverse()) {
    const points = pointsOf(dimension);
    chosen.unshift([name, valueAt(dimension, positionOfPoint(dimension, rest % points, points))]);
    rest = Math.floor(rest / points);
  }
  return Object.fromEntries(chosen);
}

/** Points a dimension has in a grid; NaN where it is continuous and does not say. */
export function pointsOf(dimension: Dimension): number {
  if ("choice" in dimension) return dimension.choice.length;
  if ("uniform" in dimension || "logUniform" in dimension) return dimension.points ?? Number.NaN;
  const [low, high] = "integer" in dimension ? dimension.integer : dimension.logInteger;
  return Math.min(dimension.points ?? Number.POSITIVE_INFINITY, high - low + 1);
}

/** Ranges are taken from end to end, lists through. */
function positionOfPoint(dimension: Dimension, index: number, points: number): number {
  const throughout = "choice" in dimension || ("integer" in dimension && dimension.points === undefined);
  if (throughout) return (index + 0.5) / points;
  return Math.min(index / (points - 1), 1 - Number.EPSILON);
}
