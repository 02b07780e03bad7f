/**
 * SHA-256 (FIPS 180-4), synchronous and the same in Node and in browsers. WebCrypto has it too, but only behind a
 * promise, and a checkpoint must be written between two synchronous training steps. It guards files against damage; it
 * is not meant for secrets.
 */

import { bytes as bytesCheck, checkArgument } from "../arguments/checks.ts";

const PRIMES = /* @__PURE__ */ firstPrimes(64);
/** Round constants K (FIPS 180-4, section 4.2.2): the first 32 bits of the fractions of the primes' cube roots. */
const K = /* @__PURE__ */ Int32Array.from(PRIMES, (prime) => (cubeRoot(prime) % 1) * 2 ** 32);
/** Initial hash value H(0) (FIPS 180-4, section 5.3.3): the same of the first eight primes' square roots. */
const INITIAL = /* @__PURE__ */ Int32Array.from(PRIMES.slice(0, 8), (prime) => (Math.sqrt(prime) % 1) * 2 ** 32);

/** The 32-byte SHA-256 digest of `bytes`. */
export function sha256(bytes: Uint8Array): Uint8Array {
  checkArgument("sha256: bytes", bytesCheck, bytes);
  const hash = new Int32Array(INITIAL);
  const schedule = new Int32Array(64);
  const whole = bytes.length - (bytes.length % 64);
  for (let at = 0; at < whole; at += 64) compress(hash, bytes, at, schedule);

  // Padding (section 5.1.1): a 1 bit, zeros, and the length in bits as a 64-bit big-endian number.
  const rest = bytes.length - whole;
  const tail = new Uint8Array(rest < 56 ? 64 : 128);
  tail.set(bytes.subarray(whole));
  tail[rest] = 0x80;
  const view = new DataView(tail.buffer);
  view.setUint32(tail.length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(tail.length - 4, (bytes.length << 3) >>> 0);
  for (let at = 0; at < tail.length; at += 64) compress(hash, tail, at, schedule);

  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  for (let i = 0; i < 8; i++) out.setInt32(4 * i, hash[i]);
  return digest;
}

/** Lower-case hexadecimal of any bytes. */
export function toHex(bytes: Uint8Array): string {
  checkArgument("toHex: bytes", bytesCheck, bytes);
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime > 0)) primes.push(n);
  return primes;
}

/** By Newton's steps: Math.cbrt may differ between engines. Good to the last bits for 1 < x < 1000. */
function cubeRoot(x: number): number {
  let root = x;
  for (let step = 0; step < 20; step++) root -= (root - x / (root * root)) / 3;
  return root;
}

/** One 64-byte block (FIPS 180-4, section 6.2.2). */
function compress(hash: Int32Array, bytes: Uint8Array, at: number, w: Int32Array): void {
  for (let t = 0, i = at; t < 16; t++, i += 4) {
    w[t] = (bytes[i] << 24) | (bytes[i + 1] << 16) | (bytes[i + 2] << 8) | bytes[i + 3];
  }
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15];
    const y = w[t - 2];
    const sigma0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const sigma1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = (sigma1 + w[t - 7] + sigma0 + w[t - 16]) | 0;
  }
  let a = hash[0];
  let b = hash[1];
  let c = hash[2];
  let d = hash[3];
  let e = hash[4];
  let f = hash[5];
  let g = hash[6];
  let h = hash[7];
  for (let t = 0; t < 64; t++) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + sum1 + choice + K[t] + w[t]) | 0;
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + sum0 + majority) | 0;
  }
  hash[0] += a;
  hash[1] += b;
  hash[2] += c;
  hash[3] += d;
  hash[4] += e;
  hash[5] += f;
  hash[6] += g;
  hash[7] += h;
}
