/** A recorded loss on recorded log-probabilities: built as a graph, run once with its gradient and figures, and compared. */

import { compile } from "../../tensor/compile.ts";
import type { Engine } from "../../tensor/engine.ts";
import { grad } from "../../tensor/grad.ts";
import { input, type Tensor } from "../../tensor/graph.ts";
import { scaleOf } from "./recordedNumbers.ts";
import type { Tally } from "./tally.ts";

export interface FoundLoss {
  loss: number;
  gradient: Float32Array;
  figures: Record<string, number>;
}

/** Builds the graph on inputs of these names, a matrix where there is a number for each token, and runs it once. */
export function evaluateLoss<Name extends string>(
  engine: Engine,
  numbers: Readonly<Record<Name | "policy" | "advantage", readonly number[] | Float64Array>>,
  build: (tensor: (name: Name) => Tensor) => { loss: Tensor; figures: Record<string, Tensor> },
): FoundLoss {
  const rows = numbers.advantage.length;
  const inputs = new Map<Name | "policy", Tensor>();
  const tensor = (name: Name | "policy"): Tensor => {
    const { length } = numbers[name];
    const made = inputs.get(name) ?? input(name, length === rows ? [rows] : [rows, length / rows]);
    inputs.set(name, made);
    return made;
  };
  const { loss, figures } = build(tensor);
  const [gradient] = grad(loss, [tensor("policy")]);
  const program = compile(engine, { name: "recorded loss", outputs: { loss, gradient, ...figures } });
  for (const name of inputs.keys()) program.input(name).set(numbers[name]);
  program.run();
  return {
    loss: program.scalar("loss"),
    gradient: program.output("gradient"),
    figures: Object.fromEntries(Object.keys(figures).map((name) => [name, program.scalar(name)])),
  };
}

export function compareLoss(
  tally: Tally,
  name: string,
  found: FoundLoss,
  recorded: { loss: number; metrics: Readonly<Record<string, number>>; gradient_wrt_policy_logps: number[][] },
): void {
  const gradient = recorded.gradient_wrt_policy_logps.flat();
  tally.compare(`${name}: loss`, found.loss, recorded.loss, 0.01);
  tally.compare(`${name}: gradient`, found.gradient, gradient, scaleOf(gradient));
  compareFigures(tally, name, found.figures, recorded.metrics);
}

/** Those that are recorded; what is computed beside them is nobody's. */
export function compareFigures(
  tally: Tally,
  name: string,
  found: Readonly<Record<string, number>>,
  recorded: Readonly<Record<string, number>>,
): void {
  for (const [figure, value] of Object.entries(recorded)) {
    if (found[figure] !== undefined) tally.compare(`${name}: ${figure}`, found[figure], value, 0.01);
  }
}
