/** A panel of values with intervals, a row each: names at the left, read as they are written. */
import { BOTTOM, drawHead, drawXAxis, headRoom } from "./axes.ts";
import type { LaidOut } from "./box.ts";
import { marker } from "./curves.ts";
import type { IntervalPanel, IntervalRow } from "./model.ts";
import { fillClass, strokeClass } from "./palette.ts";
import { scaleFor } from "./scales.ts";
import { element, tenths, text } from "./svg.ts";
import { textWidth } from "./textSize.ts";

const ROW = 25;
const NAME_SIZE = 12.5;

/** @param width of the panel, margins included. */
export function layOutIntervals(panel: IntervalPanel, width: number): LaidOut {
  const { title, rows, named = true, bars = false, levels = [] } = panel;
  const values = [
    ...rows.flatMap(({ value, low = value, high = value }) => [value, low, high]),
    ...levels.map(({ value }) => value),
    ...(bars ? [0] : []),
  ];
  const scale = scaleFor(panel.x, values, Math.max(3, Math.round(width / 110)), true);
  const names = named ? Math.max(0, ...rows.map(({ name }) => textWidth(name, NAME_SIZE))) + 12 : 0;
  return {
    kind: panel.kind,
    margins: { left: Math.max(8, names), right: 18, top: headRoom(title, undefined, width), bottom: BOTTOM },
    height: rows.length * ROW,
    fixedHeight: true,
    draw(box) {
      const x = (value: number) => box.left + box.width * scale.share(value);
      return [
        drawHead(title, undefined, {
          left: box.left,
          top: box.top - headRoom(title, undefined, width),
          width: box.width,
        }),
        drawXAxis(scale, panel.x.label, box, true),
        ...levels.map(({ value }) =>
          element("path", { class: "level", d: `M${tenths(x(value))} ${box.top}V${box.top + box.height}` }),
        ),
        ...rows.map((row, index) => {
          const y = box.top + (index + 0.5) * ROW;
          const name = text(row.name, { x: box.left - 10, y: y + 4.2, "font-size": NAME_SIZE, "text-anchor": "end" });
          return (named ? name : "") + drawRow(row, y, x, bars ? x(0) : undefined, box.left);
        }),
      ].join("");
    },
  };
}

function drawRow(
  { value, low, high, style }: IntervalRow,
  y: number,
  x: (value: number) => number,
  zero: number | undefined,
  edge: number,
): string {
  const at = x(value);
  const out: string[] = [];
  if (zero !== undefined && Number.isFinite(at)) {
    const [left, right] = [Math.min(zero, at), Math.max(zero, at)];
    out.push(
      element("rect", { class: `band ${fillClass(style)}`, x: left, y: y - 7, width: right - left, height: 14 }),
    );
  }
  if (low !== undefined && high !== undefined) {
    // On a logarithmic axis an interval down to 0 begins at the plot's edge, without an end.
    const [from, to] = [x(low), x(high)];
    const open = !Number.isFinite(from);
    if (Number.isFinite(to)) {
      const ends = `${open ? "" : `M${tenths(from)} ${y - 5}v10`}M${tenths(to)} ${y - 5}v10`;
      const d = `M${tenths(open ? edge : from)} ${y}H${tenths(to)}${ends}`;
      out.push(element("path", { class: `line ${strokeClass(style)}`, d }));
    }
  }
  if (Number.isFinite(at)) out.push(marker(at, y, style, 1.15));
  return out.join("");
}
