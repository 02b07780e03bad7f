/**
 * How far an update moved the policy (docs/theory.md, 12): the exact mean KL(old ‖ new) over states of the rollout, from the
 * distributions and not from samples. The old policy is a snapshot taken before the update.
 */

import type { Work } from "../pauses.ts";
import type { ActorCritic } from "../policies/actorCritic.ts";
import type { PolicySnapshot } from "../policies/snapshot.ts";
import { minibatch, wholeRollout } from "../rollout/minibatch.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { compiling } from "../tensor/compile.ts";
import type { Engine } from "../tensor/engine.ts";
import { input } from "../tensor/graph.ts";
import { mul } from "../tensor/ops/elementwise.ts";
import { mean, sum } from "../tensor/ops/reduce.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";
import { chunkSize, rowChunks } from "./rowChunks.ts";

/**
 * KL over all rows of the rollout, with or without a memory.
 *
 * @param block whose first parameters are the policy's.
 */
export function* rolloutKl(
  engine: Engine,
  network: ActorCritic,
  block: ParameterBlock,
  old: PolicySnapshot,
  rollout: Rollout,
): Work<() => Work<number>> {
  const { bindings, observations, masks: mask, memory } = wholeRollout(rollout);
  const before = old.network.distribution(observations, { mask, memory });
  const kl = mean(before.klDivergence(network.distribution(observations, { mask, memory })));
  const parameters = [block, old.block];
  const program = yield* compiling(engine, { name: "KL of the update", parameters, bindings, outputs: { kl } });
  return function* () {
    yield* program.running();
    return program.scalar("kl");
  };
}

/** KL over the given rows of the rollout; for networks without a memory. */
export function* rowsKl(
  engine: Engine,
  network: ActorCritic,
  policy: ParameterBlock,
  old: PolicySnapshot,
  rollout: Rollout,
): Work<(rows: Int32Array) => Work<number>> {
  const size = chunkSize(rollout);
  const { bindings, observations, masks: mask } = minibatch(rollout, size);
  const before = old.network.distribution(observations, { mask });
  const each = before.klDivergence(network.distribution(observations, { mask }));
  const program = yield* compiling(engine, {
    name: "KL of the update",
    parameters: [policy, old.block],
    bindings,
    outputs: { kl: sum(mul(each, input("isRow", [size]))) },
  });
  return function* (rows) {
    let total = 0;
    yield* rowChunks(program, rows, size, () => {
      total += program.scalar("kl");
    });
    return total / rows.length;
  };
}
