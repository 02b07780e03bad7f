/**
 * JSON files: a list of objects, or objects one after the other (JSON Lines under another name, lines broken or not). They are
 * taken apart as the text comes, so that no more than one object and a piece of the file are held.
 */

import { text as aText, checkArguments } from "../../../arguments/checks.ts";
import { AscentError } from "../../../errors.ts";
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
 * The records of a JSON file.
 *
 * @param file its name, for errors.
 * @throws AscentError "file" naming the line where an object begins that cannot be read, or a file that is cut off.
 */
export function jsonRecords(chunks: Chunks, file: string): AsyncGenerator<TextRecord> {
  checkArguments("jsonRecords", { chunks: chunksCheck, file: aText }, { chunks, file });
  return readObjects(chunks, file);
}

async function* readObjects(chunks: Chunks, file: string): AsyncGenerator<TextRecord> {
  const splitter = new Splitter(file);
  for await (const text of textOf(chunks, file)) for (const part of splitter.take(text)) yield part;
  splitter.end();
}

const QUOTE = 0x22;
const NEWLINE = 0x0a;
const COMMA = 0x2c;
/** Where a quoted text ends, or a character counts for nothing. */
const STOPS = /["\\]/g;
const isOpening = (code: number) => code === 0x7b || code === 0x5b;
const isClosing = (code: number) => code === 0x7d || code === 0x5d;
const isBlank = (code: number) =>
  code === 0x20 || code === NEWLINE || code === 0x0d || code === 0x09 || code === 0xfeff;

/** Finds where objects begin and end; what is in them is JSON.parse's. */
class Splitter {
  readonly #file: string;
  #line = 1;
  /** Whether the objects are in a list: from its bracket on. */
  #list: "no" | "open" | "closed" = "no";
  /** Brackets open within the object. */
  #depth = 0;
  #inText = false;
  #escaped = false;
  /** The object so far, from earlier pieces. */
  #kept = "";
  #startLine = 1;
  #objects = 0;
  /** Between objects of a list: whether a comma came. */
  #comma = true;

  constructor(file: string) {
    this.#file = file;
  }

  *take(text: string): Generator<TextRecord> {
    let start = this.#depth > 0 ? 0 : -1;
    for (let i = 0; i < text.length; i++) {
      if (this.#inText) {
        i = this.#throughText(text, i);
        continue;
      }
      const code = text.charCodeAt(i);
      if (code === NEWLINE) this.#line++;
      if (this.#depth === 0) {
        if (isBlank(code)) continue;
        if (!this.#between(code, text[i])) continue;
        start = i;
        this.#startLine = this.#line;
        this.#depth = 1;
      } else if (code === QUOTE) this.#inText = true;
      else if (isOpening(code)) this.#depth++;
      else if (isClosing(code) && --this.#depth === 0) {
        const whole = this.#kept + text.slice(start, i + 1);
        this.#kept = "";
        start = -1;
        this.#objects++;
        this.#comma = false;
        const place = `${this.#file}, line ${this.#startLine}`;
        yield asRecord(parseJson(whole, place), place);
      }
    }
    if (start >= 0) this.#kept += text.slice(start);
    if (this.#kept.length > LONGEST_RECORD) throw tooLong(`${this.#file}, line ${this.#startLine}`);
  }

  /** Goes on within a quoted text. @returns where it or the piece ends. */
  #throughText(text: string, from: number): number {
    let at = from;
    for (; at < text.length; at++) {
      if (this.#escaped) {
        this.#escaped = false;
        continue;
      }
      STOPS.lastIndex = at;
      const stop = STOPS.exec(text);
      if (stop === null) return text.length;
      at = stop.index;
      if (text.charCodeAt(at) === QUOTE) {
        this.#inText = false;
        return at;
      }
      this.#escaped = true;
    }
    return at;
  }

  /** What may stand outside objects. @returns whether an object begins here. */
  #between(code: number, character: string): boolean {
    if (this.#list === "closed") throw this.#unexpected(character, "the end of the file after the list");
    if (code === 0x7b) {
      if (this.#list === "open" && !this.#comma) throw this.#unexpected(character, "a comma between objects");
      return true;
    }
    if (code === 0x5b && this.#list === "no" && this.#objects === 0) {
      this.#list = "open";
      return false;
    }
    if (this.#list === "open" && code === COMMA && !this.#comma) {
      this.#comma = true;
      return false;
    }
    if (this.#list === "open" && code === 0x5d && (this.#objects === 0 || !this.#comma)) {
      this.#list = "closed";
      return false;
    }
    throw this.#unexpected(character, "a list of objects, or objects one after the other");
  }

  end(): void {
    if (this.#depth === 0 && this.#list !== "open") return;
    throw new AscentError("file", {
      what: `${this.#file} is cut off`,
      got: this.#depth > 0 ? `an object of line ${this.#startLine} without its end` : "a list without its end",
      expected: "a complete JSON file",
      fix: "Write or download it again.",
    });
  }

  #unexpected(character: string, expected: string): AscentError {
    return new AscentError("file", {
      what: `${this.#file}, line ${this.#line}`,
      got: JSON.stringify(character),
      expected,
      fix: "Write the examples as a list of objects, or one object a line.",
    });
  }
}
