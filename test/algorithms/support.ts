/** Learners at small sizes, and tasks that say in their observation what to do. */

import { createHash } from "node:crypto";
import { type PpoOptions, ppo } from "../../src/algorithms/index.ts";
import type { BatchedEnvironment } from "../../src/envs/batched.ts";
import {
  box,
  discrete,
  type Environment,
  makeBatched,
  multiBinary,
  multiDiscrete,
  type Space,
  sample,
} from "../../src/envs/index.ts";
import type { Metrics, PolicyLearner } from "../../src/learners/learner.ts";
import { RandomStream, streams } from "../../src/random/index.ts";
import { createEngine } from "../../src/tensor/engine.ts";

export const small = { nEnvs: 4, nSteps: 32, batchSize: 32, nEpochs: 3, hidden: [16] } satisfies PpoOptions;

/** A learner on an engine of its own, of the plain build so that numbers are those of every platform. */
export async function learner(
  environment: string | BatchedEnvironment,
  options: PpoOptions = {},
  totalSteps = 1000,
): Promise<PolicyLearner> {
  const complete = { ...small, ...options };
  const batch = typeof environment === "string" ? makeBatched(environment, complete.nEnvs) : environment;
  return ppo(await createEngine({ build: "simd" }), batch, complete, totalSteps);
}

export function iterate(of: PolicyLearner, times: number): Metrics[] {
  return Array.from({ length: times }, () => of.iterate());
}

/** Hash of all trainable numbers and of the optimiser's. */
export function hashOf(of: PolicyLearner): string {
  const hash = createHash("sha256");
  for (const [name, { data }] of Object.entries(of.save().arrays).sort()) {
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}

/** The observation is an action; reward is how much of it was repeated, in [0, 1] or, for Box, −|difference|. Ten steps. */
export class Identity implements Environment<unknown, unknown> {
  readonly observationSpace: Space;
  readonly actionSpace: Space;
  #random = new RandomStream(0, streams.user);
  #wanted: unknown;
  #left = 0;

  constructor(space: Space) {
    this.observationSpace = space;
    this.actionSpace = space;
  }

  reset(options?: { seed?: number }) {
    if (options?.seed !== undefined) this.#random = new RandomStream(options.seed, streams.user);
    this.#left = 10;
    this.#wanted = sample(this.observationSpace, this.#random);
    return { observation: this.#wanted };
  }

  step(action: unknown) {
    const reward = agreement(this.#wanted, action, this.actionSpace.kind === "box");
    this.#wanted = sample(this.observationSpace, this.#random);
    return { observation: this.#wanted, reward, terminated: --this.#left === 0, truncated: false };
  }
}

function agreement(wanted: unknown, action: unknown, real: boolean): number {
  const [a, b] = [wanted, action].map((x) => (typeof x === "number" ? [x] : Array.from(x as ArrayLike<number>)));
  const each: number[] = a.map((x, i) => (real ? -Math.abs(x - b[i]) : x === b[i] ? 1 : 0));
  return each.reduce((s, x) => s + x, 0) / a.length;
}

export const identitySpaces = {
  Discrete: discrete(4, 1),
  MultiDiscrete: multiDiscrete([3, 2]),
  MultiBinary: multiBinary(3),
  Box: box({ low: -1, high: 1, shape: [2] }),
} satisfies Record<string, Space>;
