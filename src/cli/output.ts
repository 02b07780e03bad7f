/** What commands print with: JSON lines, tables, numbers, and the name the user called the command by. */

/** How to call this command again: through npm's script, npx or by its own name. */
export function commandName(): string {
  const { npm_lifecycle_event, npm_command } = process.env;
  if (npm_lifecycle_event === "start") return "npm start --";
  return npm_command === "exec" ? "npx ascent" : "ascent";
}

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  printLine(JSON.stringify(value));
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
