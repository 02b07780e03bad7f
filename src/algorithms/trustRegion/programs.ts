/** The three programs of a trust-region update: the surrogate's gradient, a Fisher-vector product, and a look at a candidate. */

import { buildingFisherProduct } from "../../objectives/fisher.ts";
import { probabilityRatio } from "../../objectives/ratio.ts";
import { due, type Work } from "../../pauses.ts";
import type { ActorCritic } from "../../policies/actorCritic.ts";
import type { PolicySnapshot } from "../../policies/snapshot.ts";
import { wholeRollout } from "../../rollout/minibatch.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import { compiling } from "../../tensor/compile.ts";
import type { Engine, Region } from "../../tensor/engine.ts";
import { differentiating } from "../../tensor/grad.ts";
import { input, type Tensor } from "../../tensor/graph.ts";
import { compilingHoisted, type HoistedPrograms } from "../../tensor/hoist.ts";
import { mul } from "../../tensor/ops/elementwise.ts";
import { mean } from "../../tensor/ops/reduce.ts";
import { flatLayout, type ParameterBlock } from "../../tensor/parameters.ts";
import type { Program } from "../../tensor/program.ts";
import { standardisedAdvantage } from "../surrogate/advantage.ts";

export interface TrustRegionPrograms {
  /** Outputs: surrogate, entropy, gradient (flat). */
  readonly gradient: Program;
  /** Reads `vector`, outputs product (flat): F · vector, no damping. `prepare` first, once for each θ. */
  readonly fisher: HoistedPrograms;
  /** Where the Fisher product reads its vector. */
  readonly vector: Region;
  /** Outputs: surrogate and mean KL(old ‖ new) of the policy's present parameters. */
  readonly candidate: Program;
}

/** As work that stops now and then. */
export function* compileTrustRegion(
  engine: Engine,
  network: ActorCritic,
  policy: ParameterBlock,
  snapshot: PolicySnapshot,
  rollout: Rollout,
  normalizeAdvantage: boolean,
): Work<TrustRegionPrograms> {
  const batch = wholeRollout(rollout);
  const context = { mask: batch.masks, memory: batch.memory };
  const { bindings } = batch;
  const current = network.distribution(batch.observations, context);
  const old = snapshot.network.distribution(batch.observations, context);
  const advantage = normalizeAdvantage ? standardisedAdvantage(batch.advantages) : batch.advantages;
  const ratio = probabilityRatio(current.logProb(batch.actions), batch.logProbs);
  const surrogate = mean(mul(ratio, advantage));

  const { offsets, length } = flatLayout(policy.tensors);
  const vector = engine.allocate(length);
  const parts: Tensor[] = policy.tensors.map((tensor) => input(`vector.${tensor.attributes.name}`, tensor.shape));
  const vectorBindings = new Map<Tensor, Region>(bindings);
  parts.forEach((part, i) => {
    vectorBindings.set(part, { ...policy.regionOf(i), pointer: vector.pointer + offsets[i] * 4 });
  });

  const parameters = [policy];
  if (due()) yield;
  const gradient = yield* differentiating(surrogate, policy.tensors);
  const product = yield* buildingFisherProduct(current, old, policy.tensors, parts);
  return {
    vector,
    gradient: yield* compiling(engine, {
      name: "surrogate gradient",
      parameters,
      bindings,
      outputs: { surrogate, entropy: mean(current.entropy()), gradient },
    }),
    fisher: yield* compilingHoisted(
      engine,
      {
        name: "Fisher-vector product",
        parameters,
        bindings: vectorBindings,
        outputs: { product },
      },
      parts,
    ),
    candidate: yield* compiling(engine, {
      name: "candidate step",
      parameters: [policy, snapshot.block],
      bindings,
      outputs: { surrogate, kl: mean(old.klDivergence(current)) },
    }),
  };
}
