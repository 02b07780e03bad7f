/**
 * The walker learns, by the library's `reinforce` with a network of one layer, once for each seed and choice of weights; after
 * every step its policy is read off the weights, so J is exact and not a mean of returns. Beside it: the same steps along ∇J.
 */

import { createEngine, createLearner } from "ascent-rl";
import { meanInterval, type ReinforceWeighting } from "ascent-rl/estimators";
import { finiteHorizonGradient, finiteHorizonObjective, mdpEnvironment, softmaxPolicy } from "ascent-rl/mdp";
import { WALKER_STEPS, walker } from "../worlds.ts";

export type LearningChoice = Pick<ReinforceWeighting, "weighting" | "baseline">;

export interface LearningInput {
  choices: readonly LearningChoice[];
  /** Seeds 0 … seeds − 1, the same for every choice. */
  seeds: number;
  iterations: number;
  /** N of each step. */
  trajectories: number;
  learningRate: number;
}

export interface Band {
  value: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

export interface LearningOutput {
  /** Seeds that have been learnt so far. */
  seeds: number;
  /** For each choice, by iteration [iterations + 1]: J, and π(step back | upright). */
  objective: Band[];
  stepBack: Band[];
  /** Of how many seeds the last policy steps back first more often than not. */
  walking: number[];
  /** The last J of every seed [choices][seeds]. */
  last: number[][];
  /** With exact ∇J in place of the estimate [iterations + 1]. */
  exactObjective: Float64Array;
  exactStepBack: Float64Array;
}

/** Builds round differently; this one runs everywhere, so that every page shows the same numbers. */
const KERNELS = "simd";
/** Seeds between two pictures. */
const AT_ONCE = 4;

export async function* study(input: LearningInput): AsyncGenerator<LearningOutput, void> {
  const { choices, seeds, iterations } = input;
  const exact = exactSteps(input);
  const objective = choices.map(() => [] as Float64Array[]);
  const stepBack = choices.map(() => [] as Float64Array[]);
  const engine = await createEngine({ build: KERNELS });
  for (let seed = 0; seed < seeds; seed++) {
    for (const [index, choice] of choices.entries()) {
      const found = await learn(engine, input, choice, seed);
      objective[index].push(found.objective);
      stepBack[index].push(found.stepBack);
    }
    if ((seed + 1) % AT_ONCE !== 0 && seed + 1 < seeds) continue;
    yield {
      seeds: seed + 1,
      objective: objective.map(bandOf),
      stepBack: stepBack.map(bandOf),
      walking: stepBack.map((rows) => rows.filter((row) => row[iterations] > 0.5).length),
      last: objective.map((rows) => rows.map((row) => row[iterations])),
      ...exact,
    };
  }
}

type Engine = Awaited<ReturnType<typeof createEngine>>;

async function learn(engine: Engine, input: LearningInput, choice: LearningChoice, seed: number) {
  const { iterations, trajectories, learningRate } = input;
  const { mdp } = walker();
  const { learner } = await createLearner("reinforce", {
    environment: () => mdpEnvironment(mdp, { horizonEnds: "terminated" }),
    ...{ engine, seed, steps: iterations * trajectories * WALKER_STEPS },
    options: {
      ...{ hidden: [], nEnvs: trajectories, nSteps: WALKER_STEPS, gamma: 1, optimiser: "sgd" as const },
      ...{ learningRate, ...choice },
    },
  });
  const objective = new Float64Array(iterations + 1);
  const stepBack = new Float64Array(iterations + 1);
  try {
    for (let k = 0; k <= iterations; k++) {
      const { weights } = learner.policy();
      const policy = layerPolicy(weights["policy.head.0.weight"].data, weights["policy.head.0.bias"].data);
      objective[k] = finiteHorizonObjective(mdp, policy);
      stepBack[k] = policy[0];
      if (k < iterations) learner.iterate();
    }
  } finally {
    learner.close?.();
  }
  return { objective, stepBack };
}

/** π(a|s) of one layer on one-hot states. */
function layerPolicy(weight: ArrayLike<number>, bias: ArrayLike<number>): Float64Array {
  const { actions } = walker().mdp;
  return softmaxPolicy(
    Float64Array.from(weight, (value, pair) => value + bias[pair % actions]),
    actions,
  );
}

/** The same layer moved along the exact gradient: that of a bias is the sum over the states. */
function exactSteps({ iterations, learningRate }: LearningInput) {
  const { mdp, model } = walker();
  const weight = new Float64Array(model.parameterCount);
  const bias = new Float64Array(mdp.actions);
  const exactObjective = new Float64Array(iterations + 1);
  const exactStepBack = new Float64Array(iterations + 1);
  for (let k = 0; k <= iterations; k++) {
    const policy = layerPolicy(weight, bias);
    exactObjective[k] = finiteHorizonObjective(mdp, policy);
    exactStepBack[k] = policy[0];
    const logits = weight.map((value, pair) => value + bias[pair % mdp.actions]);
    const gradient = finiteHorizonGradient(mdp, model, logits);
    gradient.forEach((slope, pair) => {
      weight[pair] += learningRate * slope;
      bias[pair % mdp.actions] += learningRate * slope;
    });
  }
  return { exactObjective, exactStepBack };
}

function bandOf(rows: readonly Float64Array[]): Band {
  const at = Array.from(rows[0], (_, k) => meanInterval(rows.map((row) => row[k])));
  return {
    value: Float64Array.from(at, ({ value }) => value),
    low: Float64Array.from(at, ({ low }) => low),
    high: Float64Array.from(at, ({ high }) => high),
  };
}
