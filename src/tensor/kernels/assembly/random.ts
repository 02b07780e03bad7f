// Threefry-2x32, 20 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): a counter-based
// generator. Word pair p of a request is threefry(key, (p, step)), so position i is a function of key, step and i alone.

import { splat } from "./simd";
import { log4, sine4 } from "./transcendental";

const PARITY: u32 = 0x1bd11bda;

let first: u32 = 0;
let second: u32 = 0;

@inline
function mix(r: i32): void {
  first += second;
  second = rotl<u32>(second, r) ^ first;
}

function threefry(key0: u32, key1: u32, counter0: u32, counter1: u32): void {
  const key2 = PARITY ^ key0 ^ key1;
  first = counter0 + key0;
  second = counter1 + key1;
  mix(13); mix(15); mix(26); mix(6);
  first += key1;
  second += key2 + 1;
  mix(17); mix(29); mix(16); mix(24);
  first += key2;
  second += key0 + 2;
  mix(13); mix(15); mix(26); mix(6);
  first += key0;
  second += key1 + 3;
  mix(17); mix(29); mix(16); mix(24);
  first += key1;
  second += key2 + 4;
  mix(13); mix(15); mix(26); mix(6);
  first += key2;
  second += key0 + 5;
}

/** The 23 high bits, plus a half, over 2²³: never 0, never 1, exact in f32. */
@inline
function toUnit(word: u32): f32 {
  return (<f32>(word >>> 9) + <f32>0.5) * <f32>1.1920928955078125e-7;
}

/** key: seed low, seed high, stream, step. Seeds have at most 53 bits, so the stream fits above the high word's 21. */
@inline
function draw(key: usize, pair: u32): void {
  threefry(load<u32>(key), load<u32>(key, 4) ^ (load<u32>(key, 8) << 21), pair, load<u32>(key, 12));
}

/** out[i] uniform on (0, 1). */
export function uniform(out: usize, key: usize, count: i32): void {
  for (let i = 0; i < count; i += 2) {
    draw(key, <u32>(i >> 1));
    store<f32>(out, toUnit(first));
    if (i + 1 < count) store<f32>(out, toUnit(second), 4);
    out += 8;
  }
}

const pairs: usize = memory.data(32, 16);

/** out[i] standard normal: Box-Muller on pairs, four pairs at a time; |out| ≤ 5.77. */
export function normal(out: usize, key: usize, count: i32): void {
  for (let i = 0; i < count; i += 8) {
    for (let p = 0; p < 4; p++) {
      draw(key, <u32>((i >> 1) + p));
      store<f32>(pairs + ((<usize>p) << 2), toUnit(first));
      store<f32>(pairs + ((<usize>p) << 2), toUnit(second), 16);
    }
    const radius = f32x4.sqrt(f32x4.mul(splat(-2), log4(v128.load(pairs))));
    const angle = f32x4.mul(splat(6.283185307179586), v128.load(pairs, 16));
    for (let odd = 0; odd < 2; odd++) v128.store(pairs + ((<usize>odd) << 4), f32x4.mul(radius, sine4(angle, 1 - odd)));
    const present = min(8, count - i);
    for (let j = 0; j < present; j++) {
      const from = pairs + ((<usize>(j >> 1)) << 2) + ((<usize>(j & 1)) << 4);
      store<f32>(out + ((<usize>j) << 2), load<f32>(from));
    }
    out += 32;
  }
}

/** out = key with its step divided by `hold`; with `fold` ≥ 0 its seed becomes words of their own for that number. */
export function deriveKey(out: usize, key: usize, hold: u32, fold: i32): void {
  let seed0 = load<u32>(key), seed1 = load<u32>(key, 4), stream = load<u32>(key, 8);
  const step = load<u32>(key, 12) / hold;
  if (fold >= 0) {
    // No draw has this second counter word before its 2³²nd step.
    threefry(seed0, seed1 ^ (stream << 21), fold, 0xffffffff);
    seed0 = first;
    seed1 = second;
    stream = 0;
  }
  store<u32>(out, seed0);
  store<u32>(out, seed1, 4);
  store<u32>(out, stream, 8);
  store<u32>(out, step, 12);
}

/** For tests: the two words of threefry at a counter, written to `out`. */
export function threefryWords(out: usize, key0: u32, key1: u32, counter0: u32, counter1: u32): void {
  threefry(key0, key1, counter0, counter1);
  store<u32>(out, first);
  store<u32>(out, second, 4);
}
