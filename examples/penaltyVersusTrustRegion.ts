/** The step that TRPO's theory guarantees (penalty C), beside its trust region's: node scripts/run-ts.mjs with this file. */
import { mdp } from "ascent-rl";

const model = mdp.tabularSoftmax(5, 2);
console.log("γ      C         penalty step           trust region δ = 0.01");
export const comparisons = [0.5, 0.9, 0.99].map((gamma) => {
  const world = mdp.chain({ length: 5, gamma, slip: 0.1 });
  const found = mdp.comparePenaltyStep(world, model, new Float64Array(10));
  const text = ({ parameterDistance, improvement }: mdp.NaturalStep) =>
    `‖Δθ‖ ${parameterDistance.toExponential(1)}, +${improvement.toExponential(1)}`;
  console.log(
    `${gamma.toFixed(2)}   ${found.penalty.toExponential(1)}   ${text(found.penaltyStep)}   ${text(found.trustRegionStep)}`,
  );
  return found;
});
