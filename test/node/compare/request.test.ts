/** `compare` from code: names, defaults and refusals, before any run. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { compare } from "../../../src/node/compare/compare.ts";
import { folderName, runsOf } from "../../../src/node/compare/plan.ts";
import { type CompareRequest, newPlan, optionsOf } from "../../../src/node/compare/request.ts";

const folder = mkdtempSync(join(tmpdir(), "ascent-compare-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a plan: names from what is varied, the longest preset's steps, the level of the task", async () => {
  const plan = await newPlan({
    variants: [
      { algorithm: "ppo" },
      { algorithm: "a2c", options: { hidden: [8, 8], learningRate: { kind: "linear", from: 1e-3 }, gamma: undefined } },
    ],
    environment: ["CartPole-v1", "Pendulum-v1"],
    out: folder,
  });
  expect(plan.variants.map(({ name }) => name)).toEqual([
    "ppo",
    'a2c hidden=8,8 learningRate={"kind":"linear","from":0.001} gamma=default',
  ]);
  expect(plan.environments).toEqual([
    { id: "CartPole-v1", steps: 500_000, threshold: 475 },
    { id: "Pendulum-v1", steps: 1_000_000 },
  ]);
  expect(plan.seeds).toEqual([0, 1, 2, 3, 4]);
  const stored = JSON.parse(JSON.stringify(plan.variants[1]));
  expect(optionsOf(stored)).toEqual({ hidden: [8, 8], learningRate: { kind: "linear", from: 1e-3 }, gamma: undefined });
  expect(Object.hasOwn(optionsOf(stored), "gamma")).toBe(true);
  const runs = runsOf(plan, "out");
  expect(runs).toHaveLength(20);
  // Seed by seed: stopped anywhere, the variants have as many seeds each, give or take one.
  expect(runs.slice(0, 3).map(({ variant, seed }) => [variant.algorithm, seed])).toEqual([
    ["ppo", 0],
    ["a2c", 0],
    ["ppo", 1],
  ]);
  expect(new Set(runs.map((run) => run.folder)).size).toBe(20);
});

test.each([
  ["a b/c", "a-b-c"],
  ["λ=0.9", "λ=0.9"],
  ["../up", "up"],
  ["::", "variant"],
])("the folder of %s is %s", (name, expected) => {
  expect(folderName(name)).toBe(expected);
});

const good = { variants: [{ algorithm: "ppo" }], environment: "CartPole-v1", out: join(folder, "never") } as const;
test.each([
  ["no variants", { ...good, variants: [] }, /compare: variants: got \[\]/],
  ["a name in place of variants", { ...good, variants: "ppo" }, /compare: variants: got "ppo"/],
  ["a misspelt key", { ...good, seed: 3 }, /no option "seed".*[Dd]id you mean "seeds"/],
  [
    "a misspelt key of a variant",
    { ...good, variants: [{ algorithm: "ppo", option: {} }] },
    /variants\[0\].*"options"/,
  ],
  ["half a seed", { ...good, seeds: 1.5 }, /compare: seeds: got 1\.5/],
  ["a function for an environment", { ...good, environment: () => ({}) }, /the id of a registered environment/],
  ["no jobs", { ...good, jobs: 0 }, /jobs/],
  [
    "names that are one folder",
    {
      ...good,
      variants: [
        { algorithm: "ppo", name: "A b" },
        { algorithm: "ppo", name: "a/B" },
      ],
    },
    /"A b" and "a\/B"/,
  ],
])("%s is refused", async (_, request, message) => {
  await expect(compare(request as unknown as CompareRequest)).rejects.toThrow(message);
});

test("from code, with the compiled child: events, findings, and a second call that has nothing left to do", async () => {
  const ended: string[] = [];
  const request: CompareRequest = {
    variants: [{ algorithm: "reinforce", name: "small", options: { hidden: [4] } }, { algorithm: "reinforce" }],
    environment: "CartPole-v1",
    steps: 300,
    seeds: [3],
    evaluationEpisodes: 2,
    jobs: 2,
    out: join(folder, "code"),
    onRunEnd: ({ variant, seed }) => ended.push(`${variant.name} ${seed}`),
  };
  const { findings, runs, failures, stopped } = await compare(request);
  expect({ failures, stopped }).toEqual({ failures: [], stopped: false });
  expect(ended.sort()).toEqual(["reinforce 3", "small 3"]);
  expect(runs.every(({ curve, steps }) => curve.x.at(-1) === steps && steps >= 300)).toBe(true);
  expect(findings[0].differences[0].evaluation.verdict).toBe("one seed shows nothing: chance is not known");
  const again = await compare({ ...request, resume: true });
  expect(ended).toHaveLength(2);
  expect(again.findings).toEqual(findings);
});

test("seeds: so many from 0 on, or those that are listed, 0 too, each once", async () => {
  const seedsOf = async (seeds: unknown) =>
    (
      await newPlan({
        variants: [{ algorithm: "ppo" }],
        environment: "CartPole-v1",
        out: folder,
        seeds: seeds as number[],
      })
    ).seeds;
  expect(await seedsOf(3)).toEqual([0, 1, 2]);
  expect(await seedsOf([4, 0])).toEqual([4, 0]);
  for (const bad of [[], [1, 1], [-1], [0.5], "0"]) await expect(seedsOf(bad)).rejects.toThrow(/compare: seeds/);
});
