/**
 * What σ does while a Gaussian policy learns, where everything is known: the double integrator with a linear policy. Gradient
 * ascent along the exact ∇J, and REINFORCE from trajectories over seeds beside it. J is linear in σ², so that the entropy
 * bonus α H has a σ it holds the policy at: α = 2 c σ², with c from the exact gradient (docs/theory.md, 13).
 */
import { type MeanInterval, meanInterval, policyGradient, reinforceWeights } from "ascent-rl/estimators";
import {
  doubleIntegrator,
  type LinearQuadratic,
  linearQuadraticGradient,
  linearQuadraticObjective,
  linearQuadraticScores,
  sampleLinearQuadratic,
} from "ascent-rl/mdp";
import { RandomStream, streams } from "ascent-rl/random";
import type { Study } from "../../../studies/study.ts";

export interface SigmaInput {
  /** σ at the start. */
  std: number;
  /** Weight α of the entropy, of the sum over an episode's steps as J is. */
  entropyCoefficient: number;
  /** Step size of gradient ascent. */
  rate: number;
  iterations: number;
  /** Trajectories of each estimate, and runs that each draw their own. */
  trajectories: number;
  seeds: number;
}

export interface SigmaOutput {
  /** Iterations there are so far: 0, 1, … */
  iterations: Float64Array;
  /** Along the exact gradient. */
  exact: { std: Float64Array; objective: Float64Array };
  /** Of the runs from samples: mean and 95 % interval over seeds of σ and of the exact J of where they are. */
  sampled: { std: Band; objective: Band };
  /** σ where the bonus and J balance at the gains last reached by the exact gradient; undefined without a bonus. */
  balance?: number;
}

export interface Band {
  mean: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

/** The policy's gains at the start: too weak, and stable. */
const START_GAINS = [-0.3, -0.5];
/** Longest step of log σ or a gain in one iteration, as gradients' norms are cut in training. */
const LONGEST = 0.25;
const EVERY = 5;

export const world: LinearQuadratic = doubleIntegrator();

export const study: Study<SigmaInput, SigmaOutput> = function* (given) {
  const start = () => Float64Array.of(...START_GAINS, Math.log(given.std));
  const exact = start();
  const runs = Array.from({ length: given.seeds }, (_, seed) => ({
    theta: start(),
    random: new RandomStream(seed, streams.user),
  }));
  const rows: { exact: [number, number]; sampled: [MeanInterval, MeanInterval] }[] = [];
  for (let k = 0; k <= given.iterations; k++) {
    rows.push({
      exact: figuresOf(exact),
      sampled: [
        meanInterval(runs.map(({ theta }) => figuresOf(theta)[0])),
        meanInterval(runs.map(({ theta }) => figuresOf(theta)[1])),
      ],
    });
    if (k % EVERY === 0 || k === given.iterations) yield outputOf(rows, exact, given.entropyCoefficient);
    step(exact, linearQuadraticGradient(world, exact), given);
    for (const { theta, random } of runs) step(theta, estimate(theta, random, given.trajectories), given);
  }
};

function figuresOf(theta: Float64Array): [number, number] {
  return [Math.exp(theta[2]), linearQuadraticObjective(world, theta)];
}

/** REINFORCE: the reward to go less the mean of the others at the same time. */
export function estimate(theta: Float64Array, random: RandomStream, trajectories: number): Float64Array {
  const drawn = sampleLinearQuadratic(world, theta, trajectories, random);
  const weights = new Float64Array(drawn.rewards.length);
  const ends = { finalValues: new Float64Array(drawn.count), terminated: new Uint8Array(drawn.count).fill(1) };
  reinforceWeights(
    { ...drawn, ...ends, values: new Float64Array(weights.length), gamma: world.gamma },
    { weighting: "toGo", baseline: "leaveOneOut", discounting: "exact", gaeLambda: 1 },
    weights,
  );
  const out = new Float64Array(theta.length);
  policyGradient(linearQuadraticScores(world, theta, drawn), weights, drawn.offsets, out);
  return out;
}

/** θ + rate (g + α ∇H), no entry by more than a bound. ∂H/∂ log σ is 1 at every step, discounted as J is. */
function step(theta: Float64Array, gradient: Float64Array, { rate, entropyCoefficient }: SigmaInput): void {
  for (let j = 0; j < theta.length; j++) {
    const bonus = j === theta.length - 1 ? entropyCoefficient * discountedSteps() : 0;
    const change = rate * (gradient[j] + bonus);
    theta[j] += Math.min(Math.max(change, -LONGEST), LONGEST);
  }
}

/** Σ_t γ^t */
function discountedSteps(): number {
  let sum = 0;
  let discount = 1;
  for (let t = 0; t < world.horizon; t++) {
    sum += discount;
    discount *= world.gamma;
  }
  return sum;
}

/** σ of α Σγ^t = −∂J/∂ log σ: ∂J/∂ log σ is −2cσ², so one gradient gives c. */
export function balanceOf(theta: Float64Array, entropyCoefficient: number): number {
  const slope = -linearQuadraticGradient(world, theta)[theta.length - 1];
  return Math.exp(theta[theta.length - 1]) * Math.sqrt((entropyCoefficient * discountedSteps()) / slope);
}

function outputOf(
  rows: readonly { exact: [number, number]; sampled: [MeanInterval, MeanInterval] }[],
  exact: Float64Array,
  entropyCoefficient: number,
): SigmaOutput {
  const column = (of: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, of);
  const band = (figure: 0 | 1): Band => ({
    mean: column(({ sampled }) => sampled[figure].value),
    low: column(({ sampled }) => sampled[figure].low),
    high: column(({ sampled }) => sampled[figure].high),
  });
  return {
    iterations: Float64Array.from(rows, (_, k) => k),
    exact: { std: column((row) => row.exact[0]), objective: column((row) => row.exact[1]) },
    sampled: { std: band(0), objective: band(1) },
    ...(entropyCoefficient > 0 && { balance: balanceOf(exact, entropyCoefficient) }),
  };
}
