/** What worlds draw: rows from streams of their own, so that prompts, demonstrations and preferences of one seed differ. */

import { checkArguments, seed as seedCheck, wholeNumber } from "../../arguments/checks.ts";
import { RandomStream, streams } from "../../random/index.ts";

const KINDS = { prompts: 0, demonstrations: 1, preferences: 2, world: 3 } as const;

/**
 * `count` rows, each drawn from the one stream of this kind and seed: the first rows of a longer list are those of a shorter one.
 *
 * @throws AscentError "option" for a count or a seed that is none.
 */
export function drawRows<Row>(
  caller: string,
  kind: keyof typeof KINDS,
  count: number,
  seed: number,
  draw: (random: RandomStream) => Row,
): Row[] {
  checkArguments(caller, { count: wholeNumber(), seed: seedCheck }, { count, seed });
  const random = worldStream(kind, seed);
  return Array.from({ length: count }, () => draw(random));
}

export function worldStream(kind: keyof typeof KINDS, seed: number): RandomStream {
  return new RandomStream(seed, streams.textWorlds, KINDS[kind]);
}

/** One of the entries, each as likely. */
export function pick<Entry>(random: RandomStream, entries: ArrayLike<Entry>): Entry {
  return entries[random.integer(entries.length)];
}

/** An index drawn with these probabilities, of sum 1. */
export function pickWeighted(random: RandomStream, probabilities: ArrayLike<number>): number {
  let left = random.uniform();
  for (let i = 0; i < probabilities.length - 1; i++) {
    left -= probabilities[i];
    if (left < 0) return i;
  }
  return probabilities.length - 1;
}
