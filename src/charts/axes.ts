/** Axes: lines, ticks, grid, labels and the title of a panel. */
import type { Box } from "./box.ts";
import type { Scale } from "./scales.ts";
import { element, text } from "./svg.ts";
import { textWidth, wrapped } from "./textSize.ts";

export const TICK_SIZE = 12;
export const LABEL_SIZE = 12.5;
export const PANEL_TITLE_SIZE = 14;
const TICK = 5;
const LINE = 16;

/** Room below the plot for ticks and the name of the axis. */
export const BOTTOM = 46;

/** Room left of the plot for the tick labels. */
export function tickRoom(scale: Scale): number {
  return Math.max(0, ...scale.labels.map((label) => textWidth(label, TICK_SIZE))) + TICK + 5;
}

/** Room above the plot for the panel's title and the name of its y axis. */
export function headRoom(title: string | undefined, yLabel: string | undefined, width: number): number {
  const name = yLabel === undefined ? 0 : wrapped(yLabel, width, LABEL_SIZE).length * LINE;
  return (title === undefined ? 0 : 22) + name + 8;
}

/** The title and, below it, the y axis' name, beginning at `left`. */
export function drawHead(
  title: string | undefined,
  yLabel: string | undefined,
  { left, top, width }: { left: number; top: number; width: number },
): string {
  const out: string[] = [];
  let y = top;
  if (title !== undefined) {
    y += 15;
    out.push(text(title, { x: left, y, "font-size": PANEL_TITLE_SIZE, "font-weight": 600 }));
    y += 7;
  }
  if (yLabel !== undefined) {
    for (const line of wrapped(yLabel, width, LABEL_SIZE)) {
      y += LINE;
      out.push(text(line, { x: left, y: y - 3, "font-size": LABEL_SIZE, class: "muted" }));
    }
  }
  return out.join("");
}

/** The x axis below the plot; vertical grid lines where `grid`. */
export function drawXAxis(scale: Scale, name: string, { left, top, width, height }: Box, grid: boolean): string {
  const bottom = top + height;
  const at = scale.ticks.map((tick) => left + width * scale.share(tick));
  const lines = grid ? at.map((x) => `M${round(x)} ${round(top)}V${round(bottom)}`).join("") : "";
  const marks = at.map((x) => `M${round(x)} ${round(bottom)}v${TICK}`).join("");
  const out = [
    lines === "" ? "" : element("path", { class: "grid", d: lines }),
    element("path", { class: "axis", d: `M${round(left)} ${round(bottom)}H${round(left + width)}${marks}` }),
  ];
  let free = Number.NEGATIVE_INFINITY;
  scale.labels.forEach((label, i) => {
    const half = textWidth(label, TICK_SIZE) / 2;
    if (at[i] - half < free) return;
    free = at[i] + half + 8;
    out.push(
      text(label, { x: at[i], y: bottom + 19, "font-size": TICK_SIZE, "text-anchor": "middle", class: "muted" }),
    );
  });
  out.push(
    text(name, {
      x: left + width / 2,
      y: bottom + 39,
      "font-size": LABEL_SIZE,
      "text-anchor": "middle",
      class: "muted",
    }),
  );
  return out.join("");
}

/** The y axis left of the plot, with its grid. */
export function drawYAxis(scale: Scale, { left, top, width, height }: Box): string {
  const at = scale.ticks.map((tick) => top + height * (1 - scale.share(tick)));
  return [
    element("path", { class: "grid", d: at.map((y) => `M${round(left)} ${round(y)}H${round(left + width)}`).join("") }),
    ...scale.labels.map((label, i) =>
      text(label, { x: left - 8, y: at[i] + 4.2, "font-size": TICK_SIZE, "text-anchor": "end", class: "muted" }),
    ),
  ].join("");
}

/** Half a pixel off, lines of one pixel are sharp. */
function round(value: number): number {
  return Math.round(value) + 0.5;
}
