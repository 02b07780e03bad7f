/** Which tokens of a batch are learnt from, where completions that were cut off are not. */

import { type CompletionBatch, firstPlace } from "./completionBatch.ts";

/** The mask without the rows that did not end by themselves; they count in no divisor either. */
export function learntTokens(batch: CompletionBatch): Float32Array {
  const learnt = batch.mask.slice();
  for (let row = 0; row < batch.rows; row++) {
    const first = firstPlace(batch, row);
    if (batch.ended[row] === 0) learnt.fill(0, first, first + batch.lengths[row]);
  }
  return learnt;
}
