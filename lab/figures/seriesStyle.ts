/** How the n-th series is told apart: colour, dash and marker, never one of them alone. */
import { chartMarkers } from "ascent-rl/charts";
import type { Theme } from "../page/theme.ts";

/** Lengths of strokes and gaps in pixels; none is a whole line. */
const DASHES: readonly (readonly number[])[] = [
  [],
  [7, 4],
  [2, 3],
  [10, 3, 2, 3],
  [12, 5],
  [4, 2],
  [1, 4],
  [8, 2, 2, 2, 2, 2],
];

export interface SeriesStyle {
  colour: string;
  dash: readonly number[];
  /** An SVG path around (0, 0), about 4 pixels in radius. */
  marker: string;
}

export function seriesStyle(index: number, theme: Theme): SeriesStyle {
  return {
    colour: theme.series[index % theme.series.length],
    dash: DASHES[index % DASHES.length],
    marker: chartMarkers[index % chartMarkers.length],
  };
}
