import { describe, expect, test } from "vitest";
import { jsonRecords } from "../../../src/language/data/records/json.ts";
import { jsonLineRecords } from "../../../src/language/data/records/jsonLines.ts";
import { parquetRecords } from "../../../src/language/data/records/parquet.ts";
import type { Chunks, TextRecord } from "../../../src/language/data/records/record.ts";
import { smallParquet } from "./smallParquet.ts";

const encoder = new TextEncoder();

/** A text's bytes in pieces of some length: characters and lines are cut anywhere. */
function* pieces(text: string, length: number): Generator<Uint8Array> {
  const bytes = encoder.encode(text);
  for (let from = 0; from < bytes.length; from += length) yield bytes.slice(from, from + length);
}

async function all(records: AsyncIterable<TextRecord>): Promise<TextRecord[]> {
  const found: TextRecord[] = [];
  for await (const record of records) found.push(record);
  return found;
}

const texts = ["plain", "Ünï 😀 中", 'quotes " and \\ [brackets] {braces},', "line\nbreak\u2028"];
const examples = texts.map((text, number) => ({ text, number, inner: { list: [1, [2]], none: null } }));
const sizes = [1, 2, 3, 7, 64, 1000];

describe("JSON Lines", () => {
  const file = examples.map((example) => `${JSON.stringify(example)}\n`).join("");

  test.each(sizes)("in pieces of %i bytes", async (size) => {
    const records = await all(jsonLineRecords(pieces(file, size), "a.jsonl"));
    expect(records.map(({ fields }) => fields)).toEqual(examples);
    expect(records.map(({ place }) => place)).toEqual([1, 2, 3, 4].map((line) => `a.jsonl, line ${line}`));
  });

  test("Windows's line ends, blank lines, a byte order mark, no line end at the end", async () => {
    const text = `\ufeff{"text":"a"}\r\n\r\n  \n{"text":"b"}`;
    for (const chunks of [pieces(text, 2), [text]] as Chunks[]) {
      const records = await all(jsonLineRecords(chunks, "a.jsonl"));
      expect(records).toEqual([
        { fields: { text: "a" }, place: "a.jsonl, line 1" },
        { fields: { text: "b" }, place: "a.jsonl, line 4" },
      ]);
    }
  });

  test.each([
    ['{"text":"a"}\n{"text":"b"\n', "a.jsonl, line 2 is no JSON: got"],
    ['{"text":"a"}\n["b"]\n', "a.jsonl, line 2: got a list, expected an object with fields"],
    ['{"text":"a"}\nnull\n', "a.jsonl, line 2: got null"],
    ["7", "a.jsonl, line 1: got a number"],
    ['{"text":"cut o', "a.jsonl, line 1 is no JSON"],
  ])("%j", async (text, message) => {
    await expect(all(jsonLineRecords(pieces(text, 5), "a.jsonl"))).rejects.toThrow(message);
  });

  test("bytes that are no UTF-8, such as a packed file's", async () => {
    const bytes = Uint8Array.of(0x1f, 0x8b, 0x08, 0x00, 0xff);
    await expect(all(jsonLineRecords([bytes], "a.jsonl.gz"))).rejects.toThrow("a.jsonl.gz is no UTF-8 text");
    await expect(all(jsonLineRecords([encoder.encode("é").slice(0, 1)], "a.jsonl"))).rejects.toThrow("no UTF-8");
  });

  test("is read as it comes: a file far larger than what is held, only as far as it is wanted", async () => {
    let given = 0;
    function* endless() {
      const chunk = encoder.encode(`{"text":"${"x".repeat(1000)}"}\n`.repeat(65));
      for (;;) {
        given++;
        yield chunk;
      }
    }
    let read = 0;
    for await (const { fields } of jsonLineRecords(endless(), "endless.jsonl")) {
      if ((fields.text as string).length !== 1000) throw new Error("another text");
      if (++read === 20_000) break;
    }
    expect(given).toBe(Math.ceil(20_000 / 65));
  });
});

test("a file without line ends does not fill the memory", async () => {
  function* endless() {
    yield '{"text":"';
    const piece = "x".repeat(1 << 22);
    for (;;) yield piece;
  }
  await expect(all(jsonLineRecords(endless(), "a.jsonl"))).rejects.toThrow(
    "a.jsonl, line 1 is too long: got more than 134217728 characters",
  );
});

describe("JSON", () => {
  const files: Record<string, string> = {
    "a list": JSON.stringify(examples),
    "a list over lines": JSON.stringify(examples, null, 2),
    "objects one after the other": examples.map((example) => JSON.stringify(example, null, 1)).join("\n"),
    "JSON Lines": examples.map((example) => JSON.stringify(example)).join("\n"),
  };

  test.each(Object.entries(files).flatMap(([name, file]) => sizes.map((size) => [name, size, file] as const)))(
    "%s in pieces of %i bytes",
    async (_, size, file) => {
      const records = await all(jsonRecords(pieces(file, size), "a.json"));
      expect(records.map(({ fields }) => fields)).toEqual(examples);
    },
  );

  test("places are the lines where objects begin", async () => {
    const records = await all(jsonRecords(['[\n {"a": "x\\ny"},\n\n {"a":\n 2}\n]\n'], "a.json"));
    expect(records.map(({ place }) => place)).toEqual(["a.json, line 2", "a.json, line 4"]);
  });

  test("an empty list and an empty file hold nothing", async () => {
    expect(await all(jsonRecords([" [ ] \n"], "a.json"))).toEqual([]);
    expect(await all(jsonRecords([], "a.json"))).toEqual([]);
  });

  test.each([
    ['[{"a":1},\n{"a":2', "a.json is cut off: got an object of line 2 without its end"],
    ['[{"a":1}', "a.json is cut off: got a list without its end"],
    ['[{"a":1} {"a":2}]', 'a.json, line 1: got "{", expected a comma between objects'],
    ['[{"a":1}\n,]', 'a.json, line 2: got "]"'],
    ['[{"a":1}]\n7', 'a.json, line 2: got "7", expected the end of the file'],
    ["[1, 2]", 'a.json, line 1: got "1", expected a list of objects'],
    ['[{"a":1},\n{"a":tru}]', "a.json, line 2 is no JSON"],
    ['"text"', 'line 1: got "\\""'],
  ])("%j", async (text, message) => {
    await expect(all(jsonRecords(pieces(text, 4), "a.json"))).rejects.toThrow(message);
  });
});

test("Parquet from memory, and from what gives parts of it, as a browser's File does", async () => {
  const wanted = [
    { prompt: "a", completion: "c", label: true, id: 1 },
    { prompt: "b", completion: "d", label: false, id: 2 },
  ];
  const blob = new Blob([smallParquet]);
  const parts = { byteLength: blob.size, slice: (from: number, to?: number) => blob.slice(from, to).arrayBuffer() };
  for (const file of [smallParquet, parts]) {
    const records = await all(parquetRecords(file, "a.parquet"));
    expect(records.map(({ fields }) => fields)).toEqual(wanted);
  }
});

test("bytes that are no Parquet", async () => {
  const bytes = encoder.encode("PAR1 not at all, this is a text PAR1");
  await expect(all(parquetRecords(bytes, "a.parquet"))).rejects.toThrow("a.parquet cannot be read as Parquet: got");
  await expect(all(parquetRecords(new Uint8Array(3), "a.parquet"))).rejects.toThrow(
    "a.parquet cannot be read as Parquet",
  );
});
