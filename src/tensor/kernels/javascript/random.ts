/** Random numbers in plain JavaScript, those of assembly/random.ts: functions of a key and a position. Places are in words. */

import { threefry2x32 } from "../../../math/threefry.ts";
import { cos, log, sin } from "./scalars.ts";
import type { Views } from "./views.ts";

const f = Math.fround;
const pair = new Uint32Array(2);
const TWO_PI = f(6.283185307179586);

const toUnit = (word: number) => f(f((word >>> 9) + 0.5) * 2 ** -23);

/** Pair number `index` of a key: seed low, seed high, stream, step. */
function draw(ints: Int32Array, key: number, index: number): void {
  threefry2x32(ints[key], ints[key + 1] ^ (ints[key + 2] << 21), index, ints[key + 3], pair);
}

export function uniform({ floats, ints }: Views, out: number, key: number, count: number): void {
  for (let i = 0; i < count; i += 2) {
    draw(ints, key, i >> 1);
    floats[out + i] = toUnit(pair[0]);
    if (i + 1 < count) floats[out + i + 1] = toUnit(pair[1]);
  }
}

export function normal({ floats, ints }: Views, out: number, key: number, count: number): void {
  for (let i = 0; i < count; i += 2) {
    draw(ints, key, i >> 1);
    const radius = f(Math.sqrt(f(-2 * log(toUnit(pair[0])))));
    const angle = f(TWO_PI * toUnit(pair[1]));
    floats[out + i] = radius * cos(angle);
    if (i + 1 < count) floats[out + i + 1] = radius * sin(angle);
  }
}

export function deriveKey({ ints }: Views, out: number, key: number, hold: number, fold: number): void {
  let [seed0, seed1, stream] = [ints[key], ints[key + 1], ints[key + 2]];
  const step = Math.floor((ints[key + 3] >>> 0) / hold);
  if (fold >= 0) {
    threefry2x32(seed0, seed1 ^ (stream << 21), fold, 0xffffffff, pair);
    [seed0, seed1] = pair;
    stream = 0;
  }
  ints.set([seed0, seed1, stream, step], out);
}
