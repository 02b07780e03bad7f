/** Checks of action masks: one at a time, saying what is wrong; and whole batches, on the way to the policy. */
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import { choiceColumns, describe, flatSize, maskSize, type Space, writeFlat } from "./spaces.ts";

/** Why this is not an action mask of the space, or undefined when it is one. */
export function whyNotMask(space: Space, mask: unknown): string | undefined {
  const size = maskSize(space);
  if (size === undefined) return `a mask for ${describe(space)}, which cannot have one`;
  if (!(mask instanceof Uint8Array)) return `${describeValue(mask)}, not a Uint8Array`;
  if (mask.length !== size) return `${mask.length} entries`;
  let from = 0;
  for (const { size: group } of choiceColumns(space)) {
    const part = mask.subarray(from, from + group);
    if (part.some((entry) => entry > 1)) return "entries other than 0 and 1";
    if (!part.includes(1)) return "a mask that allows no action";
    from += group;
  }
  return undefined;
}

/** Whether a mask of the space allows every choice of this action. */
export function maskAllows(space: Space, mask: Uint8Array, action: unknown): boolean {
  const columns = new Float32Array(flatSize(space));
  writeFlat(space, action, columns, 0);
  let from = 0;
  for (const { column, start, size } of choiceColumns(space)) {
    if (mask[from + columns[column] - start] === 0) return false;
    from += size;
  }
  return true;
}

/**
 * The first row whose mask holds an entry other than 0 and 1 or leaves some choice without any allowed action, or −1.
 * Allocates nothing once a space is known.
 *
 * @param masks [rows × maskSize], 1 = allowed.
 */
export function unusableMaskRow(space: Space, masks: ArrayLike<number>): number {
  const sizes = groupsOf(space);
  for (let row = 0, at = 0; at < masks.length; row++) {
    for (let group = 0; group < sizes.length; group++) {
      let allowed = 0;
      for (const end = at + sizes[group]; at < end; at++) {
        if (masks[at] === 1) allowed++;
        else if (masks[at] !== 0) return row;
      }
      if (allowed === 0) return row;
    }
  }
  return -1;
}

/** The error about a row that `unusableMaskRow` found; `who` and `when` say where it was met. */
export function unusableMask(
  who: string,
  when: string,
  space: Space,
  masks: ArrayLike<number>,
  row: number,
): AscentError {
  const size = maskSize(space) ?? 0;
  const entries = Array.from({ length: size }, (_, j) => masks[row * size + j]);
  const odd = entries.findIndex((entry) => entry !== 0 && entry !== 1);
  if (odd < 0) {
    return new AscentError("environment", {
      what: `${who}, allows no action ${when}`,
      got: "an action mask of zeros",
      expected: "at least one allowed action in each choice",
      fix: "End the episode where nothing can be done, or allow an action that does nothing.",
    });
  }
  return new AscentError("environment", {
    what: `${who}, has a bad action mask ${when}`,
    got: `${describeValue(entries[odd])} at entry ${odd}`,
    expected: "0 (forbidden) or 1 (allowed) for every action",
    fix: "Give a Uint8Array of 0 and 1.",
  });
}

const known = new WeakMap<Space, readonly number[]>();

function groupsOf(space: Space): readonly number[] {
  const found = known.get(space) ?? choiceColumns(space).map(({ size }) => size);
  known.set(space, found);
  return found;
}
