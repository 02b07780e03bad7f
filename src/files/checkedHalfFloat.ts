/** What users call of halfFloat.ts, one number at a time, with that number checked. Files convert millions in a row. */

import { type Check, checkArgument, wholeNumber } from "../arguments/checks.ts";
import * as halfFloat from "./halfFloat.ts";

const anyNumber: Check = { expected: "a number", fits: (x) => typeof x === "number" };
const sixteenBits: Check = wholeNumber(0, 0xffff);

/** Bits of the bfloat16 nearest to `value` (ties to even; NaN stays NaN, overflow becomes infinity). */
export function float32ToBfloat16(value: number): number {
  checkArgument("float32ToBfloat16: value", anyNumber, value);
  return halfFloat.float32ToBfloat16(value);
}

/** The float32 that has these bfloat16 bits as its upper half: exact. */
export function bfloat16ToFloat32(bits: number): number {
  checkArgument("bfloat16ToFloat32: bits", sixteenBits, bits);
  return halfFloat.bfloat16ToFloat32(bits);
}

/** Bits of the binary16 nearest to `value` (ties to even, subnormals kept, from 65520 on becomes infinity). */
export function float32ToFloat16(value: number): number {
  checkArgument("float32ToFloat16: value", anyNumber, value);
  return halfFloat.float32ToFloat16(value);
}

/** The float32 with the value of these binary16 bits: exact. */
export function float16ToFloat32(bits: number): number {
  checkArgument("float16ToFloat32: bits", sixteenBits, bits);
  return halfFloat.float16ToFloat32(bits);
}
