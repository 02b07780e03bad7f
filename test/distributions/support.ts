/** What the distributions' tests share: a head at given numbers, values in float64, samples from a compiled program. */

import type { Distribution, DistributionHead } from "../../src/distributions/index.ts";
import { compile } from "../../src/tensor/compile.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { grad } from "../../src/tensor/grad.ts";
import { input, type Tensor } from "../../src/tensor/graph.ts";
import { randomKey } from "../../src/tensor/ops/random.ts";
import { sum } from "../../src/tensor/ops/reduce.ts";
import { evaluate } from "../tensor/reference.ts";
import { execute, type Values } from "../tensor/support.ts";

export interface Built {
  distribution: Distribution;
  /** What the network would put out. */
  output: Tensor;
  values: Values;
}

let built = 0;

/** A head whose network output is `output` [rows × parameterSize]. */
export function build(head: DistributionHead, output: number[], mask?: number[]): Built {
  const rows = output.length / head.parameterSize;
  const tensor = input(`output${built++}`, [rows, head.parameterSize]);
  const values: Values = new Map([[tensor, output]]);
  const maskTensor = mask === undefined ? undefined : input("mask", [rows, head.maskSize]);
  if (maskTensor !== undefined) values.set(maskTensor, mask!);
  return { distribution: head.at(tensor, { mask: maskTensor }), output: tensor, values };
}

/** The numbers of a tensor, in float64. */
export function float64(tensor: Tensor, ...values: readonly Values[]): number[] {
  return evaluate([tensor], new Map(values.flatMap((map) => [...map])))[0];
}

/** log π(a|s) in float64, of actions [rows × actionSize]. */
export function logProbOf({ distribution, values, output }: Built, actions: number[]): number[] {
  const rows = output.shape[0];
  const tensor = input("actions", [rows, actions.length / rows]);
  return float64(distribution.logProb(tensor), values, new Map([[tensor, actions]]));
}

/** Actions of a compiled sampler: `runs` draws of every row, one run after the other. */
export async function samplesOf({ distribution, values }: Built, runs: number, seed = 5): Promise<number[][]> {
  const program = compile(await createEngine(), { outputs: { sample: distribution.sample(randomKey()) } });
  for (const [tensor, numbers] of values) program.input(tensor.attributes.name!).set(numbers);
  return Array.from({ length: runs }, (_, step) => {
    program.inputInts("randomKey").set([seed, 0, 0, step]);
    program.run();
    return Array.from(program.output("sample"));
  });
}

/** The numbers of a tensor out of a compiled program, in float32. */
export async function float32(tensor: Tensor, ...values: readonly Values[]): Promise<number[]> {
  return execute(await createEngine(), [tensor], new Map(values.flatMap((map) => [...map])))[0];
}

/** Gradient of the sum of a per-row tensor by the network's output: by the graph, and by central differences in float64. */
export function gradients(
  perRow: Tensor,
  output: Tensor,
  ...maps: readonly Values[]
): { graph: number[]; numeric: number[] } {
  const values: Values = new Map(maps.flatMap((map) => [...map]));
  const total = sum(perRow);
  const graph = float64(grad(total, [output])[0], values);
  const start = values.get(output)!;
  const h = 1e-5;
  const numeric = start.map((x, i) => {
    const at = (shift: number) => float64(total, new Map([...values, [output, start.with(i, x + shift)]]))[0];
    return (at(h) - at(-h)) / (2 * h);
  });
  return { graph, numeric };
}

/** Σ (observed − expected)² / expected. */
export function chiSquare(counts: readonly number[], probabilities: readonly number[]): number {
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.reduce((sofar, count, i) => {
    const expected = probabilities[i] * total;
    return expected === 0 ? (count === 0 ? sofar : Infinity) : sofar + (count - expected) ** 2 / expected;
  }, 0);
}

/** A bound that a chi-square of `freedom` degrees passes in one seed of some 10⁴. */
export const chiSquareBound = (freedom: number): number => freedom + 5 * Math.sqrt(2 * freedom);
