/**
 * The memory plan: where each intermediate result lies in the program's arena. Results whose last reader has run give
 * their place to later ones, and an elementwise step may write over an operand that dies with it.
 */

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
  #free: { start: number; size: number }[] = [];

  take(size: number): number {
    let best = -1;
    this.#free.forEach((block, i) => {
      if (block.size >= size && (best < 0 || block.size < this.#free[best].size)) best = i;
    });
    if (best < 0) {
      const start = this.length;
      this.length += size;
      return start;
    }
    const block = this.#free[best];
    const { start } = block;
    if (block.size === size) this.#free.splice(best, 1);
    else {
      block.start += size;
      block.size -= size;
    }
    return start;
  }

  give(start: number, size: number): void {
    this.#free.push({ start, size });
    this.#free.sort((a, b) => a.start - b.start);
    const joined: { start: number; size: number }[] = [];
    for (const block of this.#free) {
      const last = joined[joined.length - 1];
      if (last !== undefined && last.start + last.size === block.start) last.size += block.size;
      else joined.push({ ...block });
    }
    this.#free = joined;
  }
}

function rounded(tensor: Tensor): number {
  return Math.ceil(sizeOf(tensor.shape) / GRANULE) * GRANULE;
}

/**
 * Whether the step's kernel reads each element of operand `i` before it writes the same element of the result, and no other
 * operand is a part of that one, read at other times (a row taken off all rows).
 */
function canOverwrite(step: Step, i: number, rootOf: (tensor: Tensor) => Tensor): boolean {
  const { op } = step.source;
  const elementwise = binaryCodes.has(op) || unaryCodes.has(op) || op === "where";
  const x = step.inputs[i];
  return (
    elementwise &&
    sameShape(x.shape, step.target.shape) &&
    x.dtype === step.target.dtype &&
    step.inputs.every((other) => other === x || rootOf(other) !== x)
  );
}

/**
 * @param placed tensors that have a place of their own already (outputs), by id.
 */
export function planMemory(
  steps: readonly Step[],
  aliases: ReadonlyMap<number, Alias>,
  placed: ReadonlySet<number>,
): Plan {
  const rootOf = (tensor: Tensor) => aliases.get(tensor.id)?.root ?? tensor;
  const lastUse = new Map<number, number>();
  steps.forEach((step, time) => {
    for (const x of step.inputs) lastUse.set(rootOf(x).id, time);
  });

  const offsets = new Map<number, number>();
  const free = new FreeList();
  steps.forEach((step, time) => {
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
  });
  return { offsets, length: free.length };
}
