/**
 * Memory cells, LSTM (Hochreiter & Schmidhuber 1997, with forget gates) and GRU (Cho et al. 2014), as graph code: one step,
 * or a batch of whole sequences unrolled over time. What does not depend on the state, the product with the inputs, is one
 * matrix product for all steps; a step itself is one product with the state.
 */

import { parameter, type Tensor } from "../tensor/graph.ts";
import { add, mul, sigmoid, sub, tanh } from "../tensor/ops/elementwise.ts";
import { concat, reshape, sliceAxis } from "../tensor/ops/layout.ts";
import { matmul } from "../tensor/ops/matmul.ts";
import type { Module } from "./mlp.ts";

export const cellNames = ["gru", "lstm"] as const;
export type CellName = (typeof cellNames)[number];

/** Where sequences begin. Rows of sequences are ordered by time, then by sequence. */
export interface MemoryInput {
  /** Before the first step [sequences, stateSize]; zeros where an episode begins. */
  state: Tensor;
  /**
   * 1 on rows whose observation begins an episode: they see a state of zeros [steps · sequences]. Rows of the first step are
   * ignored.
   */
  starts?: Tensor;
}

export interface Unrolled {
  /** [steps · sequences, size] */
  readonly output: Tensor;
  /** The state behind every row [steps · sequences, stateSize]. */
  readonly states: Tensor;
}

export interface RecurrentOptions {
  /** Orthogonal weights of gain 1 and zero biases (Huang et al. 2022); otherwise uniform on ±1/√size. Default true. */
  orthogonalInit?: boolean;
}

export interface Recurrent extends Omit<Module, "apply"> {
  /** Columns of the output. */
  readonly size: number;
  /** Columns of a state: `size` of a GRU, twice that of an LSTM, whose output comes first and its cell after it. */
  readonly stateSize: number;
  /** x [rows, inputs], state [rows, stateSize] → [rows, size] and [rows, stateSize]. */
  step(x: Tensor, state: Tensor): { output: Tensor; state: Tensor };
  /** All steps of all sequences: x [steps · sequences, inputs]. */
  unroll(x: Tensor, memory: MemoryInput): Unrolled;
}

interface Cell {
  /** Columns of a fused matrix, in units of `size`. */
  readonly gates: number;
  /** Parts of the state, each of `size` columns; the first is the output. */
  readonly parts: number;
  /** A bias of the product with the state as well. */
  readonly stateBias: boolean;
  /** From what the input [rows, gates · size] and the output so far [rows, gates · size] give. */
  advance(fromInput: Tensor, fromState: Tensor, state: readonly Tensor[], size: number): Tensor[];
}

const cells: { readonly [name in CellName]: Cell } = {
  // Gates in the order i, f, o, g: what a sigmoid goes over lies together.
  // c' = σ(f) c + σ(i) tanh(g), h' = σ(o) tanh(c').
  lstm: {
    gates: 4,
    parts: 2,
    stateBias: false,
    advance: (fromInput, fromState, [, cell], size) => {
      const sum = add(fromState, fromInput);
      const open = sigmoid(sliceAxis(sum, 1, 0, 3 * size));
      const gate = (i: number) => sliceAxis(open, 1, i * size, size);
      const next = add(mul(gate(1), cell), mul(gate(0), tanh(sliceAxis(sum, 1, 3 * size, size))));
      return [mul(gate(2), tanh(next)), next];
    },
  },
  // Gates in the order r, z, n, with the reset behind the product (ONNX linear_before_reset), which keeps it one product:
  // n = tanh(x W_n + r (h U_n + b)), h' = n + z (h − n).
  gru: {
    gates: 3,
    parts: 1,
    stateBias: true,
    advance: (fromInput, fromState, [hidden], size) => {
      const both = (x: Tensor) => sliceAxis(x, 1, 0, 2 * size);
      const candidate = (x: Tensor) => sliceAxis(x, 1, 2 * size, size);
      const open = sigmoid(add(both(fromState), both(fromInput)));
      const gate = (i: number) => sliceAxis(open, 1, i * size, size);
      const fresh = tanh(add(candidate(fromInput), mul(gate(0), candidate(fromState))));
      return [add(fresh, mul(gate(1), sub(hidden, fresh)))];
    },
  },
};

/**
 * @param name goes before each parameter's: `${name}.input` [inputs, gates · size], `${name}.state` [size, gates · size],
 *   `${name}.bias`, and of a GRU `${name}.stateBias` [gates · size].
 */
export function recurrent(
  name: string,
  kind: CellName,
  inputs: number,
  size: number,
  { orthogonalInit = true }: RecurrentOptions = {},
): Recurrent {
  const { gates, parts, stateBias, advance } = cells[kind];
  const columns = gates * size;
  const inputWeight = parameter(`${name}.input`, [inputs, columns]);
  const stateWeight = parameter(`${name}.state`, [size, columns]);
  const bias = parameter(`${name}.bias`, [columns]);
  const secondBias = stateBias ? [parameter(`${name}.stateBias`, [columns])] : [];

  const unroll = (x: Tensor, { state, starts }: MemoryInput): Unrolled => {
    const sequences = state.shape[0];
    const steps = x.shape[0] / sequences;
    if (!Number.isInteger(steps))
      throw new Error(`${name}: ${x.shape[0]} rows are not steps of ${sequences} sequences`);
    const fromInputs = add(matmul(x, inputWeight), bias);
    const rowsOf = (all: Tensor, t: number) => sliceAxis(all, 0, t * sequences, sequences);
    const going = starts === undefined ? undefined : reshape(sub(1, starts), [x.shape[0], 1]);
    let now = Array.from({ length: parts }, (_, i) => sliceAxis(state, 1, i * size, size));
    const history: Tensor[][] = now.map(() => []);
    for (let t = 0; t < steps; t++) {
      if (going !== undefined && t > 0) now = now.map((part) => mul(part, rowsOf(going, t)));
      const product = matmul(now[0], stateWeight);
      const fromState = stateBias ? add(product, secondBias[0]) : product;
      now = advance(rowsOf(fromInputs, t), fromState, now, size);
      now.forEach((part, i) => {
        history[i].push(part);
      });
    }
    const all = history.map((ofPart) => concat(ofPart, 0));
    return { output: all[0], states: concat(all, 1) };
  };

  return {
    size,
    stateSize: parts * size,
    parameters: [inputWeight, stateWeight, bias, ...secondBias],
    unroll,
    step: (x, state) => {
      const { output, states } = unroll(x, { state });
      return { output, state: states };
    },
    initialising: (block, start) => {
      const [input, state, ...biases] = [inputWeight, stateWeight, bias, ...secondBias].map(
        ({ attributes }) => attributes.name!,
      );
      return start.cell(block, { matrices: [input, state], biases, inputs, size, columns }, orthogonalInit);
    },
  };
}
