/** The highest point of a curve's gold, as a place of its picture. */
import type { MarkedPlace } from "../../drawers/paths.ts";
import { fixed } from "../../figures/numberWords.ts";
import type { SeedCurve } from "./curve.ts";

export function peakOf({ distance, gold, peak }: SeedCurve): MarkedPlace {
  return { x: distance[peak], y: gold.mean[peak], style: 0, text: `peak ${fixed(gold.mean[peak])}` };
}
