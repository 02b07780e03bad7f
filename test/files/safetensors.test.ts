/** The weight format: round trips of every dtype, the exact layout, and refusal of every kind of damaged file. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AscentError } from "../../src/errors.ts";
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from "../../src/files/halfFloat.ts";
import { decodeSafetensors, encodeSafetensors, type TensorToStore } from "../../src/files/safetensors.ts";

function fileOf(header: string, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const EVERY_DTYPE: Record<string, TensorToStore> = {
  f64: { dtype: "F64", shape: [2], data: Float64Array.of(Math.PI, -0) },
  f32: { dtype: "F32", shape: [2, 3], data: Float32Array.of(1, Number.NaN, 3, Number.NEGATIVE_INFINITY, 5, -0) },
  f16: { dtype: "F16", shape: [2], data: Float32Array.of(1.5, -2) },
  bf16: { dtype: "BF16", shape: [1, 2], data: Float32Array.of(1.5, -2) },
  i64: { dtype: "I64", shape: [2], data: BigInt64Array.of(-(2n ** 63n), 7n) },
  i32: { dtype: "I32", shape: [2], data: Int32Array.of(-1, 2 ** 31 - 1) },
  u32: { dtype: "U32", shape: [1], data: Uint32Array.of(2 ** 32 - 1) },
  u8: { dtype: "U8", shape: [3], data: Uint8Array.of(0, 128, 255) },
  bool: { dtype: "BOOL", shape: [2], data: Uint8Array.of(1, 0) },
  scalar: { dtype: "F32", shape: [], data: Float32Array.of(42) },
  empty: { dtype: "F32", shape: [0, 4], data: new Float32Array(0) },
};

describe("safetensors", () => {
  test("every dtype comes back bit for bit", () => {
    const { tensors, metadata } = decodeSafetensors(encodeSafetensors(EVERY_DTYPE, { about: 'a "test" – ✓' }));
    expect(metadata).toEqual({ about: 'a "test" – ✓' });
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(EVERY_DTYPE).sort());
    for (const [name, { dtype, shape, data }] of Object.entries(EVERY_DTYPE)) {
      expect(tensors[name].dtype).toBe(dtype);
      expect(tensors[name].shape).toEqual(shape);
      expect(tensors[name].data).toEqual(data);
    }
    expect(tensors.bf16.bits).toEqual(Uint16Array.of(0x3fc0, 0xc000));
    expect(tensors.f16.bits).toEqual(Uint16Array.of(0x3e00, 0xc000));
  });

  test("the layout is the published one, byte for byte", () => {
    const bytes = encodeSafetensors({ a: { dtype: "F32", shape: [1], data: Float32Array.of(1) } });
    const header = '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
    expect(bytes[0]).toBe(Math.ceil(header.length / 8) * 8);
    expect(new TextDecoder().decode(bytes.subarray(8, -4)).trimEnd()).toBe(header);
    expect([...bytes.subarray(-4)]).toEqual([0, 0, 0x80, 0x3f]);
  });

  test("the order of tensors and metadata does not change the bytes, and every tensor is aligned", () => {
    const reversed = Object.fromEntries(Object.entries(EVERY_DTYPE).reverse());
    const bytes = encodeSafetensors(EVERY_DTYPE, { a: "1", b: "2" });
    expect(encodeSafetensors(reversed, { b: "2", a: "1" })).toEqual(bytes);
    const length = new DataView(bytes.buffer).getUint32(0, true);
    expect(length % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(header.f64.data_offsets[0] % 8).toBe(0);
    expect(header.i32.data_offsets[0] % 4).toBe(0);
  });

  test("reads from a view that is not aligned in its buffer", () => {
    const bytes = encodeSafetensors(EVERY_DTYPE);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeSafetensors(shifted.subarray(3)).tensors.f64.data).toEqual(EVERY_DTYPE.f64.data);
  });

  test("any tensors survive the round trip", () => {
    const tensor = fc.float32Array().map((data): TensorToStore => ({ dtype: "F32", shape: [data.length], data }));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), tensor), (tensors) => {
        const { tensors: back } = decodeSafetensors(encodeSafetensors(tensors));
        expect(Object.keys(back).sort()).toEqual(Object.keys(tensors).sort());
        for (const name of Object.keys(tensors)) expect(back[name].data).toEqual(tensors[name].data);
      }),
      { seed: 1 },
    );
  });

  test("a file cut anywhere is refused", () => {
    const bytes = encodeSafetensors(EVERY_DTYPE);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length)), `cut to ${length}`).toThrow(AscentError);
    }
  });

  const entry = (offsets: string, shape = "[1]", dtype = '"F32"') =>
    `{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}`;
  const four = new Uint8Array(4);
  const eight = new Uint8Array(8);
  test.each([
    ["overlapping ranges", fileOf(`{"a":${entry("[0,4]")},"b":${entry("[0,4]")}}`, four), /overlap/],
    ["a gap", fileOf(`{"a":${entry("[4,8]")}}`, eight), /gap/],
    ["a range past the end", fileOf(`{"a":${entry("[0,8]", "[2]")}}`, four), /cut short/],
    ["bytes that no tensor owns", fileOf(`{"a":${entry("[0,4]")}}`, eight), /12|long/],
    ["a length that is not the shape's", fileOf(`{"a":${entry("[0,8]")}}`, eight), /4 for F32/],
    ["reversed offsets", fileOf(`{"a":${entry("[4,0]")}}`, four), /begin ≤ end/],
    ["negative sizes", fileOf(`{"a":${entry("[0,4]", "[-1,-1]")}}`, four), /whole numbers/],
    ["sizes that overflow", fileOf(`{"a":${entry("[0,4]", "[4503599627370496,4503599627370496]")}}`, four), /shape/],
    ["an unknown dtype", fileOf(`{"a":${entry("[0,4]", "[1]", '"F31"')}}`, four), /F31/],
    ["a dtype from the prototype", fileOf(`{"a":${entry("[0,4]", "[1]", '"constructor"')}}`, four), /dtype/],
    ["a header that is not JSON", fileOf("{oops"), /JSON/],
    ["a header that is a list", fileOf("[]"), /object/],
    ["metadata that is not text", fileOf('{"__metadata__":{"a":1}}'), /strings/],
    ["an oversized header", Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0), /claims 4294967296/],
    ["a header longer than the file", Uint8Array.of(200, 0, 0, 0, 0, 0, 0, 0, 123), /cut short/],
  ])("refuses %s", (_name, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(AscentError);
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });

  test("will not encode what it could not read back", () => {
    const data = Float32Array.of(1, 2);
    expect(() => encodeSafetensors({ a: { dtype: "F32", shape: [3], data } })).toThrow(/2 elements/);
    expect(() => encodeSafetensors({ a: { dtype: "I32", shape: [2], data } })).toThrow(/Float32Array.*Int32Array/);
    expect(() => encodeSafetensors({ __metadata__: { dtype: "F32", shape: [2], data } })).toThrow(/named/);
  });
});

describe("16-bit floats", () => {
  test("every finite pattern of both formats survives", () => {
    const wrong: number[] = [];
    const same = (a: number, b: number) => Object.is(a, b);
    for (let bits = 0; bits < 65536; bits++) {
      const half = float16ToFloat32(bits);
      if (!same(float16ToFloat32(float32ToFloat16(half)), half)) wrong.push(bits);
      if (!Number.isNaN(half) && float32ToFloat16(half) !== bits) wrong.push(bits);
      const brain = bfloat16ToFloat32(bits);
      if (!same(bfloat16ToFloat32(float32ToBfloat16(brain)), brain)) wrong.push(bits);
      if (!Number.isNaN(brain) && float32ToBfloat16(brain) !== bits) wrong.push(bits);
    }
    expect(wrong).toEqual([]);
  });

  test("values between two patterns go to the nearest, ties to even", () => {
    const wrong: number[] = [];
    for (let bits = 0; bits < 0x7bff; bits++) {
      const low = float16ToFloat32(bits);
      const step = float16ToFloat32(bits + 1) - low;
      const even = bits % 2 === 0 ? bits : bits + 1;
      if (float32ToFloat16(low + step / 2) !== even) wrong.push(bits);
      if (float32ToFloat16(low + step / 4) !== bits) wrong.push(bits);
      if (float32ToFloat16(-(low + 0.75 * step)) !== ((bits + 1) | 0x8000)) wrong.push(bits);
    }
    expect(wrong).toEqual([]);
    expect(float32ToBfloat16(1 + 2 ** -8)).toBe(0x3f80);
    expect(float32ToBfloat16(1 + 3 * 2 ** -8)).toBe(0x3f82);
    expect(float32ToBfloat16(1 + 2 ** -8 + 2 ** -20)).toBe(0x3f81);
  });

  test("known values and overflow", () => {
    expect(float16ToFloat32(0x7bff)).toBe(65504);
    expect(float16ToFloat32(1)).toBe(2 ** -24);
    expect(float32ToFloat16(65519.996)).toBe(0x7bff);
    expect(float32ToFloat16(65520)).toBe(0x7c00);
    expect(float32ToFloat16(2 ** -26)).toBe(0);
    expect(float32ToBfloat16(3.4e38)).toBe(0x7f80);
  });
});

test("bug: a tensor read from a Node Buffer had the whole file as its data", () => {
  const file = encodeSafetensors({ w: { dtype: "F32", shape: [2], data: new Float32Array([1, 2]) } });
  class SharingSlice extends Uint8Array {
    override slice(begin?: number, end?: number): Uint8Array<ArrayBuffer> {
      return this.subarray(begin, end) as Uint8Array<ArrayBuffer>;
    }
  }
  expect(decodeSafetensors(new SharingSlice(file)).tensors["w"].data).toEqual(new Float32Array([1, 2]));
});

test("shapes whose product is no exact number, or whose bytes are others, are refused", () => {
  const file = (shape: number[], bytes: number) => {
    const header = new TextEncoder().encode(JSON.stringify({ a: { dtype: "U8", shape, data_offsets: [0, bytes] } }));
    const out = new Uint8Array(8 + header.length + bytes);
    new DataView(out.buffer).setUint32(0, header.length, true);
    out.set(header, 8);
    return out;
  };
  expect(decodeSafetensors(file([2, 3], 6)).tensors["a"].shape).toEqual([2, 3]);
  for (const shape of [[2 ** 40, 2 ** 40], [2 ** 53], [-1], [1.5]])
    expect(() => decodeSafetensors(file(shape, 0))).toThrow(/"a" has shape/);
  expect(() => decodeSafetensors(file([2, 3], 5))).toThrow(expect.objectContaining({ code: "file" }));
});
