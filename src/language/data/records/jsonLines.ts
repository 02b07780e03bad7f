/** JSON Lines: one object a line, read as the bytes come, so that no more than a line and a piece of the file are held. */

import { text as aText, checkArguments } from "../../../arguments/checks.ts";
import {
  asRecord,
  type Chunks,
  chunksCheck,
  LONGEST_RECORD,
  parseJson,
  type TextRecord,
  textOf,
  tooLong,
} from "./record.ts";

/**
 * The records of a file of JSON Lines. Blank lines are passed over, lines may end in "\r\n", a byte order mark is ignored.
 *
 * @param file its name, for errors.
 * @throws AscentError "file" naming the line that is no JSON, or no object.
 */
export function jsonLineRecords(chunks: Chunks, file: string): AsyncGenerator<TextRecord> {
  checkArguments("jsonLineRecords", { chunks: chunksCheck, file: aText }, { chunks, file });
  return readLines(chunks, file);
}

async function* readLines(chunks: Chunks, file: string): AsyncGenerator<TextRecord> {
  let line = 0;
  let rest = "";
  for await (const text of textOf(chunks, file)) {
    const lines = text.split("\n");
    lines[0] = rest + lines[0];
    rest = lines.pop()!;
    for (const one of lines) {
      line++;
      const record = readLine(one, file, line);
      if (record !== undefined) yield record;
    }
    if (rest.length > LONGEST_RECORD) throw tooLong(`${file}, line ${line + 1}`);
  }
  const last = readLine(rest, file, line + 1);
  if (last !== undefined) yield last;
}

function readLine(line: string, file: string, number: number): TextRecord | undefined {
  // A byte order mark goes with the blanks.
  const text = line.trim();
  if (text === "") return undefined;
  const place = `${file}, line ${number}`;
  return asRecord(parseJson(text, place), place);
}
