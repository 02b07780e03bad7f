/** Fitting a critic of its own by regression: shuffled minibatches of a rollout, several passes. */

import { valueLoss } from "../objectives/value.ts";
import type { ActorCritic } from "../policies/actorCritic.ts";
import type { RandomStream } from "../random/stream.ts";
import { compile } from "../tensor/compile.ts";
import type { Engine } from "../tensor/engine.ts";
import { grad } from "../tensor/grad.ts";
import type { Optimiser } from "../tensor/optimisers.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";
import type { Program } from "../tensor/program.ts";
import { minibatch } from "./minibatch.ts";
import type { Rollout } from "./rollout.ts";

export interface CriticFitOptions {
  nCriticUpdates: number;
  batchSize: number;
}

/** A function that fits the critic to the rollout's targets at a learning rate and returns the mean loss. */
export function criticFit(
  engine: Engine,
  network: ActorCritic,
  critic: ParameterBlock,
  rollout: Rollout,
  optimiser: Optimiser,
  order: RandomStream,
  { nCriticUpdates, batchSize }: CriticFitOptions,
): (rate: number) => number {
  const size = Math.min(batchSize, rollout.rows);
  const programs = new Map<number, Program>();
  for (const rows of [size, rollout.rows % size]) {
    if (rows === 0) continue;
    const batch = minibatch(rollout, rows);
    const loss = valueLoss(network.value(batch.observations), batch.targets);
    const outputs = { loss, gradient: grad(loss, critic.tensors) };
    const { bindings } = batch;
    programs.set(
      rows,
      compile(engine, { name: `critic update of ${rows} rows`, parameters: [critic], bindings, outputs }),
    );
  }
  const rowOrder = new Int32Array(rollout.rows);
  return (rate) => {
    let total = 0;
    let count = 0;
    for (let pass = 0; pass < nCriticUpdates; pass++) {
      for (let i = 0; i < rowOrder.length; i++) rowOrder[i] = i;
      order.shuffle(rowOrder);
      for (let start = 0; start < rollout.rows; start += size) {
        const rows = Math.min(size, rollout.rows - start);
        const program = programs.get(rows)!;
        const picked = program.inputInts("rows");
        for (let i = 0; i < rows; i++) picked[i] = rowOrder[start + i];
        program.run();
        if (!Number.isFinite(program.scalar("loss"))) program.requireFinite("The critic update");
        optimiser.step(program.outputRegion("gradient"), rate);
        total += program.scalar("loss");
        count++;
      }
    }
    return count === 0 ? Number.NaN : total / count;
  };
}
