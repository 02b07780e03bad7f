/**
 * CRC-32C (Castagnoli polynomial, RFC 3720 appendix B.4) and the "masked" form TFRecord files use. Detects damage, not
 * tampering: for that there is sha256.ts.
 */

import { bytes as bytesCheck, checkArgument, wholeNumber } from "../arguments/checks.ts";

const REVERSED_POLYNOMIAL = 0x82f63b78;
const place = wholeNumber();
let table: Uint32Array | undefined;

function buildTable(): Uint32Array {
  const entries = new Uint32Array(256);
  for (let n = 0; n < 256; n++) {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ REVERSED_POLYNOMIAL : value >>> 1;
    entries[n] = value;
  }
  return entries;
}

/** CRC-32C of bytes[start, end) as an unsigned 32-bit number; "123456789" gives 0xe3069283. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes?.length): number {
  checkArgument("crc32c: bytes", bytesCheck, bytes);
  checkArgument("crc32c: start", place, start);
  checkArgument("crc32c: end", place, end);
  table ??= buildTable();
  let crc = 0xffffffff;
  for (let i = start; i < end; i++) crc = table[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/**
 * The masked CRC of TFRecord framing (TensorFlow, core/lib/hash/crc32c.h): rotated right by 15 bits plus a constant, so
 * that a CRC over data that itself holds CRCs stays useful.
 */
export function maskedCrc32c(bytes: Uint8Array, start = 0, end = bytes?.length): number {
  checkArgument("maskedCrc32c: bytes", bytesCheck, bytes);
  checkArgument("maskedCrc32c: start", place, start);
  checkArgument("maskedCrc32c: end", place, end);
  const crc = crc32c(bytes, start, end);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
