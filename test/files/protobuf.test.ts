/** The wire format at its edges: long numbers, long keys, what is no message; and events that others have written. */
import { describe, expect, test } from "vitest";
import { maskedCrc32c } from "../../src/files/crc32c.ts";
import { ProtobufWriter, readProtobuf } from "../../src/files/protobuf.ts";
import {
  fileVersionRecord,
  readTensorboardScalars,
  scalarsRecord,
  sessionStartRecord,
} from "../../src/files/tensorboardEvents.ts";

describe("messages", () => {
  test.each([
    [0, [8, 0]],
    [127, [8, 127]],
    [128, [8, 128, 1]],
    [300, [8, 172, 2]],
    [2 ** 32, [8, 128, 128, 128, 128, 16]],
    [2 ** 53 - 1, [8, 255, 255, 255, 255, 255, 255, 255, 15]],
  ])("the number %d", (value, bytes) => {
    const written = new ProtobufWriter().varint(1, value).finish();
    expect([...written]).toEqual(bytes);
    expect(readProtobuf(written)).toEqual([{ field: 1, wireType: 0, value }]);
  });

  test("fields of all kinds, one behind the other, with keys of one byte and of two", () => {
    const inner = new ProtobufWriter().varint(2, 5);
    const written = new ProtobufWriter().double(15, 0.5).float(16, -2).block(300, "é").block(3, inner).finish();
    expect([...written.subarray(0, 1)]).toEqual([15 * 8 + 1]);
    expect([...written.subarray(9, 11)]).toEqual([133, 1]);
    expect(readProtobuf(written)).toEqual([
      { field: 15, wireType: 1, value: 0.5 },
      { field: 16, wireType: 5, value: -2 },
      { field: 300, wireType: 2, value: Uint8Array.of(0xc3, 0xa9) },
      { field: 3, wireType: 2, value: Uint8Array.of(16, 5) },
    ]);
  });

  test("one that is longer than the first buffer, and one that just fills it", () => {
    for (const length of [252, 253, 254, 255, 256, 1000, 5000]) {
      const words = "w".repeat(length);
      const [{ value }] = readProtobuf(new ProtobufWriter().block(1, words).varint(2, 7).finish());
      expect(new TextDecoder().decode(value as Uint8Array)).toBe(words);
    }
    const writer = new ProtobufWriter();
    for (let i = 0; i < 100; i++) writer.double(1, i).float(2, i).varint(3, i);
    expect(readProtobuf(writer.finish()).map(({ value }) => value)).toEqual(
      Array.from({ length: 100 }, (_, i) => [i, i, i]).flat(),
    );
  });

  test.each([-1, 0.5, 2 ** 53, Number.NaN])("%d is no number of a field", (value) => {
    expect(() => new ProtobufWriter().varint(4, value)).toThrow(/Field 4 must be a whole number/);
  });

  test.each([
    ["a key without a value", [8], /0 bytes left, expected 1/],
    ["a float cut short", [13, 1, 2, 3], /3 bytes left, expected 4/],
    ["a double cut short", [9, 1], /1 bytes left, expected 8/],
    ["a block that is longer than what follows", [10, 3, 1, 2], /2 bytes left, expected 3/],
    ["a number without an end", [8, ...new Array(11).fill(255)], /more than 10 bytes/],
    ["another kind of field", [11, 0], /wire type 3/],
  ])("%s is none", (_, bytes, message) => {
    expect(() => readProtobuf(Uint8Array.from(bytes))).toThrow(message);
  });

  test("a number of ten bytes is one", () => {
    const [{ value }] = readProtobuf(Uint8Array.from([8, ...new Array(9).fill(128), 1]));
    expect(value).toBe(2 ** 63);
  });
});

describe("event files", () => {
  /** A record around any message. */
  function framed(message: ProtobufWriter): Uint8Array {
    const data = message.finish();
    const record = new Uint8Array(data.length + 16);
    const view = new DataView(record.buffer);
    view.setUint32(0, data.length, true);
    view.setUint32(8, maskedCrc32c(record, 0, 8), true);
    record.set(data, 12);
    view.setUint32(12 + data.length, maskedCrc32c(data), true);
    return record;
  }

  test("steps and times beyond 32 bits, and a step of 0", () => {
    const step = 2 ** 40 + 3;
    const [scalar] = readTensorboardScalars(scalarsRecord(1.75e9 + 0.125, step, { a: 1.5 })).scalars;
    expect(scalar).toEqual({ tag: "a", step, value: 1.5, wallTime: 1.75e9 + 0.125 });
    expect(readTensorboardScalars(scalarsRecord(1, 0, { b: -1 })).scalars[0].step).toBe(0);
    expect(readTensorboardScalars(sessionStartRecord(1, step)).sessionStarts).toEqual([step]);
  });

  test("what others write is passed over: other fields, other kinds of values, sessions that stop", () => {
    const image = new ProtobufWriter().block(1, "picture").block(4, "…");
    const value = new ProtobufWriter().block(7, "node").block(1, "loss").float(2, 2);
    const summary = new ProtobufWriter().block(1, image).varint(9, 3).block(1, value);
    const event = new ProtobufWriter().block(9, "other").block(5, summary);
    const stop = new ProtobufWriter().varint(2, 9).block(7, new ProtobufWriter().varint(1, 2));
    const bytes = [fileVersionRecord(3), framed(event), framed(stop)].flatMap((record) => [...record]);
    expect(readTensorboardScalars(Uint8Array.from([7, 7, 7, ...bytes]).subarray(3))).toEqual({
      fileVersion: "brain.Event:2",
      scalars: [{ tag: "loss", step: 0, value: 2, wallTime: 0 }],
      sessionStarts: [],
      truncated: false,
    });
  });

  test("cut anywhere in its second record it has the first, and says so", () => {
    const whole = [...scalarsRecord(1, 1, { a: 1 }), ...scalarsRecord(1, 2, { a: 2 })];
    const first = scalarsRecord(1, 1, { a: 1 }).length;
    for (let length = first + 1; length < whole.length; length++) {
      const { scalars, truncated } = readTensorboardScalars(Uint8Array.from(whole.slice(0, length)));
      expect([scalars.length, truncated]).toEqual([1, true]);
    }
    expect(readTensorboardScalars(Uint8Array.from(whole)).truncated).toBe(false);
  });

  test("damage is named by the byte and the part, with both sums", () => {
    const bytes = [...scalarsRecord(1, 1, { a: 1 }), ...scalarsRecord(1, 2, { a: 2 })];
    const second = bytes.length / 2;
    const damaged = (at: number) => Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 1 : byte));
    expect(() => readTensorboardScalars(damaged(second))).toThrow(
      new RegExp(`at byte ${second}: the CRC of a record's length`),
    );
    const sums = /got 0x[0-9a-f]+, expected 0x[0-9a-f]+/;
    expect(() => readTensorboardScalars(damaged(second + 14))).toThrow(sums);
    expect(() => readTensorboardScalars(damaged(second + 14))).toThrow(
      new RegExp(`at byte ${second + 12}: the CRC of a record's data`),
    );
  });
});
