/**
 * The two 16-bit float formats of weight files, as bits: IEEE 754 binary16 ("F16") and bfloat16 ("BF16"), to and from
 * float32, rounding to nearest with ties to even. Storage only: nothing here computes in 16 bits.
 */

const floatView = new Float32Array(1);
const bitsView = new Uint32Array(floatView.buffer);

/** Bits of the bfloat16 nearest to `value` (ties to even; NaN stays NaN, overflow becomes infinity). */
export function float32ToBfloat16(value: number): number {
  floatView[0] = value;
  const bits = bitsView[0];
  // Rounding could carry a NaN's payload into infinity, so a NaN is cut, with its quiet bit set.
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40;
  const roundUp = 0x7fff + ((bits >>> 16) & 1);
  return ((bits + roundUp) >>> 16) & 0xffff;
}

/** The float32 that has these bfloat16 bits as its upper half: exact. */
export function bfloat16ToFloat32(bits: number): number {
  bitsView[0] = bits << 16;
  return floatView[0];
}

/** Bits of the binary16 nearest to `value` (ties to even, subnormals kept, from 65520 on becomes infinity). */
export function float32ToFloat16(value: number): number {
  floatView[0] = value;
  const bits = bitsView[0];
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00 | ((magnitude >>> 13) & 0x1ff);
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Below 2^-14 the steps are 2^-24 wide; both sides are exact in float64, so rounding the quotient is rounding once.
    const steps = Math.abs(floatView[0]) * 16777216;
    const floor = Math.floor(steps);
    const rest = steps - floor;
    const up = rest > 0.5 || (rest === 0.5 && (floor & 1) === 1) ? 1 : 0;
    return sign | (floor + up);
  }
  const rebased = magnitude - 0x38000000;
  return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
}

/** The float32 with the value of these binary16 bits: exact. */
export function float16ToFloat32(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return (sign * fraction) / 16777216;
  bitsView[0] = ((bits & 0x8000) << 16) | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13);
  return floatView[0];
}
