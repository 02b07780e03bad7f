/** Valid arguments of the functions of "ascent-rl/mdp": a bandit of two arms, and the double integrator. */

import * as mdp from "../../../src/mdp/index.ts";
import { RandomStream } from "../../../src/random/index.ts";
import { also, maybe, options, parts, settings } from "./harness.ts";

export function mdpRows(): Record<string, () => unknown[]> {
  const world = mdp.bandit([1, 2]);
  const policy = () => Float64Array.of(0.5, 0.5, 0.5, 0.5);
  const model = mdp.tabularSoftmax(2, 2);
  const theta = () => new Float64Array(4);
  const random = () => new RandomStream(0, 1024);
  const discounted = mdp.chain({ length: 2 });
  const integrator = mdp.doubleIntegrator();
  const gains = () => Float64Array.of(-0.1, -0.1, 0);
  const trajectories = mdp.sampleTrajectories(world, policy(), 3, random());
  const enumerated = mdp.enumerateTrajectories(world, policy());
  const square = () => Float64Array.of(2, 1, 1, 3);
  const two = () => Float64Array.of(1, 2);
  const tabular = {
    ...{ states: 2, actions: 1, transition: Float64Array.of(0, 1, 0, 1), reward: Float64Array.of(1, 0) },
    ...{ start: maybe(Float64Array.of(1, 0)), gamma: 0.9, terminal: maybe(Uint8Array.of(0, 1)), horizon: maybe(3) },
    layout: maybe({ kind: "grid", columns: 2, letters: ".G", moves: [] }),
  };
  const all = (names: readonly string[], make: () => unknown[]) =>
    Object.fromEntries(names.map((name) => [name, make]));
  return {
    ...all(["actionValues", "advantages", "objective", "stateTransition"], () => [world, policy()]),
    ...all(["discountedStateWeights"], () => [world, policy()]),
    ...all(["performanceDifferenceByStates", "performanceDifferenceByTrajectories"], () => [world, policy(), policy()]),
    ...all(["surrogateObjective"], () => [world, policy(), policy()]),
    ...all(["finiteHorizonObjective", "finiteHorizonValues", "stateProbabilities"], () => [world, policy(), maybe(1)]),
    ...all(["linearQuadraticGradient", "linearQuadraticObjective", "secondMoments", "valueMatrices"], () => [
      integrator,
      gains(),
    ]),
    actionValuesFrom: () => [world, two()],
    bandit: () => [[1, 2]],
    chain: () => [options({ length: 3, gamma: 0.9, slip: 0, stepReward: 0, goalReward: 1, horizon: 3 })],
    comparePenaltyStep: () => [discounted, mdp.tabularSoftmax(2, 2), theta(), options({ delta: 0.01, damping: 1e-6 })],
    conjugateGradientPath: () => [
      also(square(), "list"),
      also(two(), "list"),
      options({ iterations: 2, tolerance: 1e-10 }),
    ],
    dot: () => [two(), two()],
    worldScene: () => [world, options({ state: 0, policy: policy(), values: also(two(), "list") })],
    sequenceScene: () => [
      mdp.sequenceWorld({ vocabulary: 2, length: 2 }),
      0,
      options({ letters: ["a", "b"], reward: 1, probability: 0.5 }),
    ],
    doubleIntegrator: () => [options({ horizon: 3, gamma: 0.9 })],
    enumerateTrajectories: () => [world, policy(), maybe(1)],
    estimatorMoments: () => [
      world,
      model,
      theta(),
      settings({
        ...{ weighting: "toGo", baseline: "value", discounting: "exact", gaeLambda: 0.9, trajectories: 2 },
        ...{ values: maybe(two()), horizon: maybe(1) },
      }),
    ],
    exactGradient: () => [world, model, theta()],
    exactMoments: () => [enumerated, 1, ({ count }: { count: number }) => [count]],
    exactTrustRegionStep: () => [
      discounted,
      model,
      theta(),
      options({ delta: 0.01, damping: 1e-6, iterations: 2, shrink: 0.8, tries: 3 }),
    ],
    expectedOverActions: () => [world, policy(), maybe(policy())],
    finiteHorizonGradient: () => [
      world,
      model,
      theta(),
      options({ horizon: 1, stateWeights: "discounted", statesOf: policy(), valuesOf: policy() }),
    ],
    fisherMatrix: () => [model, theta(), two()],
    gridWorld: () => [
      ["S.G"],
      options({ slip: 0, gamma: 0.9, stepReward: 0, goalReward: 1, pitReward: -1, horizon: 4 }),
    ],
    linearQuadratic: () => [parts({ ...integrator })],
    linearQuadraticEnvironment: () => [integrator],
    linearQuadraticScores: () => [integrator, gains(), mdp.sampleLinearQuadratic(integrator, gains(), 1, random())],
    linearQuadraticValue: () => [mdp.valueMatrices(integrator, gains()), 0, two()],
    luFactors: () => [square(), 2, maybe("fix")],
    luSolve: () => [mdp.luFactors(square(), 2), two()],
    matrixProduct: () => [also(square(), "list"), also(square(), "list"), 2],
    matrixVector: () => [square(), two()],
    maxKl: () => [policy(), policy(), 2, maybe(Uint8Array.of(0, 1))],
    mdpEnvironment: () => [world, options({ horizonEnds: "truncated" })],
    mdpSpec: () => ["Own-v0", world, options({ horizonEnds: "truncated" })],
    meanKl: () => [policy(), policy(), 2, two()],
    networkPolicy: () => [new Float64Array(4), settings({ states: 2, actions: 2, hidden: 1 })],
    normalised: () => [two()],
    numericGradient: () => [(x: Float64Array) => x[0], also(two(), "list")],
    numericJacobian: () => [(x: Float64Array) => x, also(two(), "list")],
    performanceLowerBound: () => [discounted, policy(), policy()],
    quadraticForm: () => [two(), square(), maybe(two())],
    randomMdp: () => [random(), settings({ states: 2, actions: 2, gamma: maybe(0.9), horizon: maybe(3) })],
    randomPolicy: () => [random(), 2, 2],
    sampleLinearQuadratic: () => [integrator, gains(), 2, random()],
    sampleTrajectories: () => [world, policy(), 2, random(), maybe(1)],
    scoreSum: () => [model, theta(), policy(), two(), policy()],
    selectTrajectories: () => [trajectories, also(Int32Array.of(0), "list")],
    softmaxOfLogits: () => [settings({ states: 2, actions: 2, parameterCount: 4, logits: (x: Float64Array) => x })],
    softmaxPolicy: () => [theta(), 2],
    solve: () => [square(), two(), maybe("fix")],
    stateKl: () => [policy(), policy(), 2],
    stateValues: () => [world, policy(), maybe(policy())],
    tabularMdp: () => [settings(tabular)],
    tabularSoftmax: () => [2, 2],
    trajectoryLogProb: () => [trajectories, policy(), 2],
    trajectoryScores: () => [trajectories, model, theta()],
    trajectoryWeightVariance: () => [world, policy(), policy(), maybe(1)],
    transposed: () => [also(square(), "list"), 2],
    vTracePolicy: () => [policy(), policy(), 2, 1],
    vTraceTargets: () => [world, policy(), policy(), two(), options({ rhoBar: 1, cBar: 1, lambda: 1, steps: 1 })],
    trustRegionPenalty: () => [discounted, policy()],
  };
}
