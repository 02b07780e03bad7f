/** Policies in environments as sources of gradients: seeds of any size, and the first number that is not finite. */

import { describe, expect, test } from "vitest";
import { registerEnvironment } from "../../src/envs/index.ts";
import { finish } from "../../src/pauses.ts";
import { weightsOf } from "../../src/policies/description.ts";
import { actorCritic, type PolicyDescription } from "../../src/policies/index.ts";
import { deriveSeed, streams } from "../../src/random/index.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { ParameterBlock } from "../../src/tensor/parameters.ts";
import { environmentSource } from "../../src/variance/index.ts";
import { type Script, Scripted, specOf } from "../rollout/support.ts";

const started: number[] = [];
class Noting extends Scripted {
  override reset(...[seed]: unknown[]): void {
    started.push(seed as number);
    super.reset();
  }
}

/** Episodes of 100 steps; what is seen in the first ten is enormous. */
const script: Script = { observation: (t) => (t % 100 < 10 ? 3e38 : 1), terminated: (t) => t % 100 === 0 };
const spec = { ...specOf(script), id: "Spike-v0", make: (count: number) => new Noting({ ...script, count }) };
registerEnvironment(spec);

/** A linear policy that does not care what it sees. */
async function indifferent(): Promise<PolicyDescription> {
  const { observationSpace, actionSpace } = spec.make(1);
  const network = { hidden: [] };
  const net = actorCritic(observationSpace, actionSpace, network);
  const block = new ParameterBlock(await createEngine(), net.parameters);
  const weights = weightsOf(block);
  return { algorithm: "none", environment: "Spike-v0", observationSpace, actionSpace, network, weights };
}

const source = async (seed: number) =>
  environmentSource(await createEngine(), await indifferent(), {
    trajectories: 2,
    seed,
    gamma: 1,
    fitBatches: 0,
    maxSteps: 100,
  });

describe("environmentSource", () => {
  test("scores that are not finite are refused, also when only an early chunk of an episode has them", async () => {
    const of = await source(1);
    const { rewards } = finish(of.next());
    const out = [new Float64Array(2 * of.parameters)];
    expect(() => finish(of.trajectoryGradients([new Float64Array(rewards.length).fill(10)], out))).toThrow(
      /The study of variance stopped.*non-finite/,
    );
  });

  test("any seed will do, and the episodes begin from seeds that trainings do not have", async () => {
    for (const seed of [0, Number.MAX_SAFE_INTEGER]) {
      started.length = 0;
      await source(seed);
      expect(started).toEqual([0, 1].map((number) => deriveSeed(seed, streams.variance, 0, number)));
      expect(started).not.toContain(seed);
    }
  });
});
