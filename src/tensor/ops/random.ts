/**
 * Random numbers inside a program, counter-based: the value at position i depends on `key` and i alone, never on how the
 * work is split or what ran before. `key` is an i32 input of four words: seed (low, 32 bits; high, 21), stream, step. The
 * stream lies in the 11 bits that a seed leaves free: streams from 2048 on repeat those below, so number them from 0 to 2047.
 */

import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { describeTensor, input, node, requireTensor, type Tensor } from "../graph.ts";
import { type Shape, shapeError } from "../shape.ts";

/** The input that random operations read: write seed low word, seed high word, stream and step into it before a run. */
export function randomKey(name = "randomKey"): Tensor {
  return input(name, [4], "i32");
}

function requireKey(op: string, key: Tensor): void {
  requireTensor(op, key);
  if (key.dtype === "i32" && key.shape.length === 1 && key.shape[0] === 4) return;
  throw shapeError({
    what: `${op}: not a key`,
    got: `${describeTensor(key)} of dtype ${key.dtype}`,
    expected: "i32 [4]",
    fix: "Make it with randomKey(), foldKey(key, n) or holdKey(key, steps).",
  });
}

function requireWhole(op: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least && value < 2 ** 31) return;
  const expected = `a whole number from ${least} to 2^31 − 1`;
  const fix = "Count folds and held steps with whole numbers.";
  throw new AscentError("option", {
    what: `${op}: the number given is not usable`,
    got: describeValue(value),
    expected,
    fix,
  });
}

/**
 * A key whose numbers are independent of those of `key` and of other folds of it; the step stays. Two draws from one key
 * are the same numbers, so whoever draws twice folds first.
 *
 * @param n which of them: 0, 1, …
 */
export function foldKey(key: Tensor, n: number): Tensor {
  requireKey("foldKey", key);
  requireWhole("foldKey", n, 0);
  return node("deriveKey", [key], [4], "i32", { hold: 1, fold: n });
}

/** The key with its step s replaced by ⌊s / steps⌋: what is drawn from it stays the same for `steps` steps. */
export function holdKey(key: Tensor, steps: number): Tensor {
  requireKey("holdKey", key);
  requireWhole("holdKey", steps, 1);
  return steps === 1 ? key : node("deriveKey", [key], [4], "i32", { hold: steps });
}

function random(op: "randomUniform" | "randomNormal", key: Tensor, shape: Shape): Tensor {
  requireKey(op, key);
  return node(op, [key], shape);
}

/** Uniform on the open interval (0, 1): odd multiples of 2⁻²⁴, so that its logarithm is always finite. */
export const randomUniform = (key: Tensor, shape: Shape): Tensor => random("randomUniform", key, shape);

/** Standard normal (Box-Muller); the tails end at 5.77 standard deviations. */
export const randomNormal = (key: Tensor, shape: Shape): Tensor => random("randomNormal", key, shape);
