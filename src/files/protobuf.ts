/**
 * The protocol-buffer wire format (protobuf.dev/programming-guides/encoding), as much as TensorBoard events need:
 * varints, fixed 32- and 64-bit fields and length-delimited fields. No schemas: callers name the field numbers.
 */
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";

/** Builds one message, field by field. */
export class ProtobufWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** A whole number from 0 to 2^53 - 1 (wire type 0). */
  varint(field: number, value: number): this {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new AscentError("file", {
        what: `Field ${field} must be a whole number`,
        got: describeValue(value),
        expected: "0 to 2^53 - 1",
        fix: "Round it, or store it as a floating-point field.",
      });
    }
    this.#key(field, 0);
    this.#rawVarint(value);
    return this;
  }

  /** A float64 (wire type 1). */
  double(field: number, value: number): this {
    this.#key(field, 1);
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
    return this;
  }

  /** A float32 (wire type 5). */
  float(field: number, value: number): this {
    this.#key(field, 5);
    this.#reserve(4);
    this.#view.setFloat32(this.#length, value, true);
    this.#length += 4;
    return this;
  }

  /** Text, or an embedded message (wire type 2). */
  block(field: number, value: string | ProtobufWriter): this {
    const content = typeof value === "string" ? new TextEncoder().encode(value) : value.finish();
    this.#key(field, 2);
    this.#rawVarint(content.length);
    this.#reserve(content.length);
    this.#bytes.set(content, this.#length);
    this.#length += content.length;
    return this;
  }

  /** The message's bytes. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #key(field: number, wireType: number): void {
    this.#rawVarint(field * 8 + wireType);
  }

  #rawVarint(value: number): void {
    this.#reserve(10);
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

export type ProtobufField =
  | { field: number; wireType: 0; value: number }
  | { field: number; wireType: 1 | 5; value: number }
  | { field: number; wireType: 2; value: Uint8Array };

/**
 * The fields of a message, in order. Fixed-width fields are read as floats, as all of TensorBoard's are.
 * @throws AscentError "file" when the bytes are not a message.
 */
export function readProtobuf(bytes: Uint8Array): ProtobufField[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: ProtobufField[] = [];
  let at = 0;
  const need = (count: number): number => {
    if (at + count > bytes.length) throw malformed(`${bytes.length - at} bytes left`, `${count}`);
    at += count;
    return at - count;
  };
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      const byte = bytes[need(1)];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw malformed("a number of more than 10 bytes", "at most 10");
  };
  while (at < bytes.length) {
    const key = varint();
    const field = Math.floor(key / 8);
    const wireType = key % 8;
    if (wireType === 0) fields.push({ field, wireType, value: varint() });
    else if (wireType === 1) fields.push({ field, wireType, value: view.getFloat64(need(8), true) });
    else if (wireType === 5) fields.push({ field, wireType, value: view.getFloat32(need(4), true) });
    else if (wireType === 2) {
      const length = varint();
      const start = need(length);
      fields.push({ field, wireType, value: bytes.subarray(start, start + length) });
    } else throw malformed(`wire type ${wireType}`, "0, 1, 2 or 5");
  }
  return fields;
}

function malformed(got: string, expected: string): AscentError {
  return new AscentError("file", {
    what: "Not a protocol-buffer message",
    got,
    expected,
    fix: "Check that it is the file you mean, and whole.",
  });
}
