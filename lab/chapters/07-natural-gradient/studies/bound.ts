/**
 * What is known of another policy from the states of this one, along the natural gradient of a table of logits: η, the surrogate and
 * the lower bound; the steps that the penalty and the trust region allow; the lemma, both of its sides (docs/theory.md, 20).
 */
import {
  chain,
  comparePenaltyStep,
  maxKl,
  objective,
  type PenaltyComparison,
  performanceDifferenceByStates,
  performanceDifferenceByTrajectories,
  performanceLowerBound,
  surrogateObjective,
  tabularSoftmax,
} from "ascent-rl/mdp";
import type { Study } from "../../../studies/study.ts";

export interface BoundInput {
  gamma: number;
  /** δ of the trust region. */
  delta: number;
  /** Length of the step that is looked at, as a share of the trust region's. */
  share: number;
  /** Whether the curves reach as far as the penalty's step, or as the trust region's. */
  near: boolean;
}

export interface BoundOutput extends PenaltyComparison {
  /** Lengths β of the step β F⁻¹g, and gains over η(π) there. */
  lengths: Float64Array;
  improvement: Float64Array;
  surrogate: Float64Array;
  bound: Float64Array;
  /** At the step that is looked at. */
  at: {
    length: number;
    improvement: number;
    /** The lemma's two forms. */
    byTrajectories: number;
    byStates: number;
    surrogate: number;
    maxKl: number;
    bound: number;
  };
}

const POINTS = 81;
const model = tabularSoftmax(5, 2);

export const study: Study<BoundInput, BoundOutput> = function* ({ gamma, delta, share, near }) {
  const world = chain({ length: 5, gamma, slip: 0.1 });
  const theta = new Float64Array(model.parameterCount);
  const compared = comparePenaltyStep(world, model, theta, { delta });
  const { direction, penaltyStep, trustRegionStep } = compared;
  const policy = model.policy(theta);
  const before = objective(world, policy);
  const along = (length: number) => model.policy(direction.map((part) => length * part));
  const until = near ? 2.2 * penaltyStep.length : 1.2 * trustRegionStep.length;
  const lengths = Float64Array.from({ length: POINTS }, (_, i) => (until * i) / (POINTS - 1));
  const length = share * trustRegionStep.length;
  const moved = along(length);
  yield {
    ...compared,
    lengths,
    improvement: lengths.map((beta) => objective(world, along(beta)) - before),
    surrogate: lengths.map((beta) => surrogateObjective(world, policy, along(beta)) - before),
    bound: lengths.map((beta) => performanceLowerBound(world, policy, along(beta)) - before),
    at: {
      length,
      improvement: objective(world, moved) - before,
      byTrajectories: performanceDifferenceByTrajectories(world, policy, moved),
      byStates: performanceDifferenceByStates(world, policy, moved),
      surrogate: surrogateObjective(world, policy, moved) - before,
      maxKl: maxKl(policy, moved, 2, world.terminal),
      bound: performanceLowerBound(world, policy, moved) - before,
    },
  };
};
