/** Parquet files written by pyarrow: conversations in nested columns, row groups, nulls, packings. Node only: they are read from disk. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parquetRecords } from "../../../src/language/data/records/parquet.ts";
import { readTextData } from "../../../src/language/data/textData.ts";
import { recordingTokenizer } from "./recordingTokenizer.ts";
import { rowsOf } from "./support.ts";

const bytesOf = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../golden/text/${name}.parquet`, import.meta.url)));

async function recordsIn(name: string, columns?: readonly string[]) {
  const found = [];
  for await (const record of parquetRecords(bytesOf(name), name, { columns })) found.push(record);
  return found;
}

test("rows of all row groups in order, with lists of messages, nulls and numbers", async () => {
  const records = await recordsIn("preferences.snappy");
  expect(records.map(({ place }) => place)).toEqual([1, 2, 3].map((row) => `preferences.snappy, row ${row}`));
  expect(records[1].fields).toEqual({
    prompt: [
      { role: "system", content: "You are kind." },
      { role: "user", content: "Café?" },
    ],
    chosen: [{ role: "assistant", content: "Yes 😀" }],
    rejected: [{ role: "assistant", content: "" }],
    margin: 0.5,
    score: 2,
    source: null,
  });
});

test("columns that are not wanted are not read; labels are true or false", async () => {
  const records = await recordsIn("unpaired", ["prompt", "completion", "label", "text"]);
  expect(records.map(({ fields }) => fields)).toEqual([
    { prompt: "a", completion: "c", label: true },
    { prompt: "b", completion: "d", label: false },
  ]);
});

test("as preferences with the recorded tokenizer and its chat template", async () => {
  const tokenizer = recordingTokenizer();
  const data = await readTextData(parquetRecords(bytesOf("preferences.snappy"), "p"), tokenizer);
  expect(data.kind).toBe("preference");
  const [first, second, third] = rowsOf(data) as {
    prompt: number[];
    chosen: number[];
    rejected: number[];
    margin?: number;
  }[];
  // The first prompt is the first recorded conversation.
  expect(first.prompt).toEqual([1, 3, 379, 372, 305, 321, 290, 265, 267, 69, 290, 18, 203, 4]);
  expect(tokenizer.decode(first.chosen)).toBe("Yes, I can help with that.<|eos|>");
  expect([second.rejected, second.margin, third.margin]).toEqual([[2], 0.5, undefined]);
  expect(data.report).toMatchObject({ read: 3, rows: 3, emptyCompletions: 1, withoutEos: 0 });
});

test("a packing that is not there is named", async () => {
  await expect(recordsIn("preferences.zstd")).rejects.toThrow(
    "preferences.zstd cannot be read as Parquet: got parquet unsupported compression codec: ZSTD",
  );
});

test("a file that is cut off", async () => {
  const whole = bytesOf("preferences.snappy");
  const records = parquetRecords(whole.slice(0, 1500), "cut.parquet");
  await expect(records.next()).rejects.toThrow("cut.parquet cannot be read as Parquet");
});
