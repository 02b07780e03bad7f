/** How probable recorded actions are under a policy: the step of maximum likelihood, and the measure on held-out steps. */

import { flatSize, type Space } from "../envs/spaces.ts";
import { pseudoLoss } from "../objectives/policyGradient.ts";
import type { Work } from "../pauses.ts";
import type { ActorCritic } from "../policies/actorCritic.ts";
import { minibatch } from "../rollout/minibatch.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { compiling } from "../tensor/compile.ts";
import type { Engine, Region } from "../tensor/engine.ts";
import { differentiating } from "../tensor/grad.ts";
import { input } from "../tensor/graph.ts";
import { mul, sub } from "../tensor/ops/elementwise.ts";
import { sum } from "../tensor/ops/reduce.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";

export interface LikelihoodStep {
  /** Flat, of −(mean log π(a|s)) − entCoef · mean entropy. Valid until the next call. */
  readonly gradient: Region;
  /** Means over the rows. */
  readonly logLikelihood: number;
  readonly entropy: number;
}

/**
 * The pseudo-loss of the policy gradient with every weight 1 (docs/theory.md, 4), on up to `size` rows picked from the
 * rollout. Fewer rows are filled up with rows of weight 0.
 */
export function* likelihoodStep(
  engine: Engine,
  network: ActorCritic,
  policy: ParameterBlock,
  rollout: Rollout,
  size: number,
): Work<(rows: Int32Array, entCoef: number) => Work<LikelihoodStep>> {
  const { bindings, ...batch } = minibatch(rollout, size);
  const weight = input("weight", [size]);
  const distribution = network.distribution(batch.observations, { mask: batch.masks });
  const negative = pseudoLoss(distribution.logProb(batch.actions), weight, 1);
  const entropy = sum(mul(distribution.entropy(), weight));
  const loss = sub(negative, mul(entropy, input("entCoef", [])));
  const gradient = yield* differentiating(loss, policy.tensors);
  const program = yield* compiling(engine, {
    name: `likelihood of ${size} steps`,
    parameters: [policy],
    bindings,
    outputs: { loss, negative, entropy, gradient },
  });
  return function* (rows, entCoef) {
    const picked = program.inputInts("rows");
    const weights = program.input("weight");
    for (let i = 0; i < size; i++) {
      picked[i] = rows[i < rows.length ? i : 0];
      weights[i] = i < rows.length ? 1 / rows.length : 0;
    }
    program.input("entCoef")[0] = entCoef;
    yield* program.running();
    program.requireFinite("Behaviour cloning");
    return {
      gradient: program.outputRegion("gradient"),
      logLikelihood: -program.scalar("negative"),
      entropy: program.scalar("entropy"),
    };
  };
}

export interface Agreement {
  /** Mean log π(a|s). */
  logLikelihood: number;
  /** Share of the steps whose most probable action is the recorded one; undefined where actions are real numbers only. */
  accuracy: number | undefined;
}

const CHUNK = 1024;

/** Measures any number of rows; both figures are NaN of none. */
export function* likelihoodMeasure(
  engine: Engine,
  network: ActorCritic,
  policy: ParameterBlock,
  rollout: Rollout,
  actionSpace: Space,
): Work<(rows: Int32Array) => Work<Agreement>> {
  const size = Math.min(CHUNK, rollout.rows);
  const { bindings, ...batch } = minibatch(rollout, size);
  const distribution = network.distribution(batch.observations, { mask: batch.masks });
  const program = yield* compiling(engine, {
    name: "likelihood measured",
    parameters: [policy],
    bindings,
    outputs: { logProb: distribution.logProb(batch.actions), mode: distribution.mode() },
  });
  const columns = flatSize(actionSpace);
  const whole = wholeNumberColumns(actionSpace);
  return function* (rows) {
    let total = 0;
    let right = 0;
    for (let start = 0; start < rows.length; start += size) {
      const count = Math.min(size, rows.length - start);
      const picked = program.inputInts("rows");
      for (let i = 0; i < size; i++) picked[i] = rows[start + (i < count ? i : 0)];
      yield* program.running();
      program.requireFinite("Behaviour cloning");
      const [logProb, mode] = [program.output("logProb"), program.output("mode")];
      const { actions } = rollout.views;
      for (let i = 0; i < count; i++) {
        total += logProb[i];
        const row = rows[start + i];
        if (whole.every((j) => mode[i * columns + j] === actions[row * columns + j])) right++;
      }
    }
    const accuracy = whole.length === 0 ? undefined : right / rows.length;
    return { logLikelihood: total / rows.length, accuracy };
  };
}

/** The action's columns that hold choices or switches. */
function wholeNumberColumns(space: Space, first = 0): number[] {
  if (space.kind === "box") return [];
  if (space.kind !== "dict") return Array.from({ length: flatSize(space) }, (_, j) => first + j);
  let column = first;
  return Object.values(space.fields).flatMap((field) => {
    const own = wholeNumberColumns(field, column);
    column += flatSize(field);
    return own;
  });
}
