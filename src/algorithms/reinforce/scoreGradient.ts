/**
 * −(1/N) Σ w ∇log π over any number of rows of a rollout, by backward passes of the pseudo-loss over chunks of fixed size.
 * The sum does not depend on the chunks but for rounding.
 */

import { AscentError } from "../../errors.ts";
import { pseudoLoss } from "../../objectives/policyGradient.ts";
import type { Work } from "../../pauses.ts";
import type { ActorCritic } from "../../policies/actorCritic.ts";
import { minibatch } from "../../rollout/minibatch.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import { compiling } from "../../tensor/compile.ts";
import type { Engine, Region } from "../../tensor/engine.ts";
import { differentiating } from "../../tensor/grad.ts";
import { input } from "../../tensor/graph.ts";
import { mul } from "../../tensor/ops/elementwise.ts";
import { sum } from "../../tensor/ops/reduce.ts";
import type { ParameterBlock } from "../../tensor/parameters.ts";
import { chunkSize, rowChunks } from "../rowChunks.ts";

export interface ScoreGradient {
  /** Flat, of the pseudo-loss: descend it. Valid until the next call. */
  readonly gradient: Region;
  readonly loss: number;
  /** Mean over the rows. */
  readonly entropy: number;
}

export function* scoreGradient(
  engine: Engine,
  network: ActorCritic,
  policy: ParameterBlock,
  rollout: Rollout,
): Work<(rows: Int32Array, weights: Float64Array, trajectories: number) => Work<ScoreGradient>> {
  const size = chunkSize(rollout);
  const { bindings, ...batch } = minibatch(rollout, size);
  const weight = input("weight", [size]);
  const isRow = input("isRow", [size]);
  const distribution = network.distribution(batch.observations, { mask: batch.masks });
  const loss = pseudoLoss(distribution.logProb(batch.actions), weight, 1);
  const gradient = yield* differentiating(loss, policy.tensors);
  const program = yield* compiling(engine, {
    name: "score gradient",
    parameters: [policy],
    bindings,
    outputs: { loss, entropy: sum(mul(distribution.entropy(), isRow)), gradient },
  });
  const { length } = policy.region;
  const total = engine.allocate(length);
  return function* (rows, weights, trajectories) {
    const { kernels } = engine;
    kernels.axpby(length, 0, total.pointer, 0, total.pointer);
    let lossSum = 0;
    let entropySum = 0;
    const write = (start: number, count: number) => {
      const weightOf = program.input("weight");
      for (let i = 0; i < size; i++) weightOf[i] = i < count ? weights[start + i] / trajectories : 0;
    };
    const add = () => {
      kernels.axpby(length, 1, program.outputRegion("gradient").pointer, 1, total.pointer);
      lossSum += program.scalar("loss");
      entropySum += program.scalar("entropy");
    };
    yield* rowChunks(program, rows, size, add, write);
    if (kernels.firstNonFinite(total.pointer, length) > 0 || !Number.isFinite(lossSum)) {
      program.requireFinite("The policy gradient");
      throw new AscentError("non-finite", {
        what: "The policy gradient stopped: the sum over the batch overflows float32",
        expected: "finite numbers",
        fix: "Normalise rewards, or set normalizeAdvantage.",
      });
    }
    return { gradient: total, loss: lossSum, entropy: entropySum / rows.length };
  };
}
