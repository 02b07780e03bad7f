/**
 * The step along the natural gradient: as long as the quadratic model of the KL allows, then shorter until the surrogate
 * has improved and the true KL is within bounds; none at all if that never happens (docs/theory.md, 19).
 */

import { AscentError } from "../../errors.ts";
import type { Work } from "../../pauses.ts";
import type { Engine } from "../../tensor/engine.ts";
import { integerPower } from "../../tensor/optimisers.ts";
import type { ParameterBlock } from "../../tensor/parameters.ts";
import type { Direction } from "./direction.ts";
import type { TrustRegionPrograms } from "./programs.ts";

export interface SearchStart {
  /** Changed in place. */
  policy: ParameterBlock;
  /** θ_old. */
  snapshot: ParameterBlock;
  solution: Direction;
  /** The surrogate at θ_old. */
  before: number;
}

export interface SearchOptions {
  targetKl: number;
  lineSearch: boolean;
  lineSearchShrinkingFactor: number;
  lineSearchMaxIter: number;
}

export interface FoundStep {
  surrogate: number;
  /** Mean KL(old ‖ new) of the step taken. */
  kl: number;
  /** ½ Δᵀ F Δ of the step Δ taken: what the quadratic model says its KL is. */
  quadraticKl: number;
  /** αʲ of the step taken; 0 when no step was good enough and the policy stays. */
  fraction: number;
}

/** @throws AscentError "non-finite" when the full step has no length that is a number. */
export function* lineSearch(
  engine: Engine,
  { candidate }: TrustRegionPrograms,
  { policy, snapshot, solution, before }: SearchStart,
  options: SearchOptions,
): Work<FoundStep> {
  const { kernels } = engine;
  const { pointer: theta, length: count } = policy.region;
  const { targetKl, lineSearchShrinkingFactor: shrink, lineSearchMaxIter } = options;
  const restore = () => kernels.axpby(count, 1, snapshot.region.pointer, 0, theta);
  // A zero gradient has no direction: there is nothing to gain and the policy stays.
  if (solution.curvature === 0) return { surrogate: before, kl: 0, quadraticKl: 0, fraction: 0 };
  const full = Math.sqrt((2 * targetKl) / solution.curvature);
  if (!Number.isFinite(full)) {
    throw new AscentError("non-finite", {
      what: "The trust-region step stopped: xᵀ(F + cI)x is not a positive number",
      got: String(solution.curvature),
      expected: "more than 0",
      fix: "Raise cgDamping, or normalise observations and rewards.",
    });
  }
  const tries = options.lineSearch ? lineSearchMaxIter : 1;
  for (let j = 0; j < tries; j++) {
    const fraction = integerPower(shrink, j);
    const stepLength = fraction * full;
    restore();
    kernels.axpby(count, stepLength, solution.x.pointer, 1, theta);
    yield* candidate.running();
    const surrogate = candidate.scalar("surrogate");
    const kl = candidate.scalar("kl");
    const good = options.lineSearch ? kl <= targetKl && surrogate > before : Number.isFinite(surrogate + kl);
    if (good) return { surrogate, kl, quadraticKl: 0.5 * stepLength * stepLength * solution.klCurvature, fraction };
  }
  restore();
  return { surrogate: before, kl: 0, quadraticKl: 0, fraction: 0 };
}
