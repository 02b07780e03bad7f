/**
 * A state of an environment as plain data to be drawn: a window of the world and shapes in it, in the world's own units with y
 * upwards, and the same in words. What draws it (SVG here, a canvas in a page) decides on pixels and on the colours behind names.
 */

/**
 * Colours by their part in a picture, so that it has a light and a dark side: `ink` for what matters, `muted` and `faint` for what
 * stands behind it, `ground` as the picture's own ground, `sky` a tint of it for large areas, four accents, and what is
 * aimed at (`good`) and what is to be avoided (`bad`).
 */
export type Paint =
  | "ink"
  | "muted"
  | "faint"
  | "ground"
  | "sky"
  | "accent1"
  | "accent2"
  | "accent3"
  | "accent4"
  | "good"
  | "bad";

export type Point = readonly [x: number, y: number];

/** Every length is in the world's units, `strokeWidth` and `size` too; without a `strokeWidth` a line is 1/200 of the window wide. */
export type Shape =
  | { kind: "polygon"; points: readonly Point[]; fill?: Paint; stroke?: Paint; strokeWidth?: number }
  | {
      kind: "polyline";
      points: readonly Point[];
      stroke: Paint;
      strokeWidth?: number;
      dashed?: boolean;
      /** With a head at its last point. */
      arrow?: boolean;
    }
  | { kind: "circle"; x: number; y: number; radius: number; fill?: Paint; stroke?: Paint; strokeWidth?: number }
  | {
      kind: "text";
      /** Where its baseline begins, has its middle or ends, by `anchor` (default "start"). */
      x: number;
      y: number;
      text: string;
      /** Height of the font. */
      size: number;
      paint?: Paint;
      anchor?: "start" | "middle" | "end";
    };

export interface Scene {
  /** The window: left < right, bottom < top. */
  left: number;
  bottom: number;
  right: number;
  top: number;
  /** From the back to the front. */
  shapes: readonly Shape[];
  /** The state in one sentence, for those who cannot see it. */
  words: string;
}
