/** TensorBoard records: published CRC vectors, the exact bytes, and damage. */
import { describe, expect, test } from "vitest";
import { AscentError } from "../../src/errors.ts";
import { crc32c, maskedCrc32c } from "../../src/files/crc32c.ts";
import { toHex } from "../../src/files/sha256.ts";
import {
  fileVersionRecord,
  readTensorboardScalars,
  scalarsRecord,
  sessionStartRecord,
} from "../../src/files/tensorboardEvents.ts";

const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

describe("CRC-32C", () => {
  test.each([
    [new TextEncoder().encode("123456789"), 0xe3069283],
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(255), 0x62a8ab43],
    [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    [new Uint8Array(0), 0],
  ])("RFC 3720 vector %#", (bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  test("masking follows its definition", () => {
    const bytes = new TextEncoder().encode("123456789");
    const rotated = ((0xe3069283 >>> 15) | (0xe3069283 << 17)) >>> 0;
    expect(maskedCrc32c(bytes)).toBe((rotated + 0xa282ead8) % 2 ** 32);
  });
});

describe("records", () => {
  test("a file-version record has the bytes of the protocol", () => {
    const record = fileVersionRecord(1.5);
    // Event { wall_time = 1.5 (field 1, fixed64), file_version = "brain.Event:2" (field 3) }
    expect(toHex(record.subarray(12, -4))).toBe("09000000000000f83f1a0d627261696e2e4576656e743a32");
    expect(record[0]).toBe(24);
  });

  test("scalars, versions and session starts are read back", () => {
    const bytes = join(
      fileVersionRecord(10),
      sessionStartRecord(11, 300),
      scalarsRecord(12.25, 5_000_000_000, { "rollout/return": 1.5, "losses/value": -2, broken: Number.NaN }),
    );
    expect(readTensorboardScalars(bytes)).toEqual({
      fileVersion: "brain.Event:2",
      sessionStarts: [300],
      truncated: false,
      scalars: [
        { tag: "rollout/return", step: 5_000_000_000, value: 1.5, wallTime: 12.25 },
        { tag: "losses/value", step: 5_000_000_000, value: -2, wallTime: 12.25 },
        { tag: "broken", step: 5_000_000_000, value: Number.NaN, wallTime: 12.25 },
      ],
    });
  });

  test("a torn last record is left out and told", () => {
    const whole = join(fileVersionRecord(1), scalarsRecord(1, 1, { a: 1 }));
    const next = scalarsRecord(2, 2, { a: 2 });
    for (let length = 1; length < next.length; length++) {
      const file = readTensorboardScalars(join(whole, next.subarray(0, length)));
      expect(file.truncated).toBe(true);
      expect(file.scalars.map(({ step }) => step)).toEqual([1]);
    }
  });

  test("any flipped bit is found", () => {
    const bytes = join(fileVersionRecord(1), scalarsRecord(1, 1, { a: 1 }));
    for (let at = 0; at < bytes.length; at++) {
      bytes[at] ^= 1 << (at % 8);
      expect(() => readTensorboardScalars(bytes), `byte ${at}`).toThrow(AscentError);
      bytes[at] ^= 1 << (at % 8);
    }
  });

  test("a step that is not a whole number is refused", () => {
    expect(() => scalarsRecord(1, 0.5, { a: 1 })).toThrow(/whole number/);
    expect(() => scalarsRecord(1, -1, { a: 1 })).toThrow(/whole number/);
  });

  test("more scalars than fit the first buffer", () => {
    const figures = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`metrics/number-${i}`, i]));
    expect(readTensorboardScalars(scalarsRecord(1, 1, figures)).scalars).toHaveLength(100);
  });
});
