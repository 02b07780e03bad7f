/** Fitting a critic of its own by regression: shuffled minibatches of a rollout, several passes. */

import { valueLoss } from "../objectives/value.ts";
import type { Work } from "../pauses.ts";
import type { ActorCritic } from "../policies/actorCritic.ts";
import type { RandomStream } from "../random/stream.ts";
import { minibatch, partsInBatch, partsOf, writeRows } from "../rollout/minibatch.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { compiling } from "../tensor/compile.ts";
import type { Engine } from "../tensor/engine.ts";
import { differentiating } from "../tensor/grad.ts";
import type { Optimiser } from "../tensor/optimisers.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";

export interface CriticFitOptions {
  nCriticUpdates: number;
  batchSize: number;
}

/**
 * Fits the critic to the rollout's targets at a learning rate and returns the mean loss.
 *
 * @param rows the rows to learn from; default: all. With a memory they are environments, all of whose rows are learnt from.
 *   The last minibatch of a pass is filled up from its beginning.
 */
export type CriticFit = (rate: number, rows?: ArrayLike<number>) => Work<number>;

export function* criticFit(
  engine: Engine,
  network: ActorCritic,
  critic: ParameterBlock,
  rollout: Rollout,
  optimiser: Optimiser,
  order: RandomStream,
  { nCriticUpdates, batchSize }: CriticFitOptions,
): Work<CriticFit> {
  const parts = partsOf(rollout);
  const size = partsInBatch(parts, batchSize);
  const { bindings, ...batch } = minibatch(rollout, size);
  const loss = valueLoss(network.value(batch.observations, batch.memory), batch.targets);
  const outputs = { loss, gradient: yield* differentiating(loss, critic.tensors) };
  const program = yield* compiling(engine, { name: "critic update", parameters: [critic], bindings, outputs });
  const all = Int32Array.from({ length: parts.count }, (_, i) => i);
  const buffer = new Int32Array(parts.count);
  const picked = new Int32Array(size);
  return function* (rate, rows = all) {
    const count = rows.length;
    const rowOrder = buffer.subarray(0, count);
    let total = 0;
    let steps = 0;
    for (let pass = 0; pass < nCriticUpdates; pass++) {
      rowOrder.set(rows);
      order.shuffle(rowOrder);
      for (let start = 0; start < count; start += size) {
        for (let i = 0; i < size; i++) picked[i] = rowOrder[(start + i) % count];
        writeRows(parts, picked, 0, size, program.inputInts("rows"));
        yield* program.running();
        if (!Number.isFinite(program.scalar("loss"))) program.requireFinite("The critic update");
        optimiser.step(program.outputRegion("gradient"), rate);
        total += program.scalar("loss");
        steps++;
      }
    }
    return steps === 0 ? Number.NaN : total / steps;
  };
}
