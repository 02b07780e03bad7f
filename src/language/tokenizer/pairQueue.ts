/** Pairs of tokens by how often they stand side by side: the most frequent first, of equals the one of smaller ids. */

export interface CountedPair {
  readonly count: number;
  readonly left: number;
  readonly right: number;
}

/** A binary heap. Counts change while pairs wait in it: whoever takes one out looks at its count anew, and puts it back. */
export class PairQueue {
  readonly #heap: CountedPair[] = [];

  push(pair: CountedPair): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(pair);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(pair, heap[above])) break;
      heap[at] = heap[above];
      at = above;
    }
    heap[at] = pair;
  }

  pop(): CountedPair | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1], heap[below])) below++;
      if (!isBefore(heap[below], last)) break;
      heap[at] = heap[below];
      at = below;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(one: CountedPair, other: CountedPair): boolean {
  if (one.count !== other.count) return one.count > other.count;
  return one.left !== other.left ? one.left < other.left : one.right < other.right;
}
