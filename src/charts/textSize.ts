/**
 * How wide words are, without a browser to ask: the advance of each kind of character in the usual sans-serif fonts, a
 * little on the wide side, so that what is laid out by it has room in any of them.
 */

/** Of the font size. */
const WIDTHS: readonly (readonly [characters: RegExp, width: number])[] = [
  [/[ijl.,:;'|!·]/, 0.28],
  [/[ ftrI()[\]/-]/, 0.36],
  [/[mw%]/, 0.88],
  [/[MW@∑]/, 0.92],
  [/[A-Z<>=+−×≥≤±→]/, 0.68],
  [/[csvxyzk]/, 0.54],
];
const USUAL_WIDTH = 0.6;
const BOLD = 1.07;

/** Pixels. */
export function textWidth(words: string, size: number, bold = false): number {
  let width = 0;
  for (const character of words) {
    width += WIDTHS.find(([characters]) => characters.test(character))?.[1] ?? USUAL_WIDTH;
  }
  return width * size * (bold ? BOLD : 1);
}

/** The words in lines of at most `width` pixels; a single word may be wider. */
export function wrapped(words: string, width: number, size: number, bold = false): string[] {
  const lines: string[] = [];
  for (const paragraph of words.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      const longer = line === "" ? word : `${line} ${word}`;
      if (line !== "" && textWidth(longer, size, bold) > width) {
        lines.push(line);
        line = word;
      } else {
        line = longer;
      }
    }
    lines.push(line);
  }
  return lines;
}
