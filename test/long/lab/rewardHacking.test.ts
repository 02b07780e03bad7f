/** Chapter 10's studies: their numbers are those of the library's own study on the same seeds, and each switch does what it says. */

import { meanInterval, pairedDifference } from "ascent-rl/estimators";
import { overoptimisationStudy } from "ascent-rl/overoptimisation";
import { beforeAll, describe, expect, test } from "vitest";
import { KERNELS } from "../../../lab/chapters/10-reward-hacking/learnt.ts";
import {
  type DefencesInput,
  type DefencesOutput,
  study as defences,
} from "../../../lab/chapters/10-reward-hacking/studies/defences.ts";
import {
  BETAS,
  type GoodhartOutput,
  study as goodhart,
} from "../../../lab/chapters/10-reward-hacking/studies/goodhart.ts";
import { lastOutput } from "../../lab/lastOutput.ts";

const seeds = [1000, 1001];
/** The library's study of the same seeds, without what the figures leave out. */
let whole: Awaited<ReturnType<typeof overoptimisationStudy>>;
beforeAll(async () => {
  whole = await overoptimisationStudy({
    seeds,
    widths: [16],
    pairs: [400],
    betas: [],
    kernels: KERNELS,
    completions: 1600,
    points: 2,
  });
}, 60_000);

const values = (points: readonly { value: number }[]) => Float64Array.from(points, ({ value }) => value);

describe("a proxy optimised", () => {
  test("best of n and the perfect optimum: the study's curves, seed after seed, the first on its way", async () => {
    const outputs: GoodhartOutput[] = [];
    for await (const output of goodhart({ optimiser: "best of n", pairs: 400, seeds })) outputs.push(output);
    const { curve, underWay } = outputs[outputs.length - 1];
    const { bestOfN, optimum } = whole.proxies[0];
    expect(underWay).toBeUndefined();
    expect(curve).toMatchObject({ seeds: 2, peak: bestOfN.peak });
    expect(curve!.distance).toEqual(values(bestOfN.points.map(({ distance }) => distance)));
    expect(curve!.gold.mean).toEqual(values(bestOfN.points.map(({ gold }) => gold)));
    expect(curve!.gold.low).toEqual(Float64Array.from(bestOfN.points, ({ gold }) => gold.low));
    expect(curve!.proxy.mean).toEqual(values(bestOfN.points.map(({ proxy }) => proxy)));
    expect(curve!.fall.value).toBe(bestOfN.fall.value);
    expect(curve!.fit?.alpha).toBe(bestOfN.fit?.alpha);
    const onTheWay = outputs.filter((output) => output.curve === undefined && (output.underWay?.path.length ?? 0) > 0);
    expect(onTheWay.length).toBeGreaterThan(3);
    const perfect = await lastOutput(goodhart({ optimiser: "optimum", pairs: 400, seeds }));
    expect(perfect.curve!.gold.mean).toEqual(values(optimum.points.map(({ gold }) => gold)));
    expect(perfect.curve!.distance).toHaveLength(BETAS.length);
  });

  test("RLOO's points come one after the other", async () => {
    const running = goodhart({ optimiser: "rloo", pairs: 400, seeds: [1000] });
    const lengths: number[] = [];
    for await (const { underWay } of running) {
      const count = underWay?.path.length ?? 0;
      if (count > 0) lengths.push(count);
      if (count === 3) break;
    }
    expect(lengths).toEqual([1, 2, 3]);
  });
});

describe("defences", () => {
  const none: DefencesInput = {
    ...{ optimiser: "best of n", budget: undefined, beta: 0, earlyStop: false, ensemble: "one", pairs: 400, seeds },
  };
  const endsOf = async (input: Partial<DefencesInput>) =>
    (await lastOutput<DefencesOutput>(defences({ ...none, ...input }))).ends!;
  const studied = (name: string) =>
    whole.defences.find((defence) => defence.name === name && defence.method === "best of n")!;

  test("none of them: nothing is gained", async () => {
    const ends = await endsOf({});
    expect(ends.without.value).toBe(studied("none").gold.value);
    expect(ends.gain).toEqual({ value: 0, low: 0, high: 0 });
  });

  test.each([
    ["KL budget", { budget: 1.2 }],
    ["early stop", { earlyStop: true }],
    ["ensemble mean", { ensemble: "mean" }],
    ["ensemble worst", { ensemble: "worst" }],
    ["ensemble uncertainty", { ensemble: "uncertainty" }],
  ] as const)("%s: gold, distance and gain are the study's", async (name, input) => {
    const ends = await endsOf(input);
    const { gold, gain, distance } = studied(name);
    expect(ends.with.value).toBe(gold.value);
    expect(ends.gain.value).toBeCloseTo(gain.value, 12);
    expect(ends.gain.low).toBeCloseTo(gain.low, 10);
    expect(ends.distance.value).toBeCloseTo(distance.value, 12);
  });

  test("more comparisons change the proxy, and defences go together", async () => {
    const more = await lastOutput<DefencesOutput>(defences({ ...none, pairs: 1600, budget: 1.5, earlyStop: true }));
    expect(more.with!.gold.mean).not.toEqual(more.without!.gold.mean);
    expect(more.ends!.distance.value).toBeLessThanOrEqual(1.5);
    const gains = pairedDifference(
      more.each.map((end) => end.with),
      more.each.map((end) => end.without),
    );
    expect(more.ends!.gain.value).toBe(gains.value);
    expect(more.ends!.with.value).toBe(meanInterval(more.each.map((end) => end.with)).value);
  });
});
