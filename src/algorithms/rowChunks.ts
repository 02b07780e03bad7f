/**
 * Any number of rows through a program of a fixed number of them: chunk by chunk, the last one filled up with rows that count
 * for nothing. The program has the inputs "rows" (i32, of `minibatch`) and "isRow" (1, or 0 for what fills up).
 */

import type { Work } from "../pauses.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { Program } from "../tensor/program.ts";

const CHUNK = 1024;

/** Rows of a chunk: no more than the rollout has. */
export function chunkSize(rollout: Rollout): number {
  return Math.min(CHUNK, rollout.rows);
}

/**
 * Runs the program once for each chunk.
 *
 * @param after called behind each run, to take up its outputs.
 * @param before called ahead of each run with the chunk's first row and how many there are, to write further inputs.
 */
export function* rowChunks(
  program: Program,
  rows: Int32Array,
  size: number,
  after: () => void,
  before?: (start: number, count: number) => void,
): Work<void> {
  for (let start = 0; start < rows.length; start += size) {
    const count = Math.min(size, rows.length - start);
    const picked = program.inputInts("rows");
    const isRow = program.input("isRow");
    for (let i = 0; i < size; i++) {
      picked[i] = rows[i < count ? start + i : 0];
      isRow[i] = i < count ? 1 : 0;
    }
    before?.(start, count);
    yield* program.running();
    after();
  }
}
