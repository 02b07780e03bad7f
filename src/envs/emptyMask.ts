/** Finding masks that allow nothing: a policy would have nothing to choose from. */
import { choiceColumns, type Space } from "./spaces.ts";

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
