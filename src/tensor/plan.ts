/**
 * The memory plan: where each intermediate result lies in the program's arena. Results whose last reader has run give
 * their place to later ones, and an elementwise step may write over an operand that dies with it.
 */

import { dueAfter, type Work } from "../pauses.ts";
import { GRANULE } from "./engine.ts";
import type { Tensor } from "./graph.ts";
import { binaryCodes, unaryCodes } from "./opcodes.ts";
import type { Alias, Step } from "./schedule.ts";
import { sameShape, sizeOf } from "./shape.ts";

export interface Plan {
  /** Element offset in the arena for each planned tensor. */
  readonly offsets: ReadonlyMap<number, number>;
  /** Elements the arena needs. */
  readonly length: number;
}

/** Free stretches of the arena, by start; neighbours are joined when one is given back. */
class FreeList {
  length = 0;
  readonly #free: { start: number; size: number }[] = [];

  take(size: number): number {
    const free = this.#free;
    let best = -1;
    for (let i = 0; i < free.length && (best < 0 || free[best].size > size); i++) {
      if (free[i].size >= size && (best < 0 || free[i].size < free[best].size)) best = i;
    }
    if (best < 0) {
      const start = this.length;
      this.length += size;
      return start;
    }
    const block = free[best];
    const { start } = block;
    if (block.size === size) free.splice(best, 1);
    else {
      block.start += size;
      block.size -= size;
    }
    return start;
  }

  give(start: number, size: number): void {
    const free = this.#free;
    const at = this.#firstBehind(start);
    const before = at > 0 ? free[at - 1] : undefined;
    const behind = at < free.length ? free[at] : undefined;
    const joinsBefore = before !== undefined && before.start + before.size === start;
    const joinsBehind = behind !== undefined && start + size === behind.start;
    if (joinsBefore) {
      before.size += joinsBehind ? size + behind.size : size;
      if (joinsBehind) free.splice(at, 1);
    } else if (joinsBehind) {
      behind.start = start;
      behind.size += size;
    } else free.splice(at, 0, { start, size });
  }

  /** Number of the first free stretch behind a place. */
  #firstBehind(place: number): number {
    let [low, high] = [0, this.#free.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#free[middle].start > place) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function rounded(tensor: Tensor): number {
  return Math.ceil(sizeOf(tensor.shape) / GRANULE) * GRANULE;
}

/** Besides what has one or two operands. The soft family reads a row before it writes it. */
const inPlace = new Set<string>(["where", "softmax", "logSoftmax", "crossEntropyGradient"]);

/**
 * Whether the step's kernel reads each element of operand `i` before it writes the same element of the result, and no other
 * operand is a part of that one, read at other times (a row taken off all rows).
 */
function canOverwrite(step: Step, i: number, rootOf: (tensor: Tensor) => Tensor): boolean {
  const { op } = step.source;
  const elementwise = binaryCodes.has(op) || unaryCodes.has(op) || inPlace.has(op);
  const x = step.inputs[i];
  return (
    elementwise &&
    sameShape(x.shape, step.target.shape) &&
    x.dtype === step.target.dtype &&
    step.inputs.every((other) => other === x || rootOf(other) !== x)
  );
}

/**
 * As work that stops now and then.
 *
 * @param placed tensors that have a place of their own already (outputs), by id.
 */
export function* planMemory(
  steps: readonly Step[],
  aliases: ReadonlyMap<number, Alias>,
  placed: ReadonlySet<number>,
): Work<Plan> {
  const rootOf = (tensor: Tensor) => aliases.get(tensor.id)?.root ?? tensor;
  const lastUse = new Map<number, number>();
  steps.forEach((step, time) => {
    for (const x of step.inputs) lastUse.set(rootOf(x).id, time);
  });

  const offsets = new Map<number, number>();
  const free = new FreeList();
  for (let time = 0; time < steps.length; time++) {
    const step = steps[time];
    const dying = new Map<number, Tensor>();
    for (const x of step.inputs) {
      const root = rootOf(x);
      if (offsets.has(root.id) && lastUse.get(root.id) === time) dying.set(root.id, root);
    }
    if (!placed.has(step.target.id)) {
      const reused = step.inputs.find((x, i) => dying.has(x.id) && canOverwrite(step, i, rootOf));
      if (reused !== undefined) {
        offsets.set(step.target.id, offsets.get(reused.id)!);
        dying.delete(reused.id);
      } else offsets.set(step.target.id, free.take(rounded(step.target)));
    }
    for (const root of dying.values()) free.give(offsets.get(root.id)!, rounded(root));
    if (!lastUse.has(step.target.id) && offsets.has(step.target.id)) {
      free.give(offsets.get(step.target.id)!, rounded(step.target));
    }
    if (dueAfter(time)) yield;
  }
  return { offsets, length: free.length };
}
