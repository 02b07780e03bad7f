/** A panel of lines: axes, bands, curves, levels, marks and notes, with the names beside it where they are wanted. */
import { BOTTOM, drawHead, drawXAxis, drawYAxis, headRoom, tickRoom } from "./axes.ts";
import type { Box, LaidOut } from "./box.ts";
import { bandOf, lineOf, marker, type Place } from "./curves.ts";
import type { Level, LinePanel, Mark, Note, Series } from "./model.ts";
import { fillClass, strokeClass } from "./palette.ts";
import { type Scale, scaleFor } from "./scales.ts";
import { drawSideLabels, type SideLabel, sideLabelSize } from "./sideLabels.ts";
import { element, text } from "./svg.ts";

const PLOT_HEIGHT = 250;
const NOTE_SIZE = 12;

/** @param width of the panel, margins included. */
export function layOutLines(panel: LinePanel, width: number, named: boolean): LaidOut {
  const { title, levels = [], marks = [], notes = [] } = panel;
  const series = panel.series.map((one, index) => ({ ...one, style: one.style ?? index }));
  const { xs, ys } = valuesOf(panel);
  const xScale = scaleFor(panel.x, xs, Math.max(3, Math.round(width / 95)), false);
  const yScale = scaleFor(panel.y, ys, 6, true);
  const widest = Math.min(220, 0.26 * width);
  const names = [
    ...(named ? series.filter((one) => !one.unnamed && hasPoint(one)).map(({ name }) => name) : []),
    ...levels.filter(({ axis, label }) => axis !== "x" && label !== "").map(({ label }) => label),
    ...marks.filter(({ label }) => label !== "").map(({ label }) => label),
  ];
  const labels = sideLabelSize(names, widest);
  const left = tickRoom(yScale);
  const headWidth = width - 8;
  return {
    kind: panel.kind,
    margins: {
      left,
      right: Math.max(16, labels.width + 6),
      top: headRoom(title, panel.y.label, headWidth),
      bottom: BOTTOM,
    },
    height: Math.max(PLOT_HEIGHT, labels.height - 10),
    fixedHeight: false,
    draw(box, edge) {
      const place = placeIn(box, xScale, yScale);
      const head = { left: edge, top: box.top - headRoom(title, panel.y.label, headWidth), width: headWidth };
      const marked = series.length > 1;
      const side: SideLabel[] = [
        ...(named ? series.filter((one) => !one.unnamed).flatMap((one) => endOf(one, place)) : []),
        ...levels
          .filter(({ axis, label }) => axis !== "x" && label !== "")
          .map(({ value, label }) => ({
            name: label,
            x: box.left + box.width,
            y: place.y(value),
            key: "level" as const,
          })),
        ...marks
          .filter(({ label }) => label !== "")
          .map(({ label, x, y, style }) => ({
            name: label,
            x: place.x(x),
            y: place.y(y),
            key: "mark" as const,
            ...(style !== undefined && { style }),
          })),
      ];
      return [
        drawHead(title, panel.y.label, head),
        drawYAxis(yScale, box),
        drawXAxis(xScale, panel.x.label, box, false),
        inside(box, [
          ...series.map((one) => bandOf(one, place)),
          ...levels.map((level) => levelLine(level, place, box)),
          ...series.map((one) => lineOf(one, place, marked)),
        ]),
        ...levels.filter(({ axis }) => axis === "x").map((level) => levelName(level, place, box)),
        ...marks.map((mark) => drawMark(mark, place)),
        ...notes.map((note) => drawNote(note, place)),
        drawSideLabels(side, { right: box.left + box.width, top: box.top, bottom: box.top + box.height, widest }),
      ].join("");
    },
  };
}

/** Everything that should lie within the axes. */
function valuesOf({ series, levels = [], marks = [], notes = [] }: LinePanel): { xs: number[]; ys: number[] } {
  const xs: number[] = [];
  const ys: number[] = [];
  for (const { x, y, low, high } of series) {
    for (let i = 0; i < x.length; i++) {
      if (Number.isFinite(y[i])) xs.push(x[i]);
      ys.push(y[i]);
      if (low !== undefined && high !== undefined) ys.push(low[i], high[i]);
    }
  }
  for (const { value, axis } of levels) (axis === "x" ? xs : ys).push(value);
  for (const { x, y, low = y, high = y } of marks) {
    xs.push(x);
    ys.push(y, low, high);
  }
  for (const { x, y, from } of notes) {
    xs.push(x, from?.[0] ?? x);
    ys.push(y, from?.[1] ?? y);
  }
  return { xs, ys };
}

function placeIn({ left, top, width, height }: Box, x: Scale, y: Scale): Place {
  return {
    x: (value) => left + width * x.share(value),
    y: (value) => top + height * (1 - y.share(value)),
  };
}

/** What is drawn beyond the plot is cut off there: an inner `<svg>` clips without an id that could clash in a page. */
function inside({ left, top, width, height }: Box, content: readonly string[]): string {
  const [x, y, w, h] = [left - 6, top - 6, width + 12, height + 12];
  return element("svg", { x, y, width: w, height: h, viewBox: `${x} ${y} ${w} ${h}` }, content.join(""));
}

function hasPoint({ x, y }: Series): boolean {
  for (let i = 0; i < x.length; i++) if (Number.isFinite(y[i])) return true;
  return false;
}

/** The label of a series, at its last point. */
function endOf(series: Series, place: Place): SideLabel[] {
  const { name, x, y, style, dashed } = series;
  for (let i = x.length - 1; i >= 0; i--) {
    const [left, top] = [place.x(x[i]), place.y(y[i])];
    if (!Number.isFinite(left + top)) continue;
    return [{ name, x: left, y: top, key: "line", style: style ?? 0, ...(dashed && { dashed }) }];
  }
  return [];
}

function levelLine({ value, axis }: Level, place: Place, { left, top, width, height }: Box): string {
  const d =
    axis === "x"
      ? `M${place.x(value).toFixed(1)} ${top}V${top + height}`
      : `M${left} ${place.y(value).toFixed(1)}H${left + width}`;
  return element("path", { class: "level", d });
}

/** A vertical level is named at its upper end, on the side where there is room. */
function levelName({ value, label }: Level, place: Place, { left, top, width }: Box): string {
  const x = place.x(value);
  const toLeft = x > left + 0.7 * width;
  return text(label, {
    x: x + (toLeft ? -6 : 6),
    y: top + 11,
    "font-size": NOTE_SIZE,
    "text-anchor": toLeft ? "end" : "start",
    class: "muted",
  });
}

function drawMark({ x, y, low, high, style }: Mark, place: Place): string {
  const [left, top] = [place.x(x), place.y(y)];
  const interval =
    low === undefined || high === undefined
      ? ""
      : element("path", {
          class: `line ${strokeClass(style)}`,
          d: intervalPath(left, place.y(low), place.y(high)),
        });
  return interval + marker(left, top, style, 1.3);
}

function intervalPath(x: number, low: number, high: number): string {
  const [at, from, to] = [x, low, high].map((value) => value.toFixed(1));
  return `M${at} ${from}V${to}m-4 0h8M${at} ${from}m-4 0h8`;
}

function drawNote({ text: words, x, y, from, style, anchor = "start" }: Note, place: Place): string {
  const at = from ?? [x, y];
  const [left, top] = [place.x(at[0]), place.y(at[1])];
  const said = words && text(words, { x: left, y: top, "font-size": NOTE_SIZE, "text-anchor": anchor });
  if (from === undefined) return said;
  const [toX, toY] = [place.x(x), place.y(y)];
  const length = Math.hypot(toX - left, toY - top);
  const [along, across] = [(toX - left) / length, (toY - top) / length];
  const back = (side: number) => [toX - 9 * along + side * 4 * across, toY - 9 * across - side * 4 * along];
  const head = [[toX, toY], back(1), back(-1)].map((point) => point.map((value) => value.toFixed(1)).join(" "));
  const shaft = [left, top, toX - 7 * along, toY - 7 * across].map((value) => value.toFixed(1));
  return [
    element("path", { class: `line ${strokeClass(style)}`, d: `M${shaft[0]} ${shaft[1]}L${shaft[2]} ${shaft[3]}` }),
    element("path", { class: fillClass(style), d: `M${head.join("L")}Z` }),
    words &&
      text(words, { x: toX + (anchor === "end" ? -6 : 6), y: toY - 6, "font-size": NOTE_SIZE, "text-anchor": anchor }),
  ].join("");
}
