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

test("where one action only is allowed nothing is chosen: every score is 0", async () => {
  const masked = {
    ...specOf({ terminated: (t) => t % 5 === 0 }),
    id: "OneWay-v0",
    make: (count: number) =>
      Object.assign(new Scripted({ terminated: (t) => t % 5 === 0, count }), {
        actionMasks: Uint8Array.from({ length: 2 * count }, (_, k) => k % 2),
      }),
  };
  registerEnvironment(masked);
  registerEnvironment({ ...specOf({ terminated: (t) => t % 5 === 0 }), id: "TwoWays-v0" });
  const policy = { ...(await indifferent()), environment: "OneWay-v0" };
  const options = { trajectories: 2, seed: 0, gamma: 1, fitBatches: 0, maxSteps: 5 };
  const of = environmentSource(await createEngine(), policy, options);
  const { rewards } = finish(of.next());
  const out = [new Float64Array(2 * of.parameters).fill(7)];
  finish(of.trajectoryGradients([Float64Array.from(rewards, (_, k) => k + 1)], out));
  expect(Math.max(...out[0].map(Math.abs))).toBe(0);
  // With both allowed there is a choice, and scores are not all 0.
  const free = [new Float64Array(2 * of.parameters)];
  const both = environmentSource(await createEngine(), { ...policy, environment: "TwoWays-v0" }, options);
  finish(both.next());
  finish(both.trajectoryGradients([Float64Array.from(rewards, (_, k) => k + 1)], free));
  expect(Math.max(...free[0].map(Math.abs))).toBeGreaterThan(0.1);
});
