/** Trajectories of the linear-quadratic world, their scores, and the world as an environment. The layout is that of Trajectories. */

import { z } from "zod";
import { checkArgument, checkArguments, having } from "../arguments/checks.ts";
import { refuseSaved } from "../envs/checks.ts";
import type { Environment } from "../envs/environment.ts";
import { box } from "../envs/spaces.ts";
import { AscentError } from "../errors.ts";
import { exp } from "../math/deterministic.ts";
import { RandomStream, streams } from "../random/index.ts";
import { count as counted, randomCheck, table, worldCheck } from "./argumentChecks.ts";
import { matrixVector, quadraticForm, requireLength } from "./linearAlgebra.ts";
import { gainAndVariance, type LinearQuadratic } from "./linearQuadratic.ts";

export interface LinearQuadraticTrajectories {
  readonly count: number;
  /** [N + 1] */
  readonly offsets: Int32Array;
  /** x_t [steps × n] */
  readonly states: Float64Array;
  /** u_t [steps × m] */
  readonly actions: Float64Array;
  /** [steps] */
  readonly rewards: Float64Array;
}

const drawnCheck = {
  ...having("trajectories", "states", "actions", "rewards"),
  fix: "Give what sampleLinearQuadratic gives.",
};

/** N independent trajectories of `horizon` steps. */
export function sampleLinearQuadratic(
  world: LinearQuadratic,
  parameters: Float64Array,
  count: number,
  random: RandomStream,
): LinearQuadraticTrajectories {
  checkArguments(
    "sampleLinearQuadratic",
    { world: worldCheck, parameters: table, count: counted, random: randomCheck },
    { world, parameters, count, random },
  );
  const { stateSize: n, actionSize: m, horizon } = world;
  const { gain } = gainAndVariance(world, parameters);
  const states = new Float64Array(count * horizon * n);
  const actions = new Float64Array(count * horizon * m);
  const rewards = new Float64Array(count * horizon);
  for (let i = 0; i < count; i++) {
    let x = startState(world, random);
    for (let t = 0; t < horizon; t++) {
      const row = i * horizon + t;
      const u = matrixVector(gain, x).map((mean, k) => mean + exp(parameters[m * n + k]) * random.normal());
      states.set(x, row * n);
      actions.set(u, row * m);
      rewards[row] = rewardOf(world, x, u);
      x = nextState(world, x, u, random);
    }
  }
  const offsets = Int32Array.from({ length: count + 1 }, (_, i) => i * horizon);
  return { count, offsets, states, actions, rewards };
}

/** ∇log π(u_t|x_t) [steps × parameters]: ∂K = ((u − Kx)/σ²) xᵀ, ∂log σ = ((u − Kx)/σ)² − 1 (docs/theory.md, 13). */
export function linearQuadraticScores(
  world: LinearQuadratic,
  parameters: Float64Array,
  trajectories: LinearQuadraticTrajectories,
): Float64Array {
  checkArguments(
    "linearQuadraticScores",
    { world: worldCheck, parameters: table, trajectories: drawnCheck },
    { world, parameters, trajectories },
  );
  const { states, actions, rewards } = trajectories;
  const { stateSize: n, actionSize: m } = world;
  const { gain, variance } = gainAndVariance(world, parameters);
  const count = m * n + m;
  const out = new Float64Array(rewards.length * count);
  for (let row = 0; row < rewards.length; row++) {
    const x = states.subarray(row * n, (row + 1) * n);
    const mean = matrixVector(gain, x);
    for (let k = 0; k < m; k++) {
      const deviation = actions[row * m + k] - mean[k];
      for (let i = 0; i < n; i++) out[row * count + k * n + i] = (deviation / variance[k]) * x[i];
      out[row * count + m * n + k] = (deviation * deviation) / variance[k] - 1;
    }
  }
  return out;
}

/** Box observations x (rounded to float32) and unbounded Box actions u; truncated after `horizon` steps. */
export function linearQuadraticEnvironment(world: LinearQuadratic): Environment<Float32Array, ArrayLike<number>> {
  checkArgument("linearQuadraticEnvironment: world", worldCheck, world);
  let random = new RandomStream(0, streams.environmentStates);
  let x: Float64Array = new Float64Array(world.stateSize);
  let steps = world.horizon;
  const count = z.int().min(0);
  const savedForm = z.object({
    seed: count,
    counter: count,
    x: z.array(z.number()).length(world.stateSize),
    steps: count,
  });
  return {
    observationSpace: box({ low: -Infinity, high: Infinity, shape: [world.stateSize] }),
    actionSpace: box({ low: -Infinity, high: Infinity, shape: [world.actionSize] }),
    reset: ({ seed } = {}) => {
      if (seed !== undefined) random = new RandomStream(seed, streams.environmentStates);
      x = startState(world, random);
      steps = 0;
      return { observation: Float32Array.from(x) };
    },
    step: (action) => {
      if (steps >= world.horizon) {
        const what = "linearQuadraticEnvironment: there is no episode to step";
        throw new AscentError("state", { what, fix: "Call reset first." });
      }
      requireLength("linearQuadraticEnvironment: the action", action, world.actionSize);
      const reward = rewardOf(world, x, action);
      x = nextState(world, x, action, random);
      steps++;
      return { observation: Float32Array.from(x), reward, terminated: false, truncated: steps >= world.horizon };
    },
    saveState: () => ({ seed: random.seed, counter: random.counter, x: [...x], steps }),
    loadState: (saved) => {
      const parsed = savedForm.safeParse(saved);
      if (!parsed.success) refuseSaved("linearQuadraticEnvironment", parsed.error);
      const from = parsed.data;
      random = new RandomStream(from.seed, streams.environmentStates);
      random.counter = from.counter;
      x = Float64Array.from(from.x);
      steps = from.steps;
    },
  };
}

function startState({ startMean, startStd }: LinearQuadratic, random: RandomStream): Float64Array {
  return startMean.map((mean, i) => mean + startStd[i] * random.normal());
}

function rewardOf({ stateCost, actionCost }: LinearQuadratic, x: ArrayLike<number>, u: ArrayLike<number>): number {
  return -(quadraticForm(x, stateCost) + quadraticForm(u, actionCost));
}

function nextState(
  { dynamics, control, noise }: LinearQuadratic,
  x: ArrayLike<number>,
  u: ArrayLike<number>,
  random: RandomStream,
): Float64Array {
  const pushed = matrixVector(control, u);
  return matrixVector(dynamics, x).map((value, i) => value + pushed[i] + noise[i] * random.normal());
}
