/**
 * Comma-separated values: a header and rows, quoted by RFC 4180 (fields with commas, quotes or line breaks go in double
 * quotes, quotes doubled). Lines end in "\n", as every reader accepts; "\r\n" is read too. Numbers are written in the
 * shortest form that reads back as the same float64.
 */
import { anything, text as aText, checkArguments, listOf } from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";

/** What a cell may hold; undefined and null give an empty one. */
export type CsvValue = string | number | boolean | null | undefined;

export interface CsvTable {
  header: string[];
  rows: string[][];
}

export interface CsvRecord {
  fields: string[];
  /** Index in the text just past this record, its line end included. */
  end: number;
  /** False when the text stops before this record's line end. */
  complete: boolean;
}

const list = listOf(anything, "a list of cells");
const lists = listOf(list, "a list of rows, each a list of cells");

/** One line with its line end. */
export function formatCsvRow(values: readonly CsvValue[]): string {
  checkArguments("formatCsvRow", { values: list }, { values });
  return `${values.map(formatField).join(",")}\n`;
}

/**
 * A whole table.
 * @throws AscentError "file" when a row's length differs from the header's.
 */
export function formatCsv(header: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  checkArguments("formatCsv", { header: list, rows: lists }, { header, rows });
  rows.forEach((row, index) => {
    requireWidth(row.length, header.length, index);
  });
  return formatCsvRow(header) + rows.map(formatCsvRow).join("");
}

/**
 * Header and rows of a text, as strings.
 * @throws AscentError "file" for a missing header, an open quote or a row of another length.
 */
export function parseCsv(text: string): CsvTable {
  checkArguments("parseCsv", { text: aText }, { text });
  const [header, ...rows] = parseCsvRecords(text).map((record) => record.fields);
  if (header === undefined)
    throw new AscentError("file", {
      what: "The CSV text is empty",
      expected: "a header line",
      fix: "Check that it is the file you mean.",
    });
  rows.forEach((row, index) => {
    requireWidth(row.length, header.length, index);
  });
  return { header, rows };
}

/**
 * The records of a text with where each ends. A quote still open at the end makes the last record incomplete.
 * @throws AscentError "file" for text after a closing quote.
 */
export function parseCsvRecords(text: string): CsvRecord[] {
  checkArguments("parseCsvRecords", { text: aText }, { text });
  const records: CsvRecord[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    const fields: string[] = [];
    let complete: boolean | undefined;
    while (complete === undefined) {
      const [field, next] = readField(text, at);
      fields.push(field);
      at = next;
      if (text[at] === ",") at += 1;
      else if (text.startsWith("\r\n", at)) [at, complete] = [at + 2, true];
      else if (text[at] === "\n") [at, complete] = [at + 1, true];
      else if (at >= text.length) complete = false;
      else
        throw new AscentError("file", {
          what: `The CSV text has a stray character at ${at}`,
          got: JSON.stringify(text[at]),
          expected: "a comma or the line's end behind a quoted cell",
          fix: "Write quotes within a quoted cell twice.",
        });
    }
    records.push({ fields, end: at, complete });
  }
  return records;
}

/** The field at `at` and the index just past it. */
function readField(text: string, at: number): [string, number] {
  if (text[at] !== '"') {
    let end = at;
    while (end < text.length && text[end] !== "," && text[end] !== "\n" && !text.startsWith("\r\n", end)) end += 1;
    return [text.slice(at, end), end];
  }
  let field = "";
  let from = at + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return [field + text.slice(from), text.length];
    field += text.slice(from, quote);
    if (text[quote + 1] !== '"') return [field, quote + 1];
    field += '"';
    from = quote + 2;
  }
}

function formatField(value: CsvValue): string {
  if (value === undefined || value === null) return "";
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function requireWidth(got: number, expected: number, index: number): void {
  if (got === expected) return;
  throw new AscentError("file", {
    what: `Row ${index + 1} of the CSV table does not fit its header`,
    got: `${got} cells`,
    expected: `${expected}`,
    fix: "Check whether the row was cut off, or a comma in it needs quotes.",
  });
}
