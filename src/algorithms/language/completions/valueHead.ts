/** The critic of RLHF: one number for each state of a completion, from the policy's own hidden states. */

import { parameter, type Tensor } from "../../../tensor/graph.ts";
import { add } from "../../../tensor/ops/elementwise.ts";
import { reshape } from "../../../tensor/ops/layout.ts";
import { matmul } from "../../../tensor/ops/matmul.ts";

export interface ValueHead {
  /** All 0 at the start: nothing is expected of anything. */
  readonly parameters: readonly Tensor[];
  /** [rows, places, width] → [rows, places] */
  values(states: Tensor): Tensor;
}

export function valueHead(width: number): ValueHead {
  const weight = parameter("value.weight", [1, width]);
  const bias = parameter("value.bias", [1]);
  return {
    parameters: [weight, bias],
    values(states) {
      const product = matmul(reshape(states, [-1, width]), weight, { transposeB: true });
      return reshape(add(product, bias), states.shape.slice(0, -1));
    },
  };
}
