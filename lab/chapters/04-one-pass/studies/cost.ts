/**
 * The policy gradient of the same episodes by three roads: a backward pass for each score and a weighted sum, as it is defined; one
 * backward pass of the pseudo-loss; and all scores out of one backward pass, then the sum. The numbers side by side, and the
 * time of each measured here and now, in turns.
 */

import { type Environment, environmentSpec } from "ascent-rl/envs";
import { meanInterval, perSampleScores, policyGradient, rewardToGo } from "ascent-rl/estimators";
import { pseudoLoss } from "ascent-rl/objectives";
import { actorCritic, Policy } from "ascent-rl/policies";
import {
  type CompileOptions,
  compile,
  createEngine,
  flatLayout,
  grad,
  input as inputTensor,
  ParameterBlock,
  type Program,
  sizeOf,
  sum,
} from "ascent-rl/tensor";
import { warmPolicy } from "ascent-rl/variance";

export interface CostInput {
  /** N episodes of CartPole-v1. */
  trajectories: number;
  seed: number;
  /** How often each road is timed. */
  rounds: number;
}

export interface Ratio {
  value: number;
  low: number;
  high: number;
}

export interface CostOutput {
  trajectories: number;
  /** T₁ + … + T_N: how many scores there are. */
  steps: number;
  parameters: number;
  /** ĝ by each road [parameters]. */
  naive: Float64Array;
  onePass: Float64Array;
  allScores: Float64Array;
  /** The largest difference from the definition, as a share of the largest component. */
  onePassDifference: number;
  allScoresDifference: number;
  /** Backward passes of each road. */
  backwardPasses: { naive: number; onePass: number; allScores: number };
  /** Rounds timed so far, and the mean time of each road in ms. */
  rounds: number;
  milliseconds: { naive: number; onePass: number; allScores: number };
  /** How many times as long as one backward pass: geometric means over the rounds with 95 % intervals; NaN before two. */
  naiveRatio: Ratio;
  allScoresRatio: Ratio;
}

/** Builds round differently; this one runs everywhere, so that every page shows the same numbers. */
const KERNELS = "simd";
const ENVIRONMENT = "CartPole-v1";
const GAMMA = 0.99;
/** A road that is over sooner is repeated within a round, since a page's clock has steps of 0.1 ms. */
const LEAST_MS = 4;

export async function* study({ trajectories, seed, rounds }: CostInput): AsyncGenerator<CostOutput, void> {
  const engine = await createEngine({ build: KERNELS });
  const description = await warmPolicy(engine, { environment: ENVIRONMENT, steps: 0, seed });
  const episodes = play(new Policy(engine, description, { seed }), trajectories, seed);
  const { observations, actions, offsets, rewards } = episodes;
  const steps = actions.length;
  const weights = new Float64Array(steps);
  rewardToGo({ offsets, rewards }, GAMMA, weights);

  const network = actorCritic(description.observationSpace, description.actionSpace, description.network);
  const block = new ParameterBlock(engine, network.policyParameters);
  for (const name of block.names) block.values(name).set(description.weights[name].data);
  const columns = observations.length / steps;
  const logProbOf = (rows: number) =>
    network.distribution(inputTensor("observations", [rows, columns])).logProb(inputTensor("actions", [rows, 1]));
  const compiled = (outputs: CompileOptions["outputs"]) => compile(engine, { parameters: [block], outputs });
  const { length } = block.flat();
  const counted = packed(block);

  // By definition: one row, one backward pass, as often as there are steps.
  const one = compiled({ gradient: grad(sum(logProbOf(1)), block.tensors) });
  const naive = () => {
    const total = new Float64Array(length);
    for (let k = 0; k < steps; k++) {
      one.input("observations").set(observations.subarray(k * columns, (k + 1) * columns));
      one.input("actions")[0] = actions[k];
      one.run();
      const score = one.output("gradient");
      const weight = weights[k] / trajectories;
      for (let j = 0; j < length; j++) total[j] += score[j] * weight;
    }
    return counted(total);
  };

  const all = (program: Program) => {
    program.input("observations").set(observations);
    program.input("actions").set(actions);
  };
  const pseudo = compiled({
    gradient: grad(pseudoLoss(logProbOf(steps), inputTensor("weights", [steps]), trajectories), block.tensors),
  });
  const onePass = () => {
    all(pseudo);
    pseudo.input("weights").set(weights);
    pseudo.run();
    // The pseudo-loss is descended: its gradient is −ĝ.
    return counted(pseudo.output("gradient")).map((value) => -value);
  };

  const perSample = compiled({ scores: perSampleScores(logProbOf(steps), block.tensors) });
  const allScores = () => {
    all(perSample);
    perSample.run();
    const out = new Float64Array(block.count);
    policyGradient(perSample.output("scores"), weights, offsets, out);
    return out;
  };

  const [byNaive, byOnePass, byAllScores] = [naive(), onePass(), allScores()];
  const numbers = {
    ...{ trajectories, steps, parameters: block.count },
    ...{ naive: byNaive, onePass: byOnePass, allScores: byAllScores },
    onePassDifference: largestDifference(byOnePass, byNaive),
    allScoresDifference: largestDifference(byAllScores, byNaive),
    backwardPasses: { naive: steps, onePass: 1, allScores: 1 },
  };
  const times = { naive: [] as number[], onePass: [] as number[], allScores: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.naive.push(timed(naive));
    times.onePass.push(timed(onePass));
    times.allScores.push(timed(allScores));
    yield {
      ...numbers,
      rounds: round + 1,
      milliseconds: { naive: mean(times.naive), onePass: mean(times.onePass), allScores: mean(times.allScores) },
      naiveRatio: ratioOf(times.naive, times.onePass),
      allScoresRatio: ratioOf(times.allScores, times.onePass),
    };
  }
}

/** Whole episodes of the policy, their columns one behind the other. */
function play(policy: Policy, trajectories: number, seed: number) {
  const environment = environmentSpec(ENVIRONMENT).makeSingle!() as Environment<Float32Array, number>;
  const observations: number[] = [];
  const actions: number[] = [];
  const rewards: number[] = [];
  const offsets = [0];
  for (let i = 0; i < trajectories; i++) {
    let { observation } = environment.reset(i === 0 ? { seed } : {});
    for (let ended = false; !ended; ) {
      const action = policy.act(observation, { deterministic: false }) as number;
      observations.push(...observation);
      actions.push(action);
      const step = environment.step(action);
      rewards.push(step.reward);
      observation = step.observation;
      ended = step.terminated || step.truncated;
    }
    offsets.push(actions.length);
  }
  return {
    observations: Float32Array.from(observations),
    actions: Float32Array.from(actions),
    rewards: Float64Array.from(rewards),
    offsets: Int32Array.from(offsets),
  };
}

/** A flat vector of a block without the gaps between its parameters. */
function packed(block: ParameterBlock): (flat: Float32Array | Float64Array) => Float64Array {
  const { offsets } = flatLayout(block.tensors);
  return (flat) => {
    const out = new Float64Array(block.count);
    let at = 0;
    block.tensors.forEach(({ shape }, i) => {
      const size = sizeOf(shape);
      out.set(flat.subarray(offsets[i], offsets[i] + size), at);
      at += size;
    });
    return out;
  };
}

/** As a share of the largest component of the second. */
function largestDifference(a: Float64Array, b: Float64Array): number {
  let [off, most] = [0, 0];
  for (let j = 0; j < b.length; j++) {
    off = Math.max(off, Math.abs(a[j] - b[j]));
    most = Math.max(most, Math.abs(b[j]));
  }
  return off / most;
}

/** Milliseconds of one call. */
function timed(work: () => unknown): number {
  const begin = performance.now();
  for (let calls = 1; ; calls++) {
    work();
    const elapsed = performance.now() - begin;
    if (elapsed >= LEAST_MS) return elapsed / calls;
  }
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** exp of the mean of log(a/b), whose interval is Student's: rounds are pairs, and a busy machine slows both of a pair. */
function ratioOf(a: readonly number[], b: readonly number[]): Ratio {
  const { value, low, high } = meanInterval(a.map((time, i) => Math.log(time / b[i])));
  return { value: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
}
