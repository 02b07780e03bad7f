/**
 * The parts a transformer is put together from, each with the parameters it brings: tables, norms, and linear layers with
 * LoRA's low-rank product beside them where the description names them. Graph code; the numbers live in ParameterBlocks.
 */

import { parameter, type Tensor } from "../../tensor/graph.ts";
import { add, mul } from "../../tensor/ops/elementwise.ts";
import { matmul } from "../../tensor/ops/matmul.ts";
import { layerNorm, rmsNorm } from "../../tensor/ops/normalise.ts";
import type { LanguageModelDescription } from "./description.ts";
import { familyNames } from "./families.ts";

/** [n, inputs] → [n, outputs]; with `adapter` false without LoRA's part. */
export type Linear = (x: Tensor, adapter: boolean) => Tensor;

export interface Modules {
  /** In the order they were made. */
  readonly parameters: readonly Tensor[];
  readonly adapter: readonly Tensor[];
  /** LoRA's targets that no linear layer made so far is. */
  unmetTargets(): string[];
  /** A trainable matrix [rows, columns] under `${path}.weight`. */
  table(path: string, rows: number, columns: number): Tensor;
  /** The same, trained with the adapter. */
  adapterTable(path: string, rows: number, columns: number): Tensor;
  linear(path: string, inputs: number, outputs: number, bias: boolean): Linear;
  /** The description's norm over the last axis, of `size`. */
  norm(path: string, size: number): (x: Tensor) => Tensor;
  /** An RMS norm over the last axis, whatever the description's is. */
  rmsNorm(path: string, size: number): (x: Tensor) => Tensor;
}

/** @param prefix goes before each parameter's name: "" or "reference.". */
export function modulesOf(description: LanguageModelDescription, prefix: string): Modules {
  const { lora, normEpsilon } = description;
  const { inputsFirst } = familyNames[description.family];
  const parameters: Tensor[] = [];
  const adapter: Tensor[] = [];
  const met = new Set<string>();
  const make = (list: Tensor[], name: string, shape: readonly number[]): Tensor => {
    const made = parameter(`${prefix}${name}`, shape);
    list.push(made);
    return made;
  };
  const lowRank = (path: string, inputs: number, outputs: number): ((x: Tensor) => Tensor) | undefined => {
    const targets = lora?.targets.filter((target) => isTarget(path, target)) ?? [];
    if (lora === undefined || targets.length === 0) return undefined;
    for (const target of targets) met.add(target);
    const down = make(adapter, `${path}.lora_A.weight`, [lora.rank, inputs]);
    const up = make(adapter, `${path}.lora_B.weight`, [outputs, lora.rank]);
    const scale = lora.alpha / lora.rank;
    return (x) => mul(matmul(matmul(x, down, { transposeB: true }), up, { transposeB: true }), scale);
  };
  const rms = (path: string, size: number) => {
    const weight = make(parameters, `${path}.weight`, [size]);
    return (x: Tensor) => rmsNorm(x, weight, normEpsilon);
  };
  const layer = (path: string, size: number) => {
    const weight = make(parameters, `${path}.weight`, [size]);
    const bias = make(parameters, `${path}.bias`, [size]);
    return (x: Tensor) => layerNorm(x, weight, bias, normEpsilon);
  };
  return {
    parameters,
    adapter,
    unmetTargets: () => lora?.targets.filter((target) => !met.has(target)) ?? [],
    table: (path, rows, columns) => make(parameters, `${path}.weight`, [rows, columns]),
    adapterTable: (path, rows, columns) => make(adapter, `${path}.weight`, [rows, columns]),
    linear(path, inputs, outputs, hasBias) {
      const weight = make(parameters, `${path}.weight`, inputsFirst ? [inputs, outputs] : [outputs, inputs]);
      const bias = hasBias ? make(parameters, `${path}.bias`, [outputs]) : undefined;
      const beside = lowRank(path, inputs, outputs);
      return (x, withAdapter) => {
        const product = matmul(x, weight, { transposeB: !inputsFirst });
        const affine = bias === undefined ? product : add(product, bias);
        return beside === undefined || !withAdapter ? affine : add(affine, beside(x));
      };
    },
    norm: description.norm === "layer" ? layer : rms,
    rmsNorm: rms,
  };
}

/** Whether a module's path is `target` or ends with it, at a dot: PEFT's rule. */
function isTarget(path: string, target: string): boolean {
  return path === target || path.endsWith(`.${target}`);
}
