import { closeSync, copyFileSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as zlib from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { characterTokenizer } from "../../../src/language/tokenizer/characterTokenizer.ts";
import { loadTextData, readTextRecords } from "../../../src/node/language/textFiles.ts";

const folder = mkdtempSync(join(tmpdir(), "ascent-text-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);
const tokenizer = characterTokenizer("abcdefghij0123456789 ");

const examples = [
  { prompt: "a", chosen: "b", rejected: "c" },
  { prompt: "d", chosen: "e", rejected: "f" },
];
const lines = examples.map((example) => `${JSON.stringify(example)}\n`).join("");
const files: Record<string, string | Uint8Array> = {
  "pairs.jsonl": lines,
  "pairs.ndjson": lines,
  "pairs.json": JSON.stringify(examples, null, 2),
  "lines.json": lines,
  "pairs.jsonl.gz": zlib.gzipSync(lines),
  "PAIRS.JSONL": lines,
};

async function countOf(name: string): Promise<number> {
  let count = 0;
  for await (const _ of readTextRecords(path(name))) count++;
  return count;
}

test.each(Object.entries(files))("%s", async (name, content) => {
  writeFileSync(path(name), content);
  const data = await loadTextData(path(name), tokenizer);
  expect(data.kind).toBe("preference");
  expect([data.rows.at(0), data.rows.at(-1), data.rows.length, data.rows.at(2)]).toEqual([
    { prompt: [14], chosen: [15, 2], rejected: [16, 2] },
    { prompt: [17], chosen: [18, 2], rejected: [19, 2] },
    2,
    undefined,
  ]);
});

test("parts of one data set, one after the other", async () => {
  writeFileSync(path("part-1.jsonl"), lines);
  writeFileSync(path("part-2.json"), JSON.stringify([{ prompt: "g", chosen: "h", rejected: "i" }]));
  const data = await loadTextData([path("part-1.jsonl"), path("part-2.json")], tokenizer, { kinds: ["preference"] });
  expect([data.rows.length, data.rows.at(2)!.prompt]).toEqual([3, [20]]);
  expect(() => loadTextData([], tokenizer)).toThrow("loadTextData: path");
});

describe("Parquet", () => {
  const hasZstd = "zstdDecompressSync" in zlib;
  test.each(["snappy", "gzip", "brotli", ...(hasZstd ? ["zstd"] : [])])("packed with %s", async (packing) => {
    const source = new URL(`../../golden/text/preferences.${packing}.parquet`, import.meta.url);
    copyFileSync(source, path("pairs.parquet"));
    expect(await countOf("pairs.parquet")).toBe(3);
  });

  test("of its columns those are read that say what to learn, and those to keep", async () => {
    copyFileSync(new URL("../../golden/text/preferences.snappy.parquet", import.meta.url), path("pairs.parquet"));
    for await (const { fields } of readTextRecords(path("pairs.parquet"), ["source"]))
      expect(Object.keys(fields).sort()).toEqual(["chosen", "margin", "prompt", "rejected", "source"]);
  });

  test("that is none is named", async () => {
    writeFileSync(path("text.parquet"), lines);
    await expect(countOf("text.parquet")).rejects.toThrow("text.parquet cannot be read as Parquet");
  });
});

test("files that are not there, of no known ending, or packed badly", async () => {
  await expect(loadTextData(path("none.jsonl"), tokenizer)).rejects.toThrow(
    /Could not read .*none\.jsonl: the file or its folder/,
  );
  await expect(loadTextData(path("none.parquet"), tokenizer)).rejects.toThrow(/Could not read .*none\.parquet/);
  await expect(loadTextData(path("none.jsonl.gz"), tokenizer)).rejects.toThrow(/Could not read .*none\.jsonl\.gz/);
  await expect(loadTextData(path("pairs.csv"), tokenizer)).rejects.toThrow(
    "got .csv, expected .jsonl, .ndjson, .json, .parquet",
  );
  writeFileSync(path("cut.jsonl.gz"), zlib.gzipSync(lines).subarray(0, 40));
  await expect(loadTextData(path("cut.jsonl.gz"), tokenizer)).rejects.toThrow(/Could not read .*cut\.jsonl\.gz/);
});

test("a large file is streamed: what is held does not grow with it", async () => {
  const file = openSync(path("large.jsonl"), "w");
  const some = Array.from({ length: 1000 }, (_, i) => `${JSON.stringify({ text: `${i} `.repeat(200), i })}\n`).join("");
  for (let i = 0; i < 60; i++) writeSync(file, some);
  closeSync(file);
  const size = 60 * some.length;
  expect(size).toBeGreaterThan(40e6);
  let count = 0;
  let most = 0;
  const before = process.memoryUsage().heapUsed + process.memoryUsage().external;
  for await (const { fields } of readTextRecords(path("large.jsonl"))) {
    if (fields.i !== count % 1000) throw new Error(`line ${count}`);
    if (++count % 5000 === 0) {
      const { heapUsed, external } = process.memoryUsage();
      most = Math.max(most, heapUsed + external - before);
    }
  }
  expect(count).toBe(60_000);
  // What the collector has not taken away yet, not the file.
  expect(most).toBeLessThan(size);
});
