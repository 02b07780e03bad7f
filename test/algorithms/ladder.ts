/** What the tests of the ladder's algorithms share: learners by name at small sizes, and the check of an exact resume. */

import { expect } from "vitest";
import { type EnvironmentFactory, type EnvironmentSpec, makeBatched } from "../../src/envs/index.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/files/index.ts";
import type { PolicyLearner } from "../../src/learners/learner.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { resolveOptions } from "../../src/training/resolveOptions.ts";
import { algorithmNamed } from "../../src/training/train.ts";
import { hashOf, iterate } from "./support.ts";

/** A learner with exactly these options, no preset, on an engine of the plain build. */
export async function ladder(
  name: string,
  environment: string | EnvironmentSpec | EnvironmentFactory,
  options: Record<string, unknown> = {},
): Promise<PolicyLearner> {
  const algorithm = algorithmNamed(name);
  if (algorithm.learnsFrom !== "environment") throw new Error(`${name} does not learn from an environment`);
  const complete = resolveOptions(algorithm, "", { nEnvs: 4, nSteps: 32, hidden: [16], ...options });
  const batch = makeBatched(environment, complete["nEnvs"] as number);
  return algorithm.create(await createEngine({ build: "simd" }), batch, complete, 1000);
}

/** N iterations, saved, loaded into a fresh learner that did something else before, N more: as 2N without a stop. */
export async function expectExactResume(make: () => Promise<PolicyLearner>, half = 2): Promise<void> {
  const straight = await make();
  const figures = iterate(straight, 2 * half);
  const before = await make();
  expect(iterate(before, half)).toEqual(figures.slice(0, half));
  const { arrays, state } = decodeCheckpoint(encodeCheckpoint({ version: 1, ...before.save() }));
  const after = await make();
  iterate(after, 1);
  after.load({ arrays, state });
  expect(iterate(after, half)).toEqual(figures.slice(half));
  expect(hashOf(after)).toBe(hashOf(straight));
  expect(after.save()).toEqual(straight.save());
}

/** The same seed gives the same bits, another seed others. */
export async function expectDeterminism(make: (seed: number) => Promise<PolicyLearner>, iterations = 3): Promise<void> {
  const run = async (seed: number) => {
    const of = await make(seed);
    return { figures: iterate(of, iterations), hash: hashOf(of) };
  };
  const first = await run(3);
  expect(await run(3)).toEqual(first);
  expect((await run(4)).hash).not.toBe(first.hash);
}

/** The trained policy's numbers by parameter name. */
export function weightsOf(learner: PolicyLearner): Record<string, Float32Array> {
  const { weights } = learner.policy();
  return Object.fromEntries(
    Object.entries(weights)
      .filter(([name]) => name.startsWith("policy."))
      .map(([name, { data }]) => [name, data.slice()]),
  );
}

/** ‖θ' − θ‖² of two `weightsOf`. */
export function squaredDistance(a: Record<string, Float32Array>, b: Record<string, Float32Array>): number {
  let sum = 0;
  for (const [name, data] of Object.entries(a)) {
    for (let j = 0; j < data.length; j++) sum += (data[j] - b[name][j]) ** 2;
  }
  return sum;
}
