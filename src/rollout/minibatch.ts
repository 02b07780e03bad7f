/**
 * A minibatch as graph code: parts of the rollout, picked by index inside the update program. A part is a row; for a network
 * with a memory it is all rows of an environment, in order, from the state that was stored before the first.
 */

import type { MemoryInput } from "../nn/recurrent.ts";
import type { Region } from "../tensor/engine.ts";
import { input, type Tensor } from "../tensor/graph.ts";
import { gatherRows } from "../tensor/ops/gather.ts";
import { sliceAxis } from "../tensor/ops/layout.ts";
import type { Rollout, RolloutField } from "./rollout.ts";

export interface Minibatch {
  /** Normalised observations [size, observationSize]. */
  readonly observations: Tensor;
  /** [size, actionSize] */
  readonly actions: Tensor;
  /** [size, maskSize], when the environment has masks. */
  readonly masks: Tensor | undefined;
  /** Of the policy that acted [size]. */
  readonly logProbs: Tensor;
  /** V when the rollout was collected [size]. */
  readonly values: Tensor;
  /** Each [size]. */
  readonly advantages: Tensor;
  readonly targets: Tensor;
  /** For networks with a memory. */
  readonly memory?: MemoryInput | undefined;
  /** For compile: where the rollout lies. */
  readonly bindings: ReadonlyMap<Tensor, Region>;
}

/** How a rollout is cut into minibatches. */
export interface Parts {
  /** Parts of the rollout that minibatches are made of: rows, or environments. */
  readonly count: number;
  /** Rows of a part. */
  readonly rows: number;
}

export function partsOf({ rows, shape: { steps, environments, stateSize = 0 } }: Rollout): Parts {
  return stateSize > 0 ? { count: environments, rows: steps } : { count: rows, rows: 1 };
}

/** Parts in a minibatch of about `batchSize` rows: at least one, at most all. */
export function partsInBatch({ count, rows }: Parts, batchSize: number): number {
  return Math.min(Math.max(Math.round(batchSize / rows), 1), count);
}

/** Writes the rows of the parts order[start … start + size): by time, then as the parts are [size · rows of a part]. */
export function writeRows(
  { count, rows }: Parts,
  order: Int32Array,
  start: number,
  size: number,
  out: Int32Array,
): void {
  for (let t = 0; t < rows; t++) {
    for (let i = 0; i < size; i++) out[t * size + i] = t * count + order[start + i];
  }
}

/** Rows are chosen by the i32 input "rows" [parts · rows of a part], as `writeRows` orders them. */
export function minibatch(rollout: Rollout, parts: number): Minibatch {
  const rows = input("rows", [parts * partsOf(rollout).rows], "i32");
  // Rows of the first step are numbered as the environments are.
  return rolloutTensors(
    rollout,
    (all) => gatherRows(all, rows),
    (states) => gatherRows(states, sliceAxis(rows, 0, 0, parts)),
  );
}

/** All rows of the rollout, in its order. */
export function wholeRollout(rollout: Rollout): Minibatch {
  return rolloutTensors(
    rollout,
    (all) => all,
    (states) => states,
  );
}

function rolloutTensors(
  rollout: Rollout,
  choose: (all: Tensor) => Tensor,
  chooseStates: (all: Tensor) => Tensor,
): Minibatch {
  const { observationSize, actionSize, maskSize, stateSize = 0, environments } = rollout.shape;
  const bindings = new Map<Tensor, Region>();
  const pick = (field: RolloutField, columns?: number) => {
    const all = input(field, columns === undefined ? [rollout.rows] : [rollout.rows, columns]);
    bindings.set(all, rollout.regions[field]);
    return choose(all);
  };
  const memory = (): MemoryInput => {
    const states = input("states", [environments, stateSize]);
    bindings.set(states, rollout.regions.states);
    return { state: chooseStates(states), starts: pick("starts") };
  };
  return {
    observations: pick("observations", observationSize),
    actions: pick("actions", actionSize),
    masks: maskSize > 0 ? pick("masks", maskSize) : undefined,
    logProbs: pick("logProbs"),
    values: pick("oldValues"),
    advantages: pick("advantages"),
    targets: pick("targets"),
    memory: stateSize > 0 ? memory() : undefined,
    bindings,
  };
}
