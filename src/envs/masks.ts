/** Checks of action masks: one at a time, saying what is wrong; and whole batches, on the way to the policy. */
import { choiceColumns, describe, maskSize, type Space } from "./spaces.ts";

/** Why this is not an action mask of the space, or undefined when it is one. */
export function whyNotMask(space: Space, mask: unknown): string | undefined {
  const size = maskSize(space);
  if (size === undefined) return `a mask for ${describe(space)}, which cannot have one`;
  if (!(mask instanceof Uint8Array)) return "something that is not a Uint8Array";
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

/**
 * The first row whose mask leaves some choice without any allowed action, or −1. Allocates nothing once a space is known.
 *
 * @param masks [rows × maskSize], 1 = allowed.
 */
export function emptyMaskRow(space: Space, masks: ArrayLike<number>): number {
  const sizes = groupsOf(space);
  for (let row = 0, at = 0; at < masks.length; row++) {
    for (let group = 0; group < sizes.length; group++) {
      let allowed = 0;
      for (const end = at + sizes[group]; at < end; at++) allowed += masks[at];
      if (allowed === 0) return row;
    }
  }
  return -1;
}

const known = new WeakMap<Space, readonly number[]>();

function groupsOf(space: Space): readonly number[] {
  const found = known.get(space) ?? choiceColumns(space).map(({ size }) => size);
  known.set(space, found);
  return found;
}
