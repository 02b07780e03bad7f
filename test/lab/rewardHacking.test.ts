/** Chapter 10's studies where they are exact, and the first seed's proxy on its way; test/long/lab has the rest beside the library's study. */

import { createEngine } from "ascent-rl";
import {
  bestOfNPressure,
  goldAtBudget,
  goldCurve,
  learningProxy,
  lengthWorld,
  overoptimisationScene,
  regularisedPressure,
  tailWorld,
  withoutLength,
} from "ascent-rl/overoptimisation";
import { describe, expect, test } from "vitest";
import { KERNELS } from "../../lab/chapters/10-reward-hacking/learnt.ts";
import { DRAWS, WIDTH } from "../../lab/chapters/10-reward-hacking/sizes.ts";
import { study as defences } from "../../lab/chapters/10-reward-hacking/studies/defences.ts";
import { study as goodhart } from "../../lab/chapters/10-reward-hacking/studies/goodhart.ts";
import { study as length } from "../../lab/chapters/10-reward-hacking/studies/length.ts";
import { study as tails } from "../../lab/chapters/10-reward-hacking/studies/tails.ts";
import { lastOutput, outputsOf } from "./lastOutput.ts";

const seeds = [1000, 1001];

const values = (points: readonly { value: number }[]) => Float64Array.from(points, ({ value }) => value);

test("one seed: seen while its proxy learns, and in the end the library's; what is learnt once is not learnt again", async () => {
  const outputs = await outputsOf(goodhart({ optimiser: "best of n", pairs: 400, seeds: [1000] }));
  expect(outputs.filter(({ underWay }) => (underWay?.path.length ?? 0) > 0)).toHaveLength(10);
  const scene = await overoptimisationScene(await createEngine({ build: KERNELS }), 1000);
  const { reference, gold } = scene;
  const path = bestOfNPressure(
    { reference, gold, proxy: (await lastOutput(learningProxy(scene, { width: WIDTH, pairs: 400 })))! },
    DRAWS,
  );
  const { curve, underWay } = outputs[outputs.length - 1];
  expect(underWay).toBeUndefined();
  expect(curve!.gold.mean).toEqual(Float64Array.from(path, (point) => point.gold));
  expect(curve!.distance).toEqual(Float64Array.from(path, (point) => point.distance));
  const again = await outputsOf(goodhart({ optimiser: "best of n", pairs: 400, seeds: [1000] }));
  expect(again).toHaveLength(2);
  const none = {
    optimiser: "best of n",
    beta: 0,
    earlyStop: false,
    ensemble: "one",
    pairs: 400,
    seeds: [1000],
  } as const;
  const held = await lastOutput(defences({ ...none, budget: 1.2 }));
  expect(held.ends!.without.value).toBe(path[path.length - 1].gold);
  expect(held.ends!.with.value).toBe(goldAtBudget(path, 1.2));
});

describe("the worlds that are made up", () => {
  test.each([
    ["normal", "best of n"],
    ["student", "optimum"],
  ] as const)("errors of %s tails, %s: exact paths of each seed", async (error, optimiser) => {
    const own = await lastOutput(tails({ error, optimiser, answers: 2000, seeds }));
    const worlds = seeds.map((seed) => tailWorld({ error, answers: 2000, seed }));
    const betas = [16, 8, 4, 2, 1.4, 1, 0.7, 0.5, 0.35, 0.25, 0.18];
    const curve =
      optimiser === "best of n"
        ? goldCurve(
            worlds.map((world) => bestOfNPressure(world, DRAWS)),
            "bestOfN",
          )
        : goldCurve(
            worlds.map((world) => regularisedPressure(world, betas)),
            "reinforcementLearning",
          );
    expect(own.gold.mean).toEqual(values(curve.points.map(({ gold }) => gold)));
    expect(own.fall).toEqual({ value: curve.fall.value, low: curve.fall.low, high: curve.fall.high });
  });

  test("a proxy that pays for length writes long and loses gold; with length taken out it gains", async () => {
    const [paid, cured] = [
      await lastOutput(length({ takenOut: false, seeds })),
      await lastOutput(length({ takenOut: true, seeds })),
    ];
    const end = (of: Float64Array) => of[of.length - 1];
    expect(paid.words[13].value).toBeGreaterThan(6.9);
    expect(end(paid.curve.gold.mean)).toBeLessThan(0);
    expect(cured.words[13].value).toBeLessThan(paid.words[13].value - 1);
    expect(end(cured.curve.gold.mean)).toBeGreaterThan(1);
    const worlds = seeds.map((seed) => lengthWorld(seed));
    const curve = goldCurve(
      worlds.map((world) => bestOfNPressure({ ...world, proxy: withoutLength(world, world.words) }, DRAWS)),
      "bestOfN",
    );
    expect(cured.curve.gold.mean).toEqual(values(curve.points.map(({ gold }) => gold)));
  });
});
