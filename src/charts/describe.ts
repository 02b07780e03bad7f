/** A picture in words, for those who cannot see it. */
import { compactNumber } from "./compactNumber.ts";
import type { Panel, Picture, Series } from "./model.ts";

export function describePicture({ subtitle, panels }: Picture): string {
  return [subtitle, ...panels.map(describePanel)].filter((part) => part).join(" ");
}

function describePanel(panel: Panel): string {
  const head = panel.title === undefined ? "" : `${panel.title}. `;
  if (panel.kind === "intervals") {
    const rows = panel.rows.map(({ name, value, low, high }) => {
      const interval = low === undefined || high === undefined ? "" : ` (${number(low)} to ${number(high)})`;
      return `${name} ${number(value)}${interval}`;
    });
    return `${head}${panel.x.label}: ${rows.join("; ")}.`;
  }
  const { x, y, series, levels = [], marks = [] } = panel;
  const parts = [
    ...series.map(describeSeries),
    ...levels.map(({ label, value }) => (label === number(value) ? `level ${label}` : `${label} at ${number(value)}`)),
    ...marks.map((mark) => `${mark.label} ${number(mark.y)}`),
  ];
  return `${head}${y.label} against ${x.label}: ${parts.filter((part) => part !== "").join("; ")}.`;
}

function describeSeries({ name, x, y }: Series): string {
  const seen: number[] = [];
  for (let i = 0; i < x.length; i++) if (Number.isFinite(y[i])) seen.push(i);
  if (seen.length === 0) return `${name} without figures`;
  const [first, last] = [seen[0], seen[seen.length - 1]];
  if (first === last) return `${name} ${number(y[first])} at ${number(x[first])}`;
  return `${name} from ${number(y[first])} at ${number(x[first])} to ${number(y[last])} at ${number(x[last])}`;
}

function number(value: number): string {
  return compactNumber(value);
}
