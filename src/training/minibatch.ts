/** A minibatch as graph code: rows of the rollout, picked by index inside the update program. */

import type { Region } from "../tensor/engine.ts";
import { input, type Tensor } from "../tensor/graph.ts";
import { gatherRows } from "../tensor/ops/gather.ts";
import type { Rollout, RolloutField } from "./rollout.ts";

export interface Minibatch {
  /** Normalised observations [size, observationSize]. */
  readonly observations: Tensor;
  /** [size, actionSize] */
  readonly actions: Tensor;
  /** [size, maskSize], when the environment has masks. */
  readonly masks: Tensor | undefined;
  /** Behind these, each [size]. */
  readonly logProbs: Tensor;
  readonly values: Tensor;
  readonly advantages: Tensor;
  readonly targets: Tensor;
  /** For compile: where the rollout lies. */
  readonly bindings: ReadonlyMap<Tensor, Region>;
}

/** Rows are chosen by the i32 input "rows" [size]. */
export function minibatch(rollout: Rollout, size: number): Minibatch {
  const rows = input("rows", [size], "i32");
  return rolloutTensors(rollout, (all) => gatherRows(all, rows));
}

/** All rows of the rollout, in its order. */
export function wholeRollout(rollout: Rollout): Minibatch {
  return rolloutTensors(rollout, (all) => all);
}

function rolloutTensors(rollout: Rollout, choose: (all: Tensor) => Tensor): Minibatch {
  const { observationSize, actionSize, maskSize } = rollout.shape;
  const bindings = new Map<Tensor, Region>();
  const pick = (field: RolloutField, columns?: number) => {
    const all = input(field, columns === undefined ? [rollout.rows] : [rollout.rows, columns]);
    bindings.set(all, rollout.regions[field]);
    return choose(all);
  };
  return {
    observations: pick("observations", observationSize),
    actions: pick("actions", actionSize),
    masks: maskSize > 0 ? pick("masks", maskSize) : undefined,
    logProbs: pick("logProbs"),
    values: pick("values"),
    advantages: pick("advantages"),
    targets: pick("targets"),
    bindings,
  };
}
