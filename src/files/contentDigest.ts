/** A checksum over what a file of tensors means, whatever the order or alignment its bytes lie in. */
import { sha256, toHex } from "./sha256.ts";

/** SHA-256, in hexadecimal, of a text and of every tensor's name and bytes in order of name. */
export function contentDigest(text: string, tensors: Readonly<Record<string, { data: ArrayBufferView }>>): string {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [encoder.encode(text)];
  for (const name of Object.keys(tensors).sort()) {
    const { buffer, byteOffset, byteLength } = tensors[name].data;
    parts.push(encoder.encode(name), new Uint8Array(buffer, byteOffset, byteLength));
  }
  const all = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return toHex(sha256(all));
}
