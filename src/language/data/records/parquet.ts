/** Parquet files, a row group at a time, by hyparquet: in Node and in browsers. */

import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from "hyparquet/src/index.js";
import {
  checkArguments,
  checkOptions,
  having,
  listOf,
  named,
  type OptionChecks,
  optional,
  text,
} from "../../../arguments/checks.ts";
import { AscentError } from "../../../errors.ts";
import { asRecord, type TextRecord } from "./record.ts";

/** A file that parts can be read of. Of a browser's File: { byteLength: file.size, slice: (from, to) => file.slice(from, to).arrayBuffer() }. */
export interface PartialFile {
  readonly byteLength: number;
  /** Bytes from start up to end. */
  slice(start: number, end?: number): ArrayBuffer | Promise<ArrayBuffer>;
}

/** Ways to unpack pages, by the codec's name; Snappy and uncompressed pages need none. */
export type Decompressors = Readonly<
  Partial<Record<"GZIP" | "ZSTD" | "BROTLI", (packed: Uint8Array, length: number) => Uint8Array>>
>;

export interface ParquetOptions {
  /** The columns to read, where the file has them. Default all. */
  columns?: readonly string[];
  decompressors?: Decompressors;
}

/**
 * The records of a Parquet file; no more than one row group of the wanted columns is held.
 *
 * @param file its bytes, or what reads parts of it.
 * @param name its name, for errors.
 * @throws AscentError "file" where it is none, is cut off or is packed in a way that is not supported.
 */
export function parquetRecords(
  file: PartialFile | Uint8Array,
  name: string,
  options: ParquetOptions = {},
): AsyncGenerator<TextRecord> {
  checkArguments("parquetRecords", argumentChecks, { file, name });
  checkOptions("parquetRecords", optionChecks, options);
  return readGroups(file instanceof Uint8Array ? bufferOf(file) : file, name, options);
}

const argumentChecks = { file: having("a file's bytes, or { byteLength, slice }", "byteLength", "slice"), name: text };

const optionChecks: OptionChecks<ParquetOptions> = {
  columns: optional(listOf(text, "a list of names")),
  decompressors: optional(named("functions by codec", (one) => typeof one === "function")),
};

async function* readGroups(
  buffer: PartialFile,
  name: string,
  { columns, decompressors }: ParquetOptions,
): AsyncGenerator<TextRecord> {
  const metadata = await reading(name, () => parquetMetadataAsync(buffer));
  const names = parquetSchema(metadata).children.map((child) => child.element.name);
  const wanted = columns === undefined ? names : names.filter((column) => columns.includes(column));
  let row = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = row + Number(group.num_rows);
    const options = {
      file: buffer,
      metadata,
      columns: wanted,
      rowStart: row,
      rowEnd,
      compressors: { ...decompressors },
    };
    const records = await reading(name, () => parquetReadObjects(options));
    for (const fields of records) {
      row++;
      yield asRecord(withoutBigInts(fields), `${name}, row ${row}`);
    }
  }
}

/** Bytes in memory as a file that parts can be read of. */
export function bufferOf(bytes: Uint8Array): PartialFile {
  return { byteLength: bytes.length, slice: (start, end) => new Uint8Array(bytes.slice(start, end)).buffer };
}

async function reading<Value>(name: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (cause) {
    throw new AscentError(
      "file",
      {
        what: `${name} cannot be read as Parquet`,
        got: cause instanceof Error ? cause.message : String(cause),
        expected:
          "a complete file, uncompressed or packed with Snappy (in Node also gzip, Brotli and, from 22.15 on, Zstandard)",
        fix: "Write it again, or as JSON Lines.",
      },
      { cause },
    );
  }
}

/** 64-bit integers come as BigInt; labels and margins are numbers. */
function withoutBigInts(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(withoutBigInts);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutBigInts(one)]));
}
