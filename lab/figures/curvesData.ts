/** What curves are made of. */

export interface SeriesData {
  name: string;
  /** Which of the palette's styles. */
  colour: number;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** A band around the line: intervals, or the seeds' spread. */
  low?: ArrayLike<number>;
  high?: ArrayLike<number>;
}

/** A place on the x axis with words: where a setting was changed. */
export interface CurvesMark {
  at: number;
  text: string;
}

/** A level across: an exact value. */
export interface CurvesLevel {
  at: number;
  text: string;
}
