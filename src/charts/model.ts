/**
 * What a picture is made of, as data: panels of lines or of intervals, their axes and what is marked in them. Nothing here
 * knows of colours or pixels; picture.ts draws it.
 */

export interface Axis {
  /** What is measured, and its unit: "environment steps". */
  label: string;
  /** Default "linear". */
  scale?: "linear" | "log";
  /** Ends of the axis; default: around everything that is shown. */
  range?: readonly [low: number, high: number];
  /** Where labels stand; default: round numbers. */
  ticks?: readonly number[];
  /** Words for the ticks; default: short numbers ("100k"). */
  tickLabels?: readonly string[];
}

/** A curve, with a band around it if it has one. */
export interface Series {
  name: string;
  x: ArrayLike<number>;
  /** One value a position; NaN leaves a gap. */
  y: ArrayLike<number>;
  /** Bounds of the band; both or neither. NaN leaves a gap. */
  low?: ArrayLike<number>;
  high?: ArrayLike<number>;
  /** Which of the eight styles (colour, marker) it has; default: its place in the list. */
  style?: number;
  /** "points": a marker at each position, joined by a line only with "both". Default "line". */
  drawn?: "line" | "points" | "both";
  dashed?: boolean;
  /** No label of its own. */
  unnamed?: boolean;
}

/** One point that is told apart from the curves, with its interval if it has one. */
export interface Mark {
  /** Beside the plot; none where it is empty. */
  label: string;
  x: number;
  y: number;
  low?: number;
  high?: number;
  /** As in Series; default: as the text. */
  style?: number;
}

/** A value marked across the plot. */
export interface Level {
  value: number;
  label: string;
  /** "y" (default): a horizontal line; "x": a vertical one. */
  axis?: "x" | "y";
}

/** An arrow from one point to another, or words at a point. */
export interface Note {
  text: string;
  x: number;
  y: number;
  /** Where the arrow begins; without it there are words only, at (x, y). */
  from?: readonly [x: number, y: number];
  style?: number;
  /** Which end of the words is at the point. Default "start". */
  anchor?: "start" | "middle" | "end";
}

export interface LinePanel {
  kind: "lines";
  title?: string;
  x: Axis;
  y: Axis;
  series: readonly Series[];
  levels?: readonly Level[];
  marks?: readonly Mark[];
  notes?: readonly Note[];
}

export interface IntervalRow {
  name: string;
  /** NaN: the row stays empty. */
  value: number;
  low?: number;
  high?: number;
  style?: number;
}

/** Values with their intervals, a row each, one below the other: names are read as they are written. */
export interface IntervalPanel {
  kind: "intervals";
  title?: string;
  x: Axis;
  rows: readonly IntervalRow[];
  /** False where the panel to the left has the names. Default true. */
  named?: boolean;
  /** Draw a bar from 0 to each value. Default false. */
  bars?: boolean;
  levels?: readonly Level[];
}

export type Panel = LinePanel | IntervalPanel;

export interface Picture {
  title: string;
  /** Lines below the title: what is shown, of how many seeds, what a band means. */
  subtitle?: string;
  panels: readonly Panel[];
  /** Panels side by side. Default: all of them, up to 2. */
  columns?: number;
  /**
   * Where the names of lines stand: "beside" each plot, at the height where the line ends; "above" all plots, once.
   * Default: beside one panel, above more; a lone line without levels has no need of a name.
   */
  names?: "beside" | "above";
  /** For those who cannot see it. Default: axes, and where each line begins and ends. */
  description?: string;
  /** Pixels. Default 900. */
  width?: number;
  /** Pixels. Default: what the panels need. */
  height?: number;
}
