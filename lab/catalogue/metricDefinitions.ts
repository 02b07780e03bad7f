/** The definitions of docs/metrics.md as data: the rows of its tables, under their headings. Pure. */
import type { MetricFacts } from "./catalogue.ts";

/** Headings whose tables define figures. */
const SECTIONS: readonly string[] = ["Progress", "Learning", "Behaviour cloning", "Texts", "Completions"];

/** @param markdown the text of docs/metrics.md. */
export function metricDefinitions(markdown: string): MetricFacts[] {
  const found: MetricFacts[] = [];
  let group = "";
  for (const line of markdown.split("\n")) {
    if (line.startsWith("## ")) group = line.slice(3).trim();
    if (!SECTIONS.includes(group) || !line.startsWith("| `")) continue;
    // A bar within a cell is written \|.
    const [, names, definition] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    for (const [, name] of names.matchAll(/`([^`]+)`/g)) {
      found.push({ name, definition: plainText(definition), group });
    }
  }
  return found;
}

/** Without Markdown's marks: code, links, escapes. */
function plainText(markdown: string): string {
  return markdown
    .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replace(/\\\|/g, "|")
    .replace(/`/g, "");
}
