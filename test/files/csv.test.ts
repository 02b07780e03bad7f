/** Comma-separated values: RFC 4180 quoting both ways. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatCsv, formatCsvRow, parseCsv, parseCsvRecords } from "../../src/files/csv.ts";

test("quotes only where needed", () => {
  expect(formatCsvRow(["a", 'b"c', "d,e", "f\ng", 0.1, undefined, true, -0])).toBe(
    'a,"b""c","d,e","f\ng",0.1,,true,-0\n',
  );
});

test("any table survives the round trip", () => {
  const table = fc.integer({ min: 1, max: 4 }).chain((width) =>
    fc.tuple(
      fc.array(fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " ", "é") }), {
        minLength: width,
        maxLength: width,
      }),
      fc.array(fc.array(fc.string(), { minLength: width, maxLength: width })),
    ),
  );
  fc.assert(
    fc.property(table, ([header, rows]) => {
      expect(parseCsv(formatCsv(header, rows))).toEqual({ header, rows });
    }),
    { seed: 3 },
  );
});

test("numbers read back as the same float64", () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      expect(Number(parseCsv(formatCsv(["x"], [[value]])).rows[0][0])).toEqual(value);
    }),
    { seed: 4 },
  );
});

test("reads CRLF and a missing last line end", () => {
  expect(parseCsv('a,b\r\n1,"x\r\ny"\r\n3,4')).toEqual({
    header: ["a", "b"],
    rows: [
      ["1", "x\r\ny"],
      ["3", "4"],
    ],
  });
});

test("tells a torn last record from a whole one, also inside quotes", () => {
  expect(parseCsvRecords("a\n12").map(({ complete, end }) => [complete, end])).toEqual([
    [true, 2],
    [false, 4],
  ]);
  expect(parseCsvRecords('a\n"1\n')[1].complete).toBe(false);
});

test("refuses ragged rows, stray text and nothing at all", () => {
  expect(() => parseCsv("a,b\n1\n")).toThrow(/1 cells.*2/);
  expect(() => parseCsv('a\n"1"2\n')).toThrow(/stray/);
  expect(() => parseCsv("")).toThrow(/empty/);
  expect(() => formatCsv(["a"], [[1, 2]])).toThrow(/2 cells/);
});
