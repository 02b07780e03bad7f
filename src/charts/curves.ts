/** A curve as SVG: its line with gaps, its band, its markers. In pixels; scales are the panel's. */
import type { Series } from "./model.ts";
import { fillClass, markers, STYLES, strokeClass } from "./palette.ts";
import { element, pathThrough, tenths } from "./svg.ts";

/** From values to pixels. */
export interface Place {
  x(value: number): number;
  y(value: number): number;
}

/** Markers along one line. */
const MARKERS = 6;

/** The band between low and high; nothing for a series without. */
export function bandOf({ x, low, high, style }: Series, place: Place): string {
  if (low === undefined || high === undefined) return "";
  const pieces: number[][] = [];
  let upper: number[] = [];
  let lower: number[] = [];
  const close = () => {
    if (upper.length > 2) pieces.push([...upper, ...reversedPairs(lower)]);
    upper = [];
    lower = [];
  };
  for (const i of keptFor(x, high, place)) {
    const [at, top, bottom] = [place.x(x[i]), place.y(high[i]), place.y(low[i])];
    if (Number.isFinite(at + top + bottom)) {
      upper.push(at, top);
      lower.push(at, bottom);
    } else {
      close();
    }
  }
  close();
  return pieces.length === 0
    ? ""
    : element("path", { class: `band ${fillClass(style)}`, d: pathThrough(pieces, true) });
}

/** The line and its markers. @param marked whether markers along the line tell it from others. */
export function lineOf(series: Series, place: Place, marked: boolean): string {
  const { x, y, style, drawn = "line", dashed } = series;
  const pieces: number[][] = [];
  let piece: number[] = [];
  const points: number[] = [];
  for (const i of keptFor(x, y, place)) {
    const [left, top] = [place.x(x[i]), place.y(y[i])];
    if (Number.isFinite(left + top)) {
      piece.push(left, top);
      points.push(left, top);
    } else if (piece.length > 0) {
      pieces.push(piece);
      piece = [];
    }
  }
  if (piece.length > 0) pieces.push(piece);
  const lines = pieces.filter((part) => part.length > 2);
  const alone = pieces.filter((part) => part.length === 2).flat();
  const out: string[] = [];
  if (drawn !== "points" && lines.length > 0) {
    out.push(element("path", { class: `line ${strokeClass(style)}${dashed ? " dash" : ""}`, d: pathThrough(lines) }));
  }
  const shown = drawn === "line" ? [...alone, ...(marked ? spread(points, style ?? 0) : [])] : points;
  for (let i = 0; i < shown.length; i += 2) out.push(marker(shown[i], shown[i + 1], style));
  return out.join("");
}

/** The marker of a style; without one, a diamond in the colour of the text. */
export function marker(x: number, y: number, style: number | undefined, scale = 1): string {
  return element("path", {
    class: `halo ${fillClass(style)}`,
    d: markers[style === undefined ? 3 : style % STYLES],
    transform: `translate(${tenths(x)} ${tenths(y)})${scale === 1 ? "" : ` scale(${scale})`}`,
  });
}

/** A few of the points, evenly along the line and not at the same places for every style. */
function spread(points: readonly number[], style: number): number[] {
  const count = points.length / 2;
  if (count <= MARKERS) return [...points];
  const [first, last] = [points[0], points[points.length - 2]];
  const out: number[] = [];
  let k = 0;
  for (let i = 0; i < count && k < MARKERS; i++) {
    const share = (k + 0.3 + 0.4 * ((style * 0.37) % 1)) / MARKERS;
    if (points[2 * i] < first + share * (last - first)) continue;
    out.push(points[2 * i], points[2 * i + 1]);
    k++;
  }
  return out;
}

function reversedPairs(points: readonly number[]): number[] {
  const out: number[] = [];
  for (let i = points.length - 2; i >= 0; i -= 2) out.push(points[i], points[i + 1]);
  return out;
}

/**
 * The points worth drawing: of those that fall into one column of half a pixel the first, the lowest, the highest and the
 * last, which look the same. All of them where x turns back.
 */
function keptFor(x: ArrayLike<number>, y: ArrayLike<number>, place: Place): number[] {
  const kept: number[] = [];
  let begin = 0;
  for (let i = 1; i <= x.length; i++) {
    if (i < x.length && x[i] < x[i - 1]) return Array.from({ length: x.length }, (_, k) => k);
    if (i < x.length && Math.floor(2 * place.x(x[i])) === Math.floor(2 * place.x(x[begin]))) continue;
    if (i - begin <= 4) {
      for (let k = begin; k < i; k++) kept.push(k);
    } else {
      let [lowest, highest] = [begin, begin];
      for (let k = begin; k < i; k++) {
        // A gap must stay one.
        if (Number.isNaN(y[k])) kept.push(k);
        if (y[k] < y[lowest] || Number.isNaN(y[lowest])) lowest = k;
        if (y[k] > y[highest] || Number.isNaN(y[highest])) highest = k;
      }
      kept.push(begin, lowest, highest, i - 1);
    }
    begin = i;
  }
  return [...new Set(kept)].sort((a, b) => a - b);
}
