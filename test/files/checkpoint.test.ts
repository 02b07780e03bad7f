/** The checkpoint container and what it stands on: exact JSON and SHA-256. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AscentError } from "../../src/errors.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../src/files/checkpoint.ts";
import { parseExact, stringifyExact } from "../../src/files/exactJson.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/files/safetensors.ts";
import { sha256, toHex } from "../../src/files/sha256.ts";

const text = (value: string) => new TextEncoder().encode(value);

describe("SHA-256", () => {
  test.each([
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
    [
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
    ],
    ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
  ])("FIPS 180 vector %#", (message, digest) => {
    expect(toHex(sha256(text(message)))).toBe(digest);
  });

  test("agrees with WebCrypto at every length around the block size", async () => {
    for (let length = 0; length <= 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 255);
      const expected = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      expect(sha256(bytes)).toEqual(expected);
    }
  });
});

describe("exact JSON", () => {
  test("keeps special numbers where plain JSON loses them", () => {
    const state = { best: Number.NEGATIVE_INFINITY, mean: Number.NaN, zero: -0, list: [Number.POSITIVE_INFINITY, 0] };
    expect(parseExact(stringifyExact(state))).toEqual(state);
    expect(JSON.parse(JSON.stringify(state))).not.toEqual(state);
  });

  test("any JSON value survives", () => {
    const value = fc.anything({ maxDepth: 4, values: [fc.double(), fc.string(), fc.boolean(), fc.constant(null)] });
    fc.assert(
      fc.property(value, (state) => {
        expect(parseExact(stringifyExact(state))).toEqual(state);
      }),
      { seed: 2 },
    );
  });

  test("refuses what would come back different, saying where", () => {
    const refuse = (value: unknown) => () => stringifyExact({ env: [value] });
    expect(refuse(new Float32Array(2))).toThrow(/state\.env\[0\].*Float32Array/);
    expect(refuse(new Map())).toThrow(/Map/);
    expect(refuse(undefined)).toThrow(/undefined/);
    expect(refuse(1n)).toThrow(/bigint/);
    expect(refuse(() => 1)).toThrow(/function/);
    expect(refuse({ $number: "NaN" })).toThrow(/reserved/);
    const loop: unknown[] = [];
    loop.push(loop);
    expect(refuse(loop)).toThrow(/contains itself/);
    expect(stringifyExact({ a: undefined, b: 1 })).toBe('{"b":1}');
  });
});

const CHECKPOINT: Checkpoint = {
  version: 3,
  arrays: {
    "policy/w": { shape: [2, 2], data: Float32Array.of(1, -0, Number.NaN, 2 ** -149) },
    returns: { shape: [2], data: Float64Array.of(0.1, 1e300) },
    counters: { shape: [3], data: Uint32Array.of(1, 2, 2 ** 32 - 1) },
    zzz: { shape: [1], data: Uint8Array.of(9) },
    sha256: { shape: [1], data: Uint8Array.of(7) },
  },
  state: { step: 12345, best: Number.NEGATIVE_INFINITY, random: [1, 2, 3], name: 'quotes " and ✓' },
};

describe("checkpoint", () => {
  test("comes back exactly, and equal checkpoints give equal bytes", () => {
    const bytes = encodeCheckpoint(CHECKPOINT);
    expect(decodeCheckpoint(bytes, 3)).toEqual(CHECKPOINT);
    const arrays = Object.fromEntries(Object.entries(CHECKPOINT.arrays).reverse());
    expect(encodeCheckpoint({ ...CHECKPOINT, arrays })).toEqual(bytes);
  });

  test("is a valid safetensors file that ends in its digest", () => {
    const bytes = encodeCheckpoint(CHECKPOINT);
    const { tensors } = decodeSafetensors(bytes);
    expect(tensors["arrays/returns"].data).toEqual(CHECKPOINT.arrays.returns.data);
    expect(tensors.sha256.data).toEqual(sha256(bytes.subarray(0, -32)));
  });

  test("a file torn at any length is refused", () => {
    const bytes = encodeCheckpoint(CHECKPOINT);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeCheckpoint(bytes.subarray(0, length)), `cut to ${length}`).toThrow(AscentError);
    }
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect(() => decodeCheckpoint(longer)).toThrow(AscentError);
  });

  test("a file with any single bit flipped is refused", () => {
    const bytes = encodeCheckpoint(CHECKPOINT);
    for (let at = 0; at < bytes.length; at++) {
      bytes[at] ^= 1 << (at % 8);
      expect(() => decodeCheckpoint(bytes), `bit ${at % 8} of byte ${at}`).toThrow(AscentError);
      bytes[at] ^= 1 << (at % 8);
    }
    expect(() => decodeCheckpoint(bytes)).not.toThrow();
  });

  test("a tail of zeros, as a crashed file system leaves it, is refused by checksum", () => {
    const bytes = encodeCheckpoint(CHECKPOINT);
    bytes.fill(0, bytes.length - 60);
    expect(() => decodeCheckpoint(bytes)).toThrow(/SHA-256/);
  });

  test("another version and another kind of file are refused by name", () => {
    expect(() => decodeCheckpoint(encodeCheckpoint(CHECKPOINT), 4)).toThrow(/version 3.*expected version 4/);
    const weights = encodeSafetensors({ w: { dtype: "F32", shape: [1], data: Float32Array.of(1) } });
    expect(() => decodeCheckpoint(weights)).toThrow(/Not a checkpoint/);
    expect(() => encodeCheckpoint({ ...CHECKPOINT, version: 0.5 })).toThrow(/whole number/);
  });
});
