/** What commands print with: JSON lines, tables, numbers, and the name the user called the command by. */

/** How to call this command again: through npm's script, npx or by its own name. */
export function commandName(): string {
  const { npm_lifecycle_event, npm_command } = process.env;
  if (npm_lifecycle_event === "start") return "npm start --";
  return npm_command === "exec" ? "npx ascent" : "ascent";
}

/**
 * A text in which commands are called as the user called this one. They stand in backticks or behind a $, as in
 * "`ascent envs` lists them".
 */
export function withCommandName(text: string): string {
  return text.replace(/(`|\$ )ascent(?=[ `])/g, `$1${commandName()}`);
}

/** A path as the user's shell takes it for one word: Windows' knows no single quotes, and its \ is no escape. */
export function shellPath(path: string, platform: string = process.platform): string {
  if (platform === "win32") return /^[\w./\\:@+=,-]+$/.test(path) ? path : `"${path}"`;
  return /^[\w./:@%+=,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** Columns of help texts. */
export function helpWidth(): number {
  return Math.min(process.stdout.columns || 100, 110);
}

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  printLine(JSON.stringify(value));
}

/** Lines of at most `width` columns, broken at spaces and behind "|"; a longer word stays whole. */
export function fold(text: string, width: number): string[] {
  const lines = [""];
  for (const piece of text.match(/[^ |]*\|?(?: +|$)?/g)?.filter((piece) => piece !== "") ?? []) {
    const line = lines[lines.length - 1];
    if (line !== "" && (line + piece).trimEnd().length > width) lines.push(piece);
    else lines[lines.length - 1] = line + piece;
  }
  return lines.map((line) => line.trimEnd());
}

/** As `table`, with cells of at most `widths` columns each, which go on in the lines below. */
export function foldedTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
): string {
  const lines = rows.flatMap((row) => {
    const cells = row.map((cell, i) => fold(cell, widths[i]));
    const height = Math.max(...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) => cells.map((cell) => cell[line] ?? ""));
  });
  return table(header, lines);
}

/** Rows under a header, columns lined up. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, i) => Math.max(...all.map((row) => row[i].length)));
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** 100352 -> "100,352". */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Up to two decimals: 499.87, 500. */
export function short(value: number): string {
  return String(Number(value.toFixed(2)));
}
