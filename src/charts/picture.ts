/**
 * A picture as SVG text, in Node and in browsers: title, names, panels side by side. It has a ground of its own, light or
 * dark as the reader's system has it, and says in words what it shows (`<title>`, `<desc>`).
 */
import { anything, checkOptions, having, listOf, type OptionChecks, optional } from "../arguments/checks.ts";
import type { LaidOut } from "./box.ts";
import { checkPicture, frameChecks } from "./checkPicture.ts";
import { describePicture } from "./describe.ts";
import { layOutIntervals } from "./intervalPanel.ts";
import { layOutLines } from "./linePanel.ts";
import type { LinePanel, Panel, Picture } from "./model.ts";
import { drawNamesAbove, type NameEntry, namesAboveHeight } from "./namesAbove.ts";
import { styleSheet } from "./palette.ts";
import { element, escaped, text } from "./svg.ts";
import { wrapped } from "./textSize.ts";

const EDGE = 22;
const GAP = 30;
const TITLE = { size: 18, line: 24 };
const SUBTITLE = { size: 13, line: 18 };

/** @throws AscentError "shape" when a series' arrays differ in length. */
export function pictureSvg(picture: Picture): string {
  checkPicture(picture);
  const { title, subtitle, panels, width = 900 } = picture;
  const columns = Math.max(1, picture.columns ?? Math.min(2, panels.length));
  const inner = width - 2 * EDGE;
  const titleLines = wrapped(title, inner, TITLE.size, true);
  const subtitleLines = subtitle === undefined ? [] : wrapped(subtitle, inner, SUBTITLE.size);
  const beside = (picture.names ?? (panels.length > 1 ? "above" : "beside")) === "beside";
  const entries = beside ? [] : namesIn(panels);

  const heads: string[] = [];
  let y = EDGE - 6;
  for (const line of titleLines) {
    y += TITLE.line;
    heads.push(text(line, { x: EDGE, y: y - 4, "font-size": TITLE.size, "font-weight": 650 }));
  }
  for (const line of subtitleLines) {
    y += SUBTITLE.line;
    heads.push(text(line, { x: EDGE, y: y - 2, "font-size": SUBTITLE.size, class: "muted" }));
  }
  y += 10;
  heads.push(drawNamesAbove(entries, EDGE, y, inner));
  y += namesAboveHeight(entries, inner);

  const columnWidth = (inner - GAP * (columns - 1)) / columns;
  const laidOut = panels.map((panel) => layOut(panel, columnWidth, beside));
  const rows = inRows(laidOut, columns);
  const needed = rows.reduce((sum, row) => sum + rowHeight(row), y + EDGE - 8);
  const height = picture.height ?? needed;
  const stretched = rows.filter((row) => row.some(({ fixedHeight }) => !fixedHeight)).length;
  const extra = stretched === 0 ? 0 : (height - needed) / stretched;
  const drawn: string[] = [];
  for (const row of rows) {
    const grows = row.some(({ fixedHeight }) => !fixedHeight);
    const { top, plot, bottom } = rowParts(row);
    row.forEach((panel, column) => {
      // Plots of a kind stand in line below each other.
      const sameColumn = rows.flatMap((other) => other[column] ?? []).filter(({ kind }) => kind === panel.kind);
      const left = Math.max(...sameColumn.map(({ margins }) => margins.left));
      const right = Math.max(...sameColumn.map(({ margins }) => margins.right));
      const edge = EDGE + column * (columnWidth + GAP);
      const plotHeight = panel.fixedHeight ? panel.height : Math.max(60, plot + (grows ? extra : 0));
      const box = {
        left: edge + left,
        top: y + (panel.fixedHeight ? panel.margins.top : top),
        width: columnWidth - left - right,
        height: plotHeight,
      };
      drawn.push(panel.draw(box, edge));
    });
    y += top + plot + bottom + (grows ? extra : 0);
  }

  const size = { width, height: Math.round(height) };
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      ...size,
      viewBox: `0 0 ${size.width} ${size.height}`,
      class: "ascent-chart",
      role: "img",
    },
    element("title", {}, escaped(title)),
    element("desc", {}, escaped(picture.description ?? describePicture(picture))),
    element("style", {}, styleSheet()),
    element("rect", { class: "ground", width: size.width, height: size.height, rx: 6 }),
    ...heads,
    ...drawn,
  );
}

type LineChart = Omit<LinePanel, "kind" | "title"> &
  Pick<Picture, "title" | "subtitle" | "description" | "width" | "height">;

const axis = having("an axis, such as { label }", "label");
const lineChartChecks: OptionChecks<LineChart> = {
  ...frameChecks,
  x: axis,
  y: axis,
  series: listOf(anything, "a list of series"),
  levels: optional(listOf(anything, "a list of levels")),
  marks: optional(listOf(anything, "a list of marks")),
  notes: optional(listOf(anything, "a list of notes")),
};

/** A picture of one panel of lines. */
export function lineChartSvg(chart: LineChart): string {
  checkOptions("lineChartSvg", lineChartChecks, chart);
  const { title, subtitle, description, width, height, ...panel } = chart;
  return pictureSvg({ title, subtitle, description, width, height, panels: [{ kind: "lines", ...panel }] });
}

/** A lone line has the title for a name; once there are others, or a level or mark beside it, each is named. */
function layOut(panel: Panel, width: number, beside: boolean): LaidOut {
  if (panel.kind === "intervals") return layOutIntervals(panel, width);
  const others = panel.series.length + (panel.levels?.length ?? 0) + (panel.marks?.length ?? 0);
  return layOutLines(panel, width, beside && others > 1);
}

/** Each name once, in the order in which panels first show it. */
function namesIn(panels: readonly Panel[]): NameEntry[] {
  const found = new Map<string, NameEntry>();
  for (const panel of panels) {
    if (panel.kind !== "lines") continue;
    panel.series.forEach(({ name, style, dashed, unnamed }, index) => {
      if (unnamed || found.has(name)) return;
      found.set(name, { name, key: "line", style: style ?? index, ...(dashed && { dashed }) });
    });
  }
  return found.size > 1 ? [...found.values()] : [];
}

function inRows<T>(items: readonly T[], columns: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / columns) }, (_, row) =>
    items.slice(row * columns, (row + 1) * columns),
  );
}

function rowParts(row: readonly LaidOut[]): { top: number; plot: number; bottom: number } {
  return {
    top: Math.max(...row.map(({ margins }) => margins.top)),
    plot: Math.max(...row.map(({ height }) => height)),
    bottom: Math.max(...row.map(({ margins }) => margins.bottom)) + 10,
  };
}

function rowHeight(row: readonly LaidOut[]): number {
  const { top, plot, bottom } = rowParts(row);
  return top + plot + bottom;
}
