/**
 * The order in which prompts are drawn from: every one once an epoch, shuffled, and on into the next without a stop, so that each
 * iteration has as many. How many were given out is all there is to remember.
 */

import { RandomStream, streams } from "../../../random/index.ts";

export interface PromptOrder {
  /** Given out so far. */
  taken: number;
  /** Numbers of the prompts. */
  next(count: number): Int32Array;
}

export function promptOrder(prompts: number, seed: number): PromptOrder {
  const order = new Int32Array(prompts);
  let epochInOrder = -1;
  return {
    taken: 0,
    next(count) {
      return Int32Array.from({ length: count }, () => {
        const epoch = Math.floor(this.taken / prompts);
        if (epoch !== epochInOrder) {
          for (let i = 0; i < prompts; i++) order[i] = i;
          new RandomStream(seed, streams.textOrder, epoch).shuffle(order);
          epochInOrder = epoch;
        }
        return order[this.taken++ % prompts];
      });
    },
  };
}
