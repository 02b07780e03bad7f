/** Exact worlds: tasks so small that every quantity of the theory has an exact value to check against. */
export {
  type ConjugateGradientPath,
  type ConjugateGradientPathOptions,
  conjugateGradientPath,
} from "./conjugateGradientPath.ts";
export { type MdpEnvironmentOptions, mdpEnvironment, mdpSpec } from "./environment.ts";
export { type EstimatorMomentsOptions, estimatorMoments } from "./estimatorMoments.ts";
export { type ExactMoments, exactMoments, selectTrajectories } from "./exactMoments.ts";
export {
  actionValues,
  actionValuesFrom,
  advantages,
  discountedStateWeights,
  expectedOverActions,
  objective,
  stateTransition,
  stateValues,
} from "./exactValues.ts";
export {
  type FiniteHorizonGradientOptions,
  type FiniteHorizonValues,
  finiteHorizonGradient,
  finiteHorizonObjective,
  finiteHorizonValues,
  stateProbabilities,
  trajectoryWeightVariance,
} from "./finiteHorizon.ts";
export { maxKl, meanKl, stateKl } from "./klDivergence.ts";
export type { Direction, Layout } from "./layout.ts";
export {
  dot,
  type LuFactors,
  luFactors,
  luSolve,
  matrixProduct,
  matrixVector,
  quadraticForm,
  solve,
  transposed,
} from "./linearAlgebra.ts";
export {
  doubleIntegrator,
  type LinearQuadratic,
  linearQuadratic,
  linearQuadraticGradient,
  linearQuadraticObjective,
  linearQuadraticValue,
  secondMoments,
  type ValueMatrices,
  valueMatrices,
} from "./linearQuadratic.ts";
export {
  type LinearQuadraticTrajectories,
  linearQuadraticEnvironment,
  linearQuadraticScores,
  sampleLinearQuadratic,
} from "./linearQuadraticSampling.ts";
export {
  comparePenaltyStep,
  type NaturalStep,
  type PenaltyComparison,
  type PenaltyComparisonOptions,
} from "./penaltyStep.ts";
export {
  performanceDifferenceByStates,
  performanceDifferenceByTrajectories,
  performanceLowerBound,
  surrogateObjective,
  trustRegionPenalty,
} from "./performanceDifference.ts";
export { exactGradient, fisherMatrix, normalised, scoreSum } from "./policyGradientTheorem.ts";
export {
  type LogitFunction,
  networkPolicy,
  numericGradient,
  numericJacobian,
  type PolicyModel,
  softmaxOfLogits,
  softmaxPolicy,
  tabularSoftmax,
} from "./policyModel.ts";
export * from "./sequences/index.ts";
export { type TabularMdp, type TabularMdpParts, tabularMdp } from "./tabularMdp.ts";
export {
  type EnumeratedTrajectories,
  enumerateTrajectories,
  sampleTrajectories,
  type Trajectories,
  trajectoryLogProb,
  trajectoryScores,
} from "./trajectories.ts";
export {
  type ExactStep,
  exactTrustRegionStep,
  type TriedStep,
  type TrustRegionStep,
  type TrustRegionStepOptions,
} from "./trustRegionStep.ts";
export { type VTraceTargetOptions, vTracePolicy, vTraceTargets } from "./vTraceValues.ts";
export { type WorldSceneOptions, worldScene } from "./worldScene.ts";
export {
  bandit,
  type ChainOptions,
  chain,
  type GridWorldOptions,
  gridWorld,
  type RandomMdpOptions,
  randomMdp,
  randomPolicy,
} from "./worlds.ts";
