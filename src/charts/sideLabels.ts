/** Names beside a plot, each at the height of what it names, moved apart where they would overlap. */
import { marker } from "./curves.ts";
import { strokeClass } from "./palette.ts";
import { element, text } from "./svg.ts";
import { textWidth, wrapped } from "./textSize.ts";

export interface SideLabel {
  name: string;
  /** Where what it names ends, in pixels. */
  x: number;
  y: number;
  /** A line with the marker of its style, a dashed level, or a mark by itself. */
  key: "line" | "level" | "mark";
  style?: number;
  dashed?: boolean;
}

export const LABEL_SIZE = 12.5;
const LINE_HEIGHT = 15;
const GAP = 5;
const KEY = 22;
/** From the plot to the key, and from the key to the words. */
const [BEFORE_KEY, AFTER_KEY] = [10, 6];

export interface SideLabels {
  /** All the room they take, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** The room that labels take when no line of words is wider than `widest` pixels. */
export function sideLabelSize(names: readonly string[], widest: number): SideLabels {
  const lines = names.map((name) => wrapped(name, widest, LABEL_SIZE));
  const words = Math.max(0, ...lines.flat().map((line) => textWidth(line, LABEL_SIZE)));
  return {
    width: names.length === 0 ? 0 : BEFORE_KEY + KEY + AFTER_KEY + words,
    height: lines.reduce((sum, own) => sum + own.length * LINE_HEIGHT + GAP, 0),
  };
}

/**
 * @param right edge of the plot.
 * @param top and bottom between which the labels stay, where they have the room.
 */
export function drawSideLabels(
  labels: readonly SideLabel[],
  { right, top, bottom, widest }: { right: number; top: number; bottom: number; widest: number },
): string {
  const blocks = labels
    .map((label) => {
      const lines = wrapped(label.name, widest, LABEL_SIZE);
      const height = lines.length * LINE_HEIGHT + GAP;
      return { label, lines, height, top: label.y - height / 2 };
    })
    .sort((a, b) => a.label.y - b.label.y);
  movedApart(blocks, top - LINE_HEIGHT / 2, bottom + LINE_HEIGHT / 2);
  return blocks
    .map(({ label, lines, height, top: at }) => {
      const middle = at + height / 2;
      const key = right + BEFORE_KEY;
      const words = lines.map((line, i) =>
        text(line, {
          x: key + KEY + AFTER_KEY,
          y: middle + (i - (lines.length - 1) / 2) * LINE_HEIGHT + 0.35 * LABEL_SIZE,
          "font-size": LABEL_SIZE,
          class: label.key === "level" ? "muted" : undefined,
        }),
      );
      const far = Math.abs(middle - label.y) > 3 || label.x < right - 4;
      const leader = far ? element("path", { class: "axis", d: leaderPath(label, key - 3, middle) }) : "";
      return leader + keyOf(label, key, middle) + words.join("");
    })
    .join("");
}

/** The sign that stands before a name. */
export function keyOf(
  { key, style, dashed }: Pick<SideLabel, "key" | "style" | "dashed">,
  x: number,
  y: number,
): string {
  const line = `M${x} ${y}H${x + KEY}`;
  if (key === "level") return element("path", { class: "level", d: line });
  const sign = marker(x + KEY / 2, y, style);
  if (key === "mark") return sign;
  return element("path", { class: `line ${strokeClass(style)}${dashed ? " dash" : ""}`, d: line }) + sign;
}

export const KEY_WIDTH = KEY + AFTER_KEY;

function leaderPath({ x, y }: SideLabel, toX: number, toY: number): string {
  return `M${Math.round(x + 2)} ${Math.round(y)}L${Math.round(toX)} ${Math.round(toY)}`;
}

/** Moves blocks, sorted from top to bottom, as little as keeps them from overlapping. */
function movedApart(blocks: { top: number; height: number }[], top: number, bottom: number): void {
  let free = top;
  for (const block of blocks) {
    block.top = Math.max(block.top, free);
    free = block.top + block.height;
  }
  let limit = Math.max(bottom, top + blocks.reduce((sum, { height }) => sum + height, 0));
  for (const block of [...blocks].reverse()) {
    block.top = Math.min(block.top, limit - block.height);
    limit = block.top;
  }
}
