/** A graph with some of its nodes replaced by others: the same function of other arguments. */

import { checkArgument, having } from "../arguments/checks.ts";
import { describeTensor, node, requireTensor, type Tensor, topologicalOrder } from "./graph.ts";
import { sameShape, shapeError } from "./shape.ts";

/**
 * `output` rebuilt with every node in `replacements` exchanged for its value; what does not depend on them is shared.
 *
 * @throws AscentError "shape" when a replacement has another shape or dtype.
 */
export function substitute(output: Tensor, replacements: ReadonlyMap<Tensor, Tensor>): Tensor {
  requireTensor("substitute", output);
  checkArgument("substitute: replacements", having("a Map", "get", "has"), replacements);
  return substituteAll([output], replacements)[0];
}

/** As `substitute`, of several outputs, which go on sharing what they share. */
export function substituteAll(outputs: readonly Tensor[], replacements: ReadonlyMap<Tensor, Tensor>): Tensor[] {
  const rebuilt = new Map<number, Tensor>();
  for (const [from, to] of replacements) {
    if (!sameShape(from.shape, to.shape) || from.dtype !== to.dtype) {
      throw shapeError({
        what: "substitute: a replacement does not fit",
        got: `${describeTensor(to)} ${to.dtype}`,
        expected: `${describeTensor(from)} ${from.dtype}`,
        fix: "Reshape, broadcast or convert the replacement first.",
      });
    }
    rebuilt.set(from.id, to);
  }
  for (const tensor of topologicalOrder(outputs)) {
    if (rebuilt.has(tensor.id)) continue;
    const inputs = tensor.inputs.map((x) => rebuilt.get(x.id) ?? x);
    const changed = inputs.some((x, i) => x.id !== tensor.inputs[i].id);
    const { op, shape, dtype, attributes, label } = tensor;
    rebuilt.set(tensor.id, changed ? node(op, inputs, shape, dtype, attributes, label) : tensor);
  }
  return outputs.map(({ id }) => rebuilt.get(id)!);
}
