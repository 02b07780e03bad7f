/**
 * From a simplified graph to an ordered list of steps, one kernel call each. Nodes that only rename memory (reshape, a
 * slice of leading rows) become aliases, and a matrix product swallows the bias, activation or activation gradient behind
 * it when nobody else wants the value between. Where things lie in memory is plan.ts.
 */

import { due, type Work } from "../pauses.ts";
import { type Tensor, topologicalOrder } from "./graph.ts";
import { Epilogue } from "./opcodes.ts";
import { sameShape, sizeOf } from "./shape.ts";

/** A kernel call that computes `target`. For matrix products with an epilogue, `source` is the matmul node. */
export interface Step {
  readonly target: Tensor;
  readonly source: Tensor;
  readonly inputs: readonly Tensor[];
  readonly epilogue: number;
}

/** A tensor that lies inside another one's memory. */
export interface Alias {
  readonly root: Tensor;
  /** Elements from the root's start. */
  readonly offset: number;
}

export interface Schedule {
  readonly steps: readonly Step[];
  readonly leaves: readonly Tensor[];
  readonly aliases: ReadonlyMap<number, Alias>;
}

/** How many nodes (and outputs) use each node. */
function countUses(order: readonly Tensor[], outputs: readonly Tensor[]): Map<number, number> {
  const uses = new Map<number, number>();
  const use = (tensor: Tensor) => uses.set(tensor.id, (uses.get(tensor.id) ?? 0) + 1);
  for (const tensor of order) tensor.inputs.forEach(use);
  outputs.forEach(use);
  return uses;
}

/** Slices that are one unbroken stretch: full on every axis behind the first cut one, single before it. */
function contiguousOffset(tensor: Tensor): number | undefined {
  const [x] = tensor.inputs;
  const starts = tensor.attributes.starts!;
  const cut = x.shape.findIndex((n, axis) => n !== tensor.shape[axis]);
  if (tensor.shape.slice(0, cut).some((n) => n !== 1)) return undefined;
  if (x.shape.slice(cut + 1).some((n, i) => n !== tensor.shape[cut + 1 + i])) return undefined;
  return starts[cut] * sizeOf(x.shape.slice(cut + 1));
}

function findAliases(order: readonly Tensor[]): Map<number, Alias> {
  const aliases = new Map<number, Alias>();
  for (const tensor of order) {
    const offset = tensor.op === "reshape" ? 0 : tensor.op === "slice" ? contiguousOffset(tensor) : undefined;
    if (offset === undefined) continue;
    const [x] = tensor.inputs;
    const outer = aliases.get(x.id);
    aliases.set(tensor.id, { root: outer?.root ?? x, offset: (outer?.offset ?? 0) + offset });
  }
  return aliases;
}

interface Fusion {
  matmul: Tensor;
  last: Tensor;
  epilogue: number;
  aux: Tensor;
}

const activationEpilogues = new Map<string, number>([
  ["tanh", Epilogue.biasTanh],
  ["relu", Epilogue.biasRelu],
]);
const gradientEpilogues = new Map<string, number>([
  ["tanhGrad", Epilogue.tanhGrad],
  ["reluGrad", Epilogue.reluGrad],
]);

/** Chains matmul → add(bias) → activation and matmul → activation gradient, each link used once. */
function findFusions(order: readonly Tensor[], uses: ReadonlyMap<number, number>): Map<number, Fusion> {
  const byLast = new Map<number, Fusion>();
  const single = (tensor: Tensor) => tensor.op === "matmul" && tensor.shape.length === 2 && uses.get(tensor.id) === 1;
  for (const tensor of order) {
    const [a, b] = tensor.inputs;
    const gradient = gradientEpilogues.get(tensor.op);
    const activation = activationEpilogues.get(tensor.op);
    if (tensor.op === "add") {
      const [matmul, bias] = single(a) ? [a, b] : [b, a];
      const columns = matmul.shape[matmul.shape.length - 1];
      const isBias = sizeOf(bias.shape) === columns && bias.shape[bias.shape.length - 1] === columns;
      if (!single(matmul) || matmul === bias || !isBias || !sameShape(matmul.shape, tensor.shape)) continue;
      byLast.set(tensor.id, { matmul, last: tensor, epilogue: Epilogue.bias, aux: bias });
    } else if (gradient !== undefined && single(a) && a !== b && sameShape(a.shape, b.shape)) {
      byLast.set(tensor.id, { matmul: a, last: tensor, epilogue: gradient, aux: b });
    } else if (activation !== undefined && byLast.has(a.id) && uses.get(a.id) === 1) {
      const before = byLast.get(a.id)!;
      if (before.epilogue !== Epilogue.bias) continue;
      byLast.delete(a.id);
      byLast.set(tensor.id, { ...before, last: tensor, epilogue: activation });
    }
  }
  return byLast;
}

/** The steps, leaves and aliases of a simplified graph, as work that stops now and then. */
export function* makeSchedule(outputs: readonly Tensor[]): Work<Schedule> {
  const order = topologicalOrder(outputs);
  const uses = countUses(order, outputs);
  if (due()) yield;
  const aliases = findAliases(order);
  const fusions = findFusions(order, uses);
  if (due()) yield;
  const swallowed = new Set<number>();
  for (const { matmul, last } of fusions.values()) {
    swallowed.add(matmul.id);
    // The bias addition between the product and its activation.
    if (last.inputs[0] !== matmul && last.inputs[1] !== matmul) swallowed.add(last.inputs[0].id);
  }
  const steps: Step[] = [];
  const leaves: Tensor[] = [];
  for (const tensor of order) {
    if (tensor.op === "input" || tensor.op === "parameter" || tensor.op === "constant") leaves.push(tensor);
    else if (!aliases.has(tensor.id) && !swallowed.has(tensor.id)) {
      const fusion = fusions.get(tensor.id);
      if (fusion === undefined) {
        steps.push({ target: tensor, source: tensor, inputs: tensor.inputs, epilogue: Epilogue.none });
      } else {
        const { matmul, aux, epilogue } = fusion;
        steps.push({ target: tensor, source: matmul, inputs: [...matmul.inputs, aux], epilogue });
      }
    }
  }
  return { steps, leaves, aliases };
}
