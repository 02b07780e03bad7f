/** The public entry: every algorithm of the registry can be imported, and refuses wrong options in words. */

import { describe, expect, test } from "vitest";
import * as entry from "../../src/algorithms/index.ts";
import { makeBatched } from "../../src/envs/index.ts";
import { recordEpisodes } from "../../src/imitation/index.ts";
import { createEngine } from "../../src/tensor/engine.ts";

const { algorithms } = entry;
const exported = entry as unknown as Record<string, unknown>;

test.each(Object.entries(algorithms))("%s is exported with its schema", (name, { create, options }) => {
  const camel = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  expect(exported[camel]).toBe(create);
  expect(exported[`${camel}Options`]).toBe(options);
});

describe("called directly, wrong options are AscentErrors that name the option", () => {
  test.each(Object.values(algorithms))("$name", async (algorithm) => {
    const engine = await createEngine({ build: "simd" });
    const make = async (options: Record<string, unknown>) => {
      if (algorithm.learnsFrom === "environment") {
        return algorithm.create(engine, makeBatched("CartPole-v1", 2), options, 100);
      }
      return algorithm.create(engine, await recordEpisodes("random", "CartPole-v1", { episodes: 2 }), options, 100);
    };
    await expect(make({ hiden: [] })).rejects.toMatchObject({
      code: "option",
      message: expect.stringMatching(new RegExp(`^${algorithm.name} has no option "hiden".*Did you mean "hidden"`)),
    });
    await expect(make({ hidden: "wide" })).rejects.toMatchObject({
      code: "option",
      message: expect.stringMatching(new RegExp(`^${algorithm.name}: option "hidden" has a wrong value: got "wide"`)),
    });
  });
});

describe("options that would have no effect are not there", () => {
  test.each([
    ["reinforce", ["shared", "recurrent", "recurrentSize"]],
    ["off-policy-pg", ["shared", "recurrent", "recurrentSize"]],
    ["trpo", ["shared"]],
    ["npg", ["shared"]],
    ["bc", ["shared", "recurrent", "recurrentSize", "criticHidden"]],
  ])("%s: %o", (name, without) => {
    const keys = Object.keys(algorithms[name].options.shape);
    for (const key of without) expect(keys).not.toContain(key);
    for (const key of ["hidden", "activation", "distribution"]) expect(keys).toContain(key);
  });
});

describe("bounds that can be left off", () => {
  test.each(["ppo", "a2c", "reinforce", "off-policy-pg"])("%s: maxGradNorm none is a bound never met", async (name) => {
    const algorithm = algorithms[name];
    if (algorithm.learnsFrom !== "environment") return;
    const run = async (maxGradNorm: unknown) => {
      const options = { nEnvs: 2, nSteps: 16, hidden: [4], optimiser: "sgd", maxGradNorm };
      const own = Object.fromEntries(Object.entries(options).filter(([key]) => key in algorithm.options.shape));
      const engine = await createEngine({ build: "simd" });
      const of = algorithm.create(engine, makeBatched("Pendulum-v1", 2), own, 100);
      of.iterate();
      return of.save().arrays;
    };
    const none = await run("none");
    expect(none).toEqual(await run(1e30));
    expect(none).not.toEqual(await run(1e-6));
  });

  test("schedules refuse milestones that do not rise, and say so", () => {
    const steps = (milestones: [number, number][]) => ({ learningRate: { kind: "steps", from: 1, milestones } });
    const parse = (options: object) => entry.ppoOptions.safeParse(options);
    const rising: [number, number][] = [
      [0.5, 0.1],
      [0.8, 0.2],
    ];
    expect(parse(steps(rising)).success).toBe(true);
    const refused = parse(steps(rising.toReversed()));
    expect(refused.success).toBe(false);
    expect(refused.error?.issues[0].message).toMatch(/rising order/);
  });
});
