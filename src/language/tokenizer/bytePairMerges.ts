/**
 * Learns the merges of byte-pair encoding (Sennrich et al. 2016): again and again the pair of tokens that stands side by side most often
 * becomes a token. Pairs do not reach across words; of pairs that are as frequent the one of smaller ids is taken, as Hugging
 * Face's trainer does. Only what a merge touches is counted anew.
 */

import { PairQueue } from "./pairQueue.ts";

/** Pairs of ids as one number; a vocabulary has fewer. */
const MOST_TOKENS = 1 << 26;

export interface Merge {
  readonly left: number;
  readonly right: number;
}

/**
 * @param words each as the ids of its first tokens, with how often it occurs.
 * @param firstId the id of the first new token.
 * @param most merges learnt at most.
 * @param least how often a pair must stand side by side to be merged.
 * @returns merges in order; the k-th makes the token firstId + k.
 */
export function learnMerges(
  words: readonly { readonly ids: readonly number[]; readonly count: number }[],
  firstId: number,
  most: number,
  least: number,
): Merge[] {
  const spelled = words.map(({ ids }) => [...ids]);
  const counts = new Map<number, number>();
  const places = new Map<number, Set<number>>();
  const queue = new PairQueue();

  const countPair = (left: number, right: number, word: number, by: number): number => {
    const pair = left * MOST_TOKENS + right;
    counts.set(pair, (counts.get(pair) ?? 0) + by);
    if (by > 0) {
      const known = places.get(pair);
      if (known === undefined) places.set(pair, new Set([word]));
      else known.add(word);
    }
    return pair;
  };
  const enqueue = (pair: number) => {
    const count = counts.get(pair)!;
    if (count > 0) queue.push({ count, left: Math.floor(pair / MOST_TOKENS), right: pair % MOST_TOKENS });
  };

  spelled.forEach((ids, word) => {
    for (let i = 1; i < ids.length; i++) countPair(ids[i - 1], ids[i], word, words[word].count);
  });
  for (const pair of counts.keys()) enqueue(pair);

  const merges: Merge[] = [];
  while (merges.length < most) {
    const top = queue.pop();
    if (top === undefined) break;
    const pair = top.left * MOST_TOKENS + top.right;
    const count = counts.get(pair)!;
    if (count !== top.count) {
      enqueue(pair);
      continue;
    }
    if (count < least) break;
    const made = firstId + merges.length;
    merges.push({ left: top.left, right: top.right });
    const touched = new Set<number>();
    for (const word of places.get(pair)!) {
      const before = spelled[word];
      const after = mergeIn(before, top.left, top.right, made);
      if (after.length === before.length) continue;
      spelled[word] = after;
      const weight = words[word].count;
      for (let i = 1; i < before.length; i++) countPair(before[i - 1], before[i], word, -weight);
      for (let i = 1; i < after.length; i++) {
        const next = countPair(after[i - 1], after[i], word, weight);
        if (after[i - 1] === made || after[i] === made) touched.add(next);
      }
    }
    places.delete(pair);
    for (const next of touched) enqueue(next);
  }
  return merges;
}

function mergeIn(ids: readonly number[], left: number, right: number, made: number): number[] {
  const merged: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === left && ids[i + 1] === right) {
      merged.push(made);
      i++;
    } else merged.push(ids[i]);
  }
  return merged;
}
