/**
 * Weights laid out the way the matrix kernel walks them, in panels of 8 columns, for programs that run many times before the
 * parameters change: products of few rows would otherwise spend more time on laying out their right side than on multiplying.
 * The numbers, and the bits of the results, are the same. It takes the weights' memory a second time. Programs compiled here
 * cannot be differentiated, only run.
 */

import type { Work } from "../pauses.ts";
import { type CompileOptions, compiling } from "./compile.ts";
import type { Engine, Region } from "./engine.ts";
import { input, node, type Tensor, topologicalOrder } from "./graph.ts";
import { pad, reshape, transpose } from "./ops/layout.ts";
import type { ParameterBlock } from "./parameters.ts";
import type { Program } from "./program.ts";

/** Columns of a panel. */
const PANEL = 8;
/** A product of at most so many columns has no panels. */
const NARROW = 4;

interface Panels {
  /** What stands for the weights in programs: [panels · k, 8]. */
  readonly stand: Tensor;
  readonly region: Region;
  readonly layOut: Program;
}

export class PanelledParameters {
  readonly #engine: Engine;
  readonly #blocks: readonly ParameterBlock[];
  /** By the parameter's id and how it is multiplied. */
  readonly #panels = new Map<string, Panels>();

  constructor(engine: Engine, blocks: readonly ParameterBlock[]) {
    this.#engine = engine;
    this.#blocks = blocks;
  }

  /** Brings the panels to what the parameters hold now. */
  update(): void {
    for (const { layOut } of this.#panels.values()) layOut.run();
  }

  /**
   * As `compiling`, of a graph whose parameters are those of the blocks. A program sees other weights than before only after
   * `update`.
   */
  *compiling(options: Omit<CompileOptions, "parameters"> & { outputs: Record<string, Tensor> }): Work<Program> {
    const names = Object.keys(options.outputs);
    const tensors = Object.values(options.outputs);
    const bindings = new Map(options.bindings);
    const rebuilt = new Map<number, Tensor>();
    for (const tensor of topologicalOrder(tensors)) {
      const inputs = tensor.inputs.map((x) => rebuilt.get(x.id) ?? x);
      const { op, shape, dtype, attributes, label } = tensor;
      if (hasWeights(tensor)) {
        const { stand, region } = yield* this.#panelsOf(tensor.inputs[1], attributes.transposeB === true);
        bindings.set(stand, region);
        rebuilt.set(tensor.id, node("matmul", [inputs[0], stand], shape, dtype, { panels: true }, label));
      } else if (inputs.some((x, i) => x !== tensor.inputs[i])) {
        rebuilt.set(tensor.id, node(op, inputs, shape, dtype, attributes, label));
      }
    }
    const outputs = Object.fromEntries(names.map((name, i) => [name, rebuilt.get(tensors[i].id) ?? tensors[i]]));
    return yield* compiling(this.#engine, { ...options, outputs, bindings, parameters: this.#blocks });
  }

  *#panelsOf(weights: Tensor, transposed: boolean): Work<Panels> {
    const key = `${weights.id} ${transposed}`;
    const found = this.#panels.get(key);
    if (found !== undefined) return found;
    const laidOut = transposed ? panelsOfTransposed(weights) : panelsOf(weights);
    const name = `panels of ${weights.attributes.name}${transposed ? ", transposed" : ""}`;
    const layOut = yield* compiling(this.#engine, { name, outputs: { laidOut }, parameters: this.#blocks });
    layOut.run();
    const made = { stand: input(name, laidOut.shape), region: layOut.outputRegion("laidOut"), layOut };
    this.#panels.set(key, made);
    return made;
  }
}

/** Whether it is a product of rows with a whole parameter on the right. */
function hasWeights({ op, inputs, shape, attributes }: Tensor): boolean {
  if (op !== "matmul" || attributes.transposeA === true || attributes.panels === true) return false;
  const [, weights] = inputs;
  return weights.op === "parameter" && weights.shape.length === 2 && shape[shape.length - 1] > NARROW;
}

/** [k, n] → [⌈n / 8⌉ · k, 8] */
function panelsOf(weights: Tensor): Tensor {
  const [k, n] = weights.shape;
  const panels = Math.ceil(n / PANEL);
  const whole = pad(weights, [0, 0], [k, panels * PANEL]);
  return reshape(transpose(reshape(whole, [k, panels, PANEL]), [1, 0, 2]), [panels * k, PANEL]);
}

/** [n, k] → [⌈n / 8⌉ · k, 8] */
function panelsOfTransposed(weights: Tensor): Tensor {
  const [n, k] = weights.shape;
  const panels = Math.ceil(n / PANEL);
  const whole = pad(weights, [0, 0], [panels * PANEL, k]);
  return reshape(transpose(reshape(whole, [panels, PANEL, k]), [0, 2, 1]), [panels * k, PANEL]);
}
