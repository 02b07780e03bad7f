/**
 * Random numbers inside a program, counter-based: the value at position i depends on `key` and i alone, never on how the
 * work is split or what ran before. `key` is an i32 input of four words: seed (low, high), stream, step.
 */

import { AscentError } from "../../errors.ts";
import { describeTensor, input, node, type Tensor } from "../graph.ts";
import { type Shape, sizeOf } from "../shape.ts";

/** The input that random operations read: write seed low word, seed high word, stream and step into it before a run. */
export function randomKey(name = "randomKey"): Tensor {
  return input(name, [4], "i32");
}

function random(op: "randomUniform" | "randomNormal", key: Tensor, shape: Shape): Tensor {
  if (key.dtype !== "i32" || key.shape.length !== 1 || key.shape[0] !== 4) {
    throw new AscentError("shape", { what: `${op}: not a key`, got: describeTensor(key), expected: "i32 [4]" });
  }
  sizeOf(shape);
  return node(op, [key], shape);
}

/** Uniform on the open interval (0, 1): odd multiples of 2⁻²⁴, so that its logarithm is always finite. */
export const randomUniform = (key: Tensor, shape: Shape): Tensor => random("randomUniform", key, shape);

/** Standard normal (Box-Muller); the tails end at 5.77 standard deviations. */
export const randomNormal = (key: Tensor, shape: Shape): Tensor => random("randomNormal", key, shape);
