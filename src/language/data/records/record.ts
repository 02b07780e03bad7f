/** A row of a data file before anything is known of it but where it stands. */

import type { Check } from "../../../arguments/checks.ts";
import { AscentError } from "../../../errors.ts";

export interface TextRecord {
  readonly fields: Readonly<Record<string, unknown>>;
  /** For errors: file and line, or row, such as "train.jsonl, line 3". */
  readonly place: string;
}

/** A file's bytes or text, in pieces as they come, cut anywhere. */
export type Chunks = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

/** Checks of what reads files. */
export const chunksCheck: Check = {
  expected: "pieces of a file as they come, such as a stream of bytes, or a list of one piece",
  fits: (x) => typeof x === "object" && x !== null && (Symbol.asyncIterator in x || Symbol.iterator in x),
};

/** A value of a file as a record. @throws AscentError "file" where it is no object. */
export function asRecord(value: unknown, place: string): TextRecord {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return { fields: value as Record<string, unknown>, place };
  const got = value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
  throw new AscentError("file", {
    what: place,
    got,
    expected: 'an object with fields such as { "prompt": …, "completion": … }',
    fix: "Write one object for each example.",
  });
}

/** The text of JSON as a value. @throws AscentError "file" where it is none. */
export function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AscentError(
      "file",
      {
        what: `${place} is no JSON`,
        got: cause instanceof Error ? cause.message : String(cause),
        expected: "a complete JSON value",
        fix: "Look for a missing quote, bracket or comma, or a file that was cut off.",
      },
      { cause },
    );
  }
}

/** Bytes as text, whatever a piece ends in the midst of. @throws AscentError "file" for bytes that are no UTF-8. */
export async function* textOf(chunks: Chunks, file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let bytes = 0;
  const decode = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw new AscentError(
        "file",
        {
          what: `${file} is no UTF-8 text`,
          got: `other bytes after byte ${bytes}`,
          fix: "Save it as UTF-8. Compressed files have to be unpacked first.",
        },
        { cause },
      );
    }
  };
  for await (const chunk of chunks) {
    if (typeof chunk === "string") {
      yield chunk;
      continue;
    }
    const text = decode(chunk);
    bytes += chunk.length;
    if (text !== "") yield text;
  }
  const end = decode();
  if (end !== "") yield end;
}

/** No record is longer, so that a file without line ends does not fill the memory: characters. */
export const LONGEST_RECORD = 1 << 27;

export function tooLong(place: string): AscentError {
  return new AscentError("file", {
    what: `${place} is too long`,
    got: `more than ${LONGEST_RECORD} characters`,
    expected: "one example",
    fix: "Is it a file of another kind? Write one example a line.",
  });
}
