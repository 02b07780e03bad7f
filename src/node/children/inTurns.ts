/** Works through a list, some at a time: what takes long and does not depend on the others. */
import { availableParallelism } from "node:os";

/** Processes that this machine runs beside each other. */
export function coresOfMachine(): number {
  return availableParallelism();
}

/**
 * Begins with the first `width` items, and with the next whenever one is done. Where work throws, or the signal is given,
 * no more is begun; what is under way is waited for.
 *
 * @throws the first error that work threw.
 */
export async function inTurns<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item, index: number) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const errors: unknown[] = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length && errors.length === 0 && !signal?.aborted) {
      const index = next++;
      try {
        await work(items[index], index);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  if (errors.length > 0) throw errors[0];
}
