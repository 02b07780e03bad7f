/** Data files on disk as records: by the name's ending, a piece at a time, whatever their size. */

import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import * as zlib from "node:zlib";
import { type Check, checkArguments, having, listOf, optional, text } from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import { TEXT_FIELDS, type TextKind } from "../../language/data/examples.ts";
import { jsonRecords } from "../../language/data/records/json.ts";
import { jsonLineRecords } from "../../language/data/records/jsonLines.ts";
import { type Decompressors, parquetRecords } from "../../language/data/records/parquet.ts";
import type { TextRecord } from "../../language/data/records/record.ts";
import { readTextData, type TextData, type TextDataOptions } from "../../language/data/textData.ts";
import type { TextTokenizer } from "../../language/tokenizer/textTokenizer.ts";
import { fileError } from "../fileError.ts";

/** Endings of text files; each may be followed by .gz. */
const FORMATS: Readonly<Record<string, typeof jsonLineRecords>> = {
  jsonl: jsonLineRecords,
  ndjson: jsonLineRecords,
  json: jsonRecords,
};

/**
 * Reads a data file in one of TRL's formats and makes rows of it.
 *
 * @param path ends in .jsonl, .ndjson or .json (also packed, with .gz after it), or .parquet; several are read one after the
 * other.
 * @throws AscentError "file" as `readTextData`; where the file cannot be read, or its name ends otherwise.
 */
export function loadTextData<Kind extends TextKind = TextKind>(
  path: string | readonly string[],
  tokenizer: TextTokenizer,
  options?: TextDataOptions<Kind>,
): Promise<TextData<Kind>> {
  checkArguments(
    "loadTextData",
    { path: pathsCheck, tokenizer: having("a tokenizer", "encode", "decode", "chat") },
    { path, tokenizer },
  );
  return readTextData(readTextRecords(path, options?.keep), tokenizer, options);
}

/**
 * The records of a data file as they are read; no more than a piece of it is in memory, of Parquet one row group.
 *
 * @param path as of `loadTextData`.
 * @param keep of Parquet: columns to read beside those that TRL's formats have.
 * @throws AscentError "file", at the first record, where the file cannot be read or its name ends otherwise.
 */
export function readTextRecords(
  path: string | readonly string[],
  keep: readonly string[] = [],
): AsyncGenerator<TextRecord> {
  checkArguments(
    "readTextRecords",
    { path: pathsCheck, keep: optional(listOf(text, "a list of fields' names")) },
    { path, keep },
  );
  return readInTurn(typeof path === "string" ? [path] : path, keep);
}

const pathsCheck: Check = {
  expected: "a path, or a list of paths",
  fits: (x) => typeof x === "string" || (Array.isArray(x) && x.length > 0 && x.every((one) => typeof one === "string")),
};

async function* readInTurn(paths: readonly string[], keep: readonly string[]): AsyncGenerator<TextRecord> {
  for (const path of paths) yield* readByEnding(path, keep);
}

async function* readByEnding(path: string, keep: readonly string[]): AsyncGenerator<TextRecord> {
  const name = basename(path);
  const packed = /\.gz$/i.test(name);
  const ending = name.replace(/\.gz$/i, "").split(".").at(-1)!.toLowerCase();
  if (ending === "parquet" && !packed) yield* readParquet(path, name, [...TEXT_FIELDS, ...keep]);
  else if (Object.hasOwn(FORMATS, ending)) yield* FORMATS[ending](bytesOf(path, packed), name);
  else throw unknownEnding(path, ending);
}

async function* bytesOf(path: string, packed: boolean): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const unpack = packed ? zlib.createGunzip() : undefined;
  file.on("error", (error) => unpack?.destroy(error));
  try {
    yield* unpack === undefined ? file : file.pipe(unpack);
  } catch (error) {
    throw fileError("read", path, error);
  } finally {
    file.destroy();
  }
}

async function* readParquet(path: string, name: string, columns: readonly string[]): AsyncGenerator<TextRecord> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    const byteLength = (await file.stat()).size;
    const parts = { byteLength, slice: partsOf(file, byteLength) };
    yield* parquetRecords(parts, name, { columns, decompressors });
  } catch (error) {
    throw error instanceof AscentError ? error : fileError("read", path, error);
  } finally {
    await file?.close();
  }
}

function partsOf(file: FileHandle, byteLength: number): (start: number, end?: number) => Promise<ArrayBuffer> {
  return async (start, end = byteLength) => {
    const bytes = new Uint8Array(end - start);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    return bytes.buffer.slice(0, bytesRead);
  };
}

/** What Node unpacks; Zstandard from 22.15 on. */
const decompressors: Decompressors = {
  GZIP: (bytes) => zlib.gunzipSync(bytes),
  BROTLI: (bytes) => zlib.brotliDecompressSync(bytes),
  ...("zstdDecompressSync" in zlib ? { ZSTD: zlib.zstdDecompressSync as (bytes: Uint8Array) => Uint8Array } : {}),
};

function unknownEnding(path: string, ending: string): AscentError {
  return new AscentError("file", {
    what: `${path} is no data file by its name`,
    got: `.${ending}`,
    expected: `.${[...Object.keys(FORMATS), "parquet"].join(", .")} (text also packed, with .gz after it)`,
    fix: "Rename it to what it is, or convert it to JSON Lines.",
  });
}
