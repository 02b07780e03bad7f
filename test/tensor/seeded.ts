/** Seeded numbers for tests and benchmarks. */

import { RandomStream } from "../../src/random/stream.ts";

export function seeded(seed: number): RandomStream {
  return new RandomStream(seed, 77);
}

/** `count` float32 numbers, uniform between `low` and `high`. */
export function numbers(random: RandomStream, count: number, low = -2, high = 2): number[] {
  return Array.from({ length: count }, () => Math.fround(low + (high - low) * random.uniform()));
}
