/**
 * Reverse-mode differentiation, graph to graph: `grad(loss, wrt)` returns tensors that compute ∂loss/∂wrt. The result is
 * an ordinary graph, so it can be differentiated again (Hessian- and Fisher-vector products: grad(⟨grad KL, v⟩)).
 */

import { dueAfter, finish, type Work } from "../pauses.ts";
import { accumulate } from "./accumulate.ts";
import { derivativeRules } from "./derivatives.ts";
import { constant, describeTensor, requireTensor, requireTensors, type Tensor, topologicalOrder } from "./graph.ts";
import { add, mul } from "./ops/elementwise.ts";
import { broadcastTo, reshape } from "./ops/layout.ts";
import { sum } from "./ops/reduce.ts";
import { formatShape, sameShape, shapeError, sizeOf } from "./shape.ts";

/**
 * Gradients of a scalar.
 *
 * @param loss one element, shape [] or all ones.
 * @param wrt the tensors to differentiate by, leaves or not.
 * @returns one tensor for each of `wrt`, of its shape; zeros where the loss does not depend on it.
 * @throws AscentError "shape" when the loss is not a scalar.
 */
export function grad<const Wrt extends readonly Tensor[]>(loss: Tensor, wrt: Wrt): Gradients<Wrt> {
  requireTensor("grad", loss);
  requireTensors("grad: wrt", wrt);
  return finish(differentiating(loss, wrt));
}

type Gradients<Wrt extends readonly Tensor[]> = { -readonly [Index in keyof Wrt]: Tensor };

/** As `grad`, as work that stops now and then. */
export function* differentiating<const Wrt extends readonly Tensor[]>(loss: Tensor, wrt: Wrt): Work<Gradients<Wrt>> {
  if (sizeOf(loss.shape) !== 1) {
    throw shapeError({
      what: "grad: the loss is not a scalar",
      got: describeTensor(loss),
      expected: "shape []",
      fix: "Reduce it with mean(x) or sum(x) first.",
    });
  }
  const gradients = yield* pullingBack([loss], [broadcastTo(constant(1), loss.shape)], wrt);
  return gradients as Gradients<Wrt>;
}

/**
 * Vector-Jacobian product, reverse mode: Σ_k cotangents[k]ᵀ ∂outputs[k]/∂wrt.
 *
 * @param cotangents one tensor for each output, of its shape.
 * @returns one tensor for each of `wrt`, of its shape.
 * @throws AscentError "shape" when the cotangents are not like the outputs.
 */
export function vjp(outputs: readonly Tensor[], cotangents: readonly Tensor[], wrt: readonly Tensor[]): Tensor[] {
  requireTensors("vjp: wrt", wrt);
  return finish(pullingBack(outputs, cotangents, wrt));
}

/** As `vjp`, as work that stops now and then. */
export function* pullingBack(
  outputs: readonly Tensor[],
  cotangents: readonly Tensor[],
  wrt: readonly Tensor[],
): Work<Tensor[]> {
  requireLike("vjp", "cotangent", cotangents, outputs);
  const order = topologicalOrder(outputs);
  const needed = new Set<number>(wrt.map((tensor) => tensor.id));
  for (const tensor of order) {
    if (tensor.op !== "stopGradient" && tensor.inputs.some((x) => needed.has(x.id))) needed.add(tensor.id);
  }

  const contributions = new Map<number, Tensor[]>();
  const contribute = (tensor: Tensor, contribution: Tensor) => {
    const sofar = contributions.get(tensor.id);
    if (sofar === undefined) contributions.set(tensor.id, [contribution]);
    else sofar.push(contribution);
  };
  // Asked for once all readers of the tensor have contributed.
  const adjoints = new Map<number, Tensor>();
  const adjointOf = (tensor: Tensor): Tensor | undefined => {
    const parts = contributions.get(tensor.id);
    if (parts !== undefined && !adjoints.has(tensor.id)) adjoints.set(tensor.id, accumulate(parts));
    return adjoints.get(tensor.id);
  };
  outputs.forEach((output, k) => {
    contribute(output, cotangents[k]);
  });
  for (let i = order.length - 1; i >= 0; i--) {
    const tensor = order[i];
    if (tensor.inputs.length === 0 || !needed.has(tensor.id)) continue;
    const adjoint = adjointOf(tensor);
    if (adjoint === undefined) continue;
    const toInputs = derivativeRules[tensor.op](tensor, adjoint);
    tensor.inputs.forEach((x, k) => {
      const contribution = toInputs[k];
      if (contribution !== undefined && needed.has(x.id)) contribute(x, contribution);
    });
    if (dueAfter(i)) yield;
  }
  return wrt.map((tensor) => adjointOf(tensor) ?? zeros(tensor));
}

/**
 * Jacobian-vector product, forward mode: ∂outputs/∂wrt · tangents. Reverse mode is linear in its cotangent u, so the
 * derivative of ⟨vjp(u), tangents⟩ with respect to u is the product wanted, and u itself drops out of the graph.
 *
 * @param tangents one tensor for each of `wrt`, of its shape.
 * @returns one tensor for each output, of its shape.
 * @throws AscentError "shape" when the tangents are not like `wrt`.
 */
export function jvp(outputs: readonly Tensor[], wrt: readonly Tensor[], tangents: readonly Tensor[]): Tensor[] {
  return finish(pushingForward(outputs, wrt, tangents));
}

/** As `jvp`, as work that stops now and then. */
export function* pushingForward(
  outputs: readonly Tensor[],
  wrt: readonly Tensor[],
  tangents: readonly Tensor[],
): Work<Tensor[]> {
  requireTensors("jvp", outputs);
  requireLike("jvp", "tangent", tangents, wrt);
  const cotangents = outputs.map((output) => broadcastTo(constant(0), [1, ...output.shape]));
  const unit = cotangents.map((u, k) => reshape(u, outputs[k].shape));
  const transposed = yield* pullingBack(outputs, unit, wrt);
  return yield* differentiating(innerProduct(transposed, tangents), unit);
}

/** Σᵢ ⟨aᵢ, bᵢ⟩; 0 of nothing. */
function innerProduct(a: readonly Tensor[], b: readonly Tensor[]): Tensor {
  return a.map((x, i) => sum(mul(x, b[i]))).reduce((total, one) => add(total, one), constant(0));
}

/** Vectors that a product is taken with must match: broadcasting would make another product of them, silently. */
function requireLike(op: string, what: string, tensors: readonly Tensor[], references: readonly Tensor[]): void {
  requireTensors(op, references);
  requireTensors(`${op}: ${what}s`, tensors);
  const fix = "Give one f32 tensor for each, in their order and of their shapes; broadcastTo or reshape it if need be.";
  if (tensors.length !== references.length) {
    throw shapeError({
      what: `${op}: one ${what} is needed for each tensor`,
      got: `${tensors.length}`,
      expected: `${references.length}`,
      fix,
    });
  }
  references.forEach((reference, i) => {
    if (sameShape(tensors[i].shape, reference.shape) && tensors[i].dtype === "f32") return;
    throw shapeError({
      what: `${op}: ${what} ${i} does not have the shape it stands for`,
      got: `${describeTensor(tensors[i])} of dtype ${tensors[i].dtype}`,
      expected: `f32 ${formatShape(reference.shape)}, as ${describeTensor(reference)}`,
      fix,
    });
  });
}

function zeros(tensor: Tensor): Tensor {
  if (tensor.dtype !== "f32") {
    throw shapeError({
      what: "grad: only f32 tensors have gradients",
      got: `${describeTensor(tensor)} of dtype ${tensor.dtype}`,
      expected: `f32 ${formatShape(tensor.shape)}`,
      fix: "Differentiate by what toFloat(x) gives, or leave it out.",
    });
  }
  return broadcastTo(constant(0), tensor.shape);
}

/**
 * Product of the Hessian of `loss` (or, for a KL divergence at equal policies, of the Fisher matrix) with a vector:
 * ∂⟨∂loss/∂wrt, vector⟩/∂wrt. The matrix is never formed (Pearlmutter 1994).
 *
 * @param vector one tensor for each of `wrt`, of its shape.
 * @throws AscentError "shape" when the loss is not a scalar or the vector is not like `wrt`.
 */
export function hessianVectorProduct(loss: Tensor, wrt: readonly Tensor[], vector: readonly Tensor[]): Tensor[] {
  requireLike("hessianVectorProduct", "vector", vector, wrt);
  return grad(innerProduct(grad(loss, wrt), vector), wrt);
}
