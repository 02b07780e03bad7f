/** The key that programs sample under: how seed, stream and step lie in its four words. */

/**
 * @param key written: [4].
 * @param seed safe integer ≥ 0.
 * @param stream one of `streams`, below 2048: programs put it above the seed's high word, where there is no room for more.
 * @param step taken modulo 2³².
 */
export function writeKey(key: Int32Array, seed: number, stream: number, step: number): void {
  key[0] = seed | 0;
  key[1] = Math.floor(seed / 4294967296);
  key[2] = stream;
  key[3] = step | 0;
}
