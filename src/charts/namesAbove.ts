/** The names of lines above the plots: one row of them, or as many as they need. */
import { KEY_WIDTH, keyOf, LABEL_SIZE, type SideLabel } from "./sideLabels.ts";
import { text } from "./svg.ts";
import { textWidth } from "./textSize.ts";

export type NameEntry = Pick<SideLabel, "name" | "key" | "style" | "dashed">;

const LINE = 22;
const GAP = 20;

/** Places entries from left to right, in rows no wider than `width`. */
function rowsOf(entries: readonly NameEntry[], width: number): { entry: NameEntry; x: number; row: number }[] {
  let x = 0;
  let row = 0;
  return entries.map((entry) => {
    const own = KEY_WIDTH + textWidth(entry.name, LABEL_SIZE);
    if (x > 0 && x + own > width) {
      x = 0;
      row++;
    }
    const at = { entry, x, row };
    x += own + GAP;
    return at;
  });
}

export function namesAboveHeight(entries: readonly NameEntry[], width: number): number {
  return entries.length === 0 ? 0 : (rowsOf(entries, width).at(-1)!.row + 1) * LINE + 6;
}

export function drawNamesAbove(entries: readonly NameEntry[], left: number, top: number, width: number): string {
  return rowsOf(entries, width)
    .map(({ entry, x, row }) => {
      const y = top + row * LINE + LINE / 2;
      const words = { x: left + x + KEY_WIDTH, y: y + 0.35 * LABEL_SIZE, "font-size": LABEL_SIZE };
      return keyOf(entry, left + x, y) + text(entry.name, words);
    })
    .join("");
}
