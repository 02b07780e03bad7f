/** What the losses of preferences ask of tensors. Shapes are compared exactly: one row would otherwise be shown for all. */

import { type Check, finiteNumber, having } from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import type { Tensor } from "../../tensor/graph.ts";
import { formatShape, type Shape, sameShape } from "../../tensor/shape.ts";

export function isTensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && "op" in value && "shape" in value && "dtype" in value;
}

/** A tensor, or a number for all of its rows. */
export const operand: Check = {
  expected: "a finite number or a tensor",
  fits: (x) => finiteNumber.fits(x) || isTensor(x),
};

/** An object that holds these tensors; each is looked at by `requireTensor`. */
export function tensorsNamed(...names: readonly string[]): Check {
  return { ...having(`{ ${names.join(", ")} }`, ...names), code: "shape" };
}

/**
 * @param like the shape it must have, or only its axes by name.
 * @throws AscentError "shape" unless the value is a tensor of that shape.
 */
export function requireTensor(what: string, value: unknown, like: Shape | readonly string[]): void {
  const fits = isTensor(value) && (isShape(like) ? sameShape(value.shape, like) : value.shape.length === like.length);
  if (fits) return;
  throw new AscentError("shape", {
    what,
    got: isTensor(value) ? `a tensor ${formatShape(value.shape)}` : describeValue(value),
    expected: `a tensor ${isShape(like) ? formatShape(like) : `[${like.join(", ")}]`}`,
    fix: "Give tensors of the same batch, with an entry for each of its rows.",
  });
}

function isShape(like: Shape | readonly string[]): like is Shape {
  return like.every((extent) => typeof extent === "number");
}
