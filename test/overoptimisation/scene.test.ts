/** The study step by step: what is handed over on the way ends at the study's own numbers. */

import { beforeAll, describe, expect, test } from "vitest";
import { ensembleReward } from "../../src/estimators/index.ts";
import { regularisedOptimum } from "../../src/mdp/index.ts";
import {
  bestOfNPath,
  bestOfNPressure,
  goldCurve,
  learningProxy,
  memberSeed,
  type OveroptimisationScene,
  overoptimisationScene,
  pressurePoint,
  rlooPath,
  standardised,
  stoppedEarly,
} from "../../src/overoptimisation/index.ts";
import { type SeedRun, type SeedSettings, seedRun } from "../../src/overoptimisation/seedRun.ts";
import { defaultSettings } from "../../src/overoptimisation/study.ts";
import { finish } from "../../src/pauses.ts";
import { createEngine } from "../../src/tensor/index.ts";

const settings: SeedSettings = {
  ...defaultSettings,
  ...{ widths: [4], pairs: [60], draws: [1, 16, 1024], completions: 512, points: 2, members: 2, betas: [] },
};
let scene: OveroptimisationScene;
let whole: SeedRun;
/** As they are handed over. */
let looks: Float64Array[];
let proxy: Float64Array;

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const plain = <Point extends { distance: number; proxy: number; gold: number }>({ distance, proxy, gold }: Point) => {
  return { distance, proxy, gold };
};

beforeAll(async () => {
  whole = finish(seedRun(await createEngine(), 5, settings, () => {}));
  scene = await overoptimisationScene(await createEngine(), 5);
  looks = await all(learningProxy(scene, { width: 4, pairs: 60, looks: 3 }));
  proxy = looks[2];
});

describe("a seed step by step", () => {
  test("the proxy is looked at as often as asked, changes as it learns, and ends as the study's", () => {
    expect(looks).toHaveLength(3);
    expect(looks[0]).not.toEqual(looks[2]);
    const sentences = { reference: scene.reference, proxy, gold: scene.gold };
    expect(bestOfNPressure(sentences, settings.draws)).toEqual(whole.proxies[0].bestOfN);
  });

  test("RLOO's points are handed over one after the other, the study's", async () => {
    const path = await all(rlooPath(scene, proxy, { completions: 512, points: 2 }));
    expect(path.map(plain)).toEqual(whole.proxies[0].rloo);
    expect(path.map(({ samples }) => samples)).toEqual([0, 256, 512]);
  });

  test("with a KL penalty RLOO stays nearer", async () => {
    const free = await all(rlooPath(scene, proxy, { completions: 2048, points: 1 }));
    const held = await all(rlooPath(scene, proxy, { completions: 2048, points: 1, beta: 2 }));
    expect(held[1].distance).toBeLessThan(0.6 * free[1].distance);
    expect(held[1].distance).toBeGreaterThan(0);
  });

  test("an ensemble of members, and the point that a reward model of other comparisons would stop at", async () => {
    const [other] = await all(learningProxy(scene, { width: 4, pairs: 60, seed: memberSeed(5, 1) }));
    const out = new Float64Array(proxy.length);
    ensembleReward([...proxy, ...other], 2, "mean", 1, out);
    const { reference, gold } = scene;
    const mean = bestOfNPath({ reference, proxy: standardised(reference, out), gold }, settings.draws);
    const found = (name: string) =>
      whole.defences.find((defence) => defence.name === name && defence.method === "best of n")?.end;
    expect(plain(mean[2])).toEqual(found("ensemble mean"));
    const heldOutSeed = memberSeed(5, 2);
    const [heldOut] = await all(
      learningProxy(scene, { width: 4, pairs: 60, seed: heldOutSeed, labelSeed: heldOutSeed }),
    );
    const path = bestOfNPath({ reference, proxy, gold }, settings.draws);
    expect(plain(stoppedEarly(path, heldOut))).toEqual(found("early stop"));
  });

  test("a loop that is left in its midst ends the work", async () => {
    for await (const point of rlooPath(scene, proxy, { completions: 1_000_000, points: 10_000 })) {
      if (point.samples > 0) break;
    }
  });
});

describe("refusals", () => {
  test("rewards of other sentences", () => {
    expect(() => rlooPath(scene, [1, 2])).toThrow("the proxy");
    const path = bestOfNPath({ reference: [0.5, 0.5], proxy: [0, 1], gold: [1, 0] }, [1, 2]);
    expect(() => stoppedEarly(path, [1, 2, 3])).toThrow("the rewards");
  });

  test("nothing to make a curve of, and nowhere to stop", () => {
    expect(() => goldCurve([], "bestOfN")).toThrow("no path");
    const point = { distance: 0, proxy: 0, gold: 0 };
    expect(() => goldCurve([[point], [point, point]], "bestOfN")).toThrow("paths of 1, 2 points");
    expect(() => stoppedEarly([], [1])).toThrow("nowhere to stop");
  });
});

test("of points that are equally good the first stops", () => {
  const sentences = { reference: [0.5, 0.5], proxy: [0, 1], gold: [1, 0] };
  const path = bestOfNPath(sentences, [1, 2, 4]);
  expect(stoppedEarly(path, [3, 3])).toBe(path[0]);
  expect(stoppedEarly(path, [0, 1])).toBe(path[2]);
  const { policy } = regularisedOptimum(sentences.reference, sentences.proxy, 1);
  expect(pressurePoint(policy, sentences).proxy).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
});
