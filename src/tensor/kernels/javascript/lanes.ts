/** What the readers of WebAssembly's vectors share in plain JavaScript: sums of four lanes, and float32 out of a word. */

const f = Math.fround;
const sums = new Float32Array(4);
const word = new DataView(new ArrayBuffer(4));

/** Each fourth of n terms in a sum of its own, then (s₀ + s₁) + (s₂ + s₃). `term` adds number i to the sum so far. */
export function fourSums(n: number, term: (i: number, total: number) => number): number {
  sums.fill(0);
  for (let i = 0; i < n; i++) sums[i & 3] = term(i, sums[i & 3]);
  return f(f(sums[0] + sums[1]) + f(sums[2] + sums[3]));
}

export function toFloat32(bits: number): number {
  word.setInt32(0, bits);
  return word.getFloat32(0);
}
