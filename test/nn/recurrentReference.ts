/** LSTM and GRU as their papers write them, in float64, one number at a time; and any scalar's gradient by differences. */

import type { CellName } from "../../src/nn/index.ts";

export interface Weights {
  /** [inputs, gates · size] */
  input: Float64Array;
  /** [size, gates · size] */
  state: Float64Array;
  bias: Float64Array;
  stateBias?: Float64Array;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** One step of one sequence: x [inputs], state [stateSize] → the next state, whose first `size` numbers are the output. */
export function step(
  kind: CellName,
  size: number,
  weights: Weights,
  x: Float64Array,
  state: Float64Array,
): Float64Array {
  const columns = weights.bias.length;
  const fromInput = (j: number) =>
    weights.bias[j] + x.reduce((sum, v, k) => sum + v * weights.input[k * columns + j], 0);
  const fromState = (j: number) => {
    let sum = weights.stateBias?.[j] ?? 0;
    for (let k = 0; k < size; k++) sum += state[k] * weights.state[k * columns + j];
    return sum;
  };
  const next = new Float64Array(state.length);
  for (let j = 0; j < size; j++) {
    const both = (gate: number) => fromInput(gate * size + j) + fromState(gate * size + j);
    if (kind === "lstm") {
      next[size + j] = sigmoid(both(1)) * state[size + j] + sigmoid(both(0)) * Math.tanh(both(3));
      next[j] = sigmoid(both(2)) * Math.tanh(next[size + j]);
    } else {
      const fresh = Math.tanh(fromInput(2 * size + j) + sigmoid(both(0)) * fromState(2 * size + j));
      const keep = sigmoid(both(1));
      next[j] = (1 - keep) * fresh + keep * state[j];
    }
  }
  return next;
}

/** All steps of all sequences, rows ordered by time; the states behind every row [steps · sequences][stateSize]. */
export function unroll(
  kind: CellName,
  size: number,
  weights: Weights,
  x: Float64Array,
  state: Float64Array,
  starts: ArrayLike<number>,
  sequences: number,
): Float64Array[] {
  const inputs = x.length / starts.length;
  const stateSize = state.length / sequences;
  const states: Float64Array[] = [];
  for (let row = 0; row < starts.length; row++) {
    const before = row < sequences ? state.slice(row * stateSize, (row + 1) * stateSize) : states[row - sequences];
    const seen = row >= sequences && starts[row] === 1 ? new Float64Array(stateSize) : before;
    states.push(step(kind, size, weights, x.slice(row * inputs, (row + 1) * inputs), seen));
  }
  return states;
}

/** ∂f/∂values by central differences. */
export function differences(values: Float64Array, f: () => number, h = 1e-5): Float64Array {
  return values.map((value, i) => {
    values[i] = value + h;
    const above = f();
    values[i] = value - h;
    const below = f();
    values[i] = value;
    return (above - below) / (2 * h);
  });
}
