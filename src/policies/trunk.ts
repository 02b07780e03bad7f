/**
 * From an observation to the features that decisions rest on: the hidden layers, and behind them a memory if there is one.
 * Without one every row stands for itself; with one rows are steps of sequences.
 */

import type { Space } from "../envs/spaces.ts";
import type { Module } from "../nn/mlp.ts";
import { type CellName, cellNames, type MemoryInput, recurrent } from "../nn/recurrent.ts";
import type { Tensor } from "../tensor/graph.ts";
import { sliceAxis } from "../tensor/ops/layout.ts";
import { type BodyOptions, observationBody } from "./observationBody.ts";

export const recurrentNames = ["none", ...cellNames] as const;

export interface TrunkOptions extends BodyOptions {
  /**
   * A memory between the hidden layers and the heads, one for the policy and one for the value, or with shared hidden layers
   * one for both. Default "none".
   */
  recurrent?: "none" | CellName;
  /** Columns of its output. Default 64. */
  recurrentSize?: number;
}

export interface TrunkResult {
  /** [rows, outputs] */
  readonly output: Tensor;
  /** The state behind every row [rows, stateSize]; undefined without a memory. */
  readonly states: Tensor | undefined;
}

export interface Trunk extends Omit<Module, "apply"> {
  /** Columns of the result. */
  readonly outputs: number;
  /** Columns of its state; 0 without a memory. */
  readonly stateSize: number;
  /** Asked twice about the same rows it gives the same graph, so that gradients of both readers meet before going back. */
  apply(observation: Tensor, memory?: MemoryInput): TrunkResult;
}

/**
 * @param name goes before each parameter's: the hidden layers' as of `observationBody`, the memory's `${name}.memory.input`
 *   and so on.
 * @param stateStart where in a state its columns begin.
 */
export function trunk(
  name: string,
  space: Space,
  hidden: readonly number[],
  options: TrunkOptions,
  stateStart = 0,
): Trunk {
  const { recurrent: kind = "none", recurrentSize = 64, orthogonalInit } = options;
  const body = observationBody(name, space, hidden, options);
  const cell =
    kind === "none" ? undefined : recurrent(`${name}.memory`, kind, body.outputs, recurrentSize, { orthogonalInit });

  const compute = (observation: Tensor, memory: MemoryInput | undefined): TrunkResult => {
    const features = body.apply(observation);
    if (cell === undefined) return { output: features, states: undefined };
    if (memory === undefined) throw new Error(`${name}: a network with a memory needs its state`);
    return cell.unroll(features, { ...memory, state: sliceAxis(memory.state, 1, stateStart, cell.stateSize) });
  };
  const known = new WeakMap<Tensor, { memory: MemoryInput | undefined; result: TrunkResult }>();
  return {
    outputs: cell?.size ?? body.outputs,
    stateSize: cell?.stateSize ?? 0,
    parameters: [...body.parameters, ...(cell?.parameters ?? [])],
    apply: (observation, memory) => {
      const found = known.get(observation);
      if (found !== undefined && sameMemory(found.memory, memory)) return found.result;
      const result = compute(observation, memory);
      known.set(observation, { memory, result });
      return result;
    },
    *initialising(block, start) {
      yield* body.initialising(block, start);
      if (cell !== undefined) yield* cell.initialising(block, start);
    },
  };
}

function sameMemory(a: MemoryInput | undefined, b: MemoryInput | undefined): boolean {
  return a?.state === b?.state && a?.starts === b?.starts;
}
