/** Chapters 9 and 10 in the built page: the numbers of the tables are the library's, and each switch changes what it should. */

import {
  forwardKlOptimum,
  regularisedObjective,
  regularisedOptimum,
  stateKl,
  tokenKlOptimum,
  winRates,
} from "ascent-rl/mdp";
import {
  bestOfNPressure,
  goldCurve,
  lengthWorld,
  regularisedPressure,
  tailWorld,
  withoutLength,
} from "ascent-rl/overoptimisation";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { listedWorld } from "../../../lab/chapters/09-preferences/listedWorlds.ts";
import { preferencesOf } from "../../../lab/chapters/09-preferences/methods.ts";
import { study as roads } from "../../../lab/chapters/09-preferences/studies/roads.ts";
import { study as writing } from "../../../lab/chapters/09-preferences/studies/writing.ts";
import { DRAWS } from "../../../lab/chapters/10-reward-hacking/sizes.ts";
import { study as defences } from "../../../lab/chapters/10-reward-hacking/studies/defences.ts";
import { study as goodhart } from "../../../lab/chapters/10-reward-hacking/studies/goodhart.ts";
import { lastOutput } from "../lastOutput.ts";
import { drawn } from "./support/drawn.ts";
import { labBrowser } from "./support/labBrowser.ts";

const lab = labBrowser();

/** What trains may take this long on a busy machine. */
const PATIENCE = { timeout: 200_000, interval: 300 };
const LONG = { timeout: 420_000 };

/** A figure of the page, by what a reader sees of it and does with it. */
function figureOf(page: Page, id: string) {
  const figure = page.locator(`[data-figure="${id}"]`);
  return {
    seen: async () => {
      await figure.waitFor();
      await figure.scrollIntoViewIfNeeded();
    },
    says: (words: RegExp) =>
      expect.poll(() => figure.locator(".figure-summary").textContent(), { message: id, ...PATIENCE }).toMatch(words),
    /** The rows that are shown of the table, numbers as numbers. */
    rows: async (): Promise<(string | number)[][]> => {
      const table = figure.locator("details[data-figure-table]");
      if (!(await table.evaluate((element) => (element as HTMLDetailsElement).open)))
        await table.locator("summary").click();
      const texts = await table.evaluate((element) =>
        [...element.querySelectorAll("tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent ?? "")),
      );
      return texts.map((row) => row.map(numberOrText));
    },
    toggle: (label: string) => figure.getByRole("switch", { name: label, exact: true }).click(),
    choose: (label: string, value: string) => figure.getByLabel(label, { exact: true }).selectOption(value),
    /** By the keyboard, as so many presses of the right arrow from the left end. */
    slide: async (label: string, stop: number) => {
      const slider = figure.getByRole("slider", { name: label, exact: true });
      await slider.focus();
      await slider.press("Home");
      for (let i = 0; i < stop; i++) await slider.press("ArrowRight");
    },
    press: (name: RegExp) => figure.getByRole("button", { name }).click(),
    picture: async () => (await drawn(page, id)).print,
  };
}

function numberOrText(text: string): string | number {
  const value = Number(text.replace("−", "-"));
  return text === "" || Number.isNaN(value) ? text : value;
}

/** As cells show numbers. */
const shown = (value: string | number) =>
  typeof value === "number" && Number.isFinite(value) ? Number(value.toPrecision(6)) : value;

const expectRows = async (rows: () => Promise<(string | number)[][]>, expected: readonly (string | number)[][]) =>
  expect.poll(rows, PATIENCE).toEqual(expected.map((row) => row.map(shown)));

describe("preferences", () => {
  test("the optimum at each β, and where other methods end", async () => {
    const { page } = await lab.open("#preferences-optimum", { reducedMotion: true });
    const figure = figureOf(page, "preferences-optimum");
    await figure.seen();
    for (const [world, stop, beta] of [
      ["pairs", 7, 1],
      ["answers", 5, 0.5],
    ] as const) {
      await figure.choose("Texts", world);
      await figure.slide("β", stop);
      await figure.says(new RegExp(`At β = ${beta},.*all ${world === "pairs" ? 9 : 4} texts`));
      const listed = listedWorld(world);
      const { reference, rewards } = listed;
      const { policy: best } = regularisedOptimum(reference, rewards, beta);
      const uniform = new Float64Array(rewards.length).fill(1 / rewards.length);
      const policies = [
        ["π_ref", reference],
        ["π*", best],
        ["GRPO", tokenKlOptimum(listed.world, reference, rewards, (beta * 4) / 3)],
        ["IPO", regularisedOptimum(reference, winRates(preferencesOf(listed, "noisy"), uniform), beta).policy],
        ["k3 in the loss", forwardKlOptimum(reference, rewards, beta)],
      ] as const;
      const rows = policies.map(([name, policy]) => {
        const reward = policy.reduce((sum, p, y) => sum + p * rewards[y], 0);
        const distance = policy.reduce((sum, p, y) => sum + Math.abs(p - best[y]), 0) / 2;
        const worth = regularisedObjective(policy, reference, rewards, beta);
        return [name, reward, stateKl(policy, reference, policy.length)[0], worth, distance, ...policy];
      });
      await expectRows(async () => (await figure.rows()).slice(0, 5), rows);
    }
    const before = await figure.picture();
    await figure.toggle("Where IPO ends");
    await figure.says(/IPO ends [\d.]+ of probability away/);
    await expect.poll(figure.picture).not.toBe(before);
    await figure.toggle("Where GRPO ends");
    await expect.poll(() => page.locator("#preferences-optimum-summary").textContent()).not.toMatch(/GRPO ends/);
  });

  test("roads: exact and sampled, noisy labels and such as never err", LONG, async () => {
    const { page } = await lab.open("#preferences-roads", { reducedMotion: true });
    const figure = figureOf(page, "preferences-roads");
    await figure.seen();
    const base = {
      world: "pairs",
      beta: 0.5,
      groupSize: 4,
      labels: "noisy",
      gradients: "exact",
      scaled: false,
    } as const;
    const seeds = [0, 1, 2, 3, 4, 5, 6, 7];
    const check = async (input: object) => {
      const found = await lastOutput(roads({ ...base, ...input, seeds, iterations: 240 }));
      const noEnd = (value: number) => (Number.isNaN(value) ? "no end" : value);
      const rows = Array.from(found.iterations.subarray(0, 25), (iteration, i) => [
        iteration,
        ...found.roads.flatMap(({ distance, worth }) => [noEnd(distance.mean[i]), worth.mean[i]]),
      ]);
      await expectRows(figure.rows, rows);
    };
    await figure.says(/After 240 updates \(exact gradients\)/);
    await check({});
    await figure.slide("Groups G", 0);
    await check({ groupSize: 2 });
    await figure.slide("Groups G", 1);
    await figure.toggle("Labels never err");
    await figure.says(/DPO has no end, its margin is/);
    await check({ labels: "certain" });
    await figure.toggle("Labels never err");
    await figure.choose("Gradients", "sampled");
    await figure.says(/240 updates \(means and 95 % intervals over 8 seeds/);
    await check({ gradients: "sampled" });
    await figure.toggle("GRPO divides by the group's deviation");
    await figure.says(/GRPO has no end in closed form/);
    await check({ gradients: "sampled", scaled: true });
  });

  test("a model writes before and after: what Node trains, number for number", LONG, async () => {
    const { page } = await lab.open("#preferences-writing", { reducedMotion: true });
    const figure = figureOf(page, "preferences-writing");
    await figure.seen();
    await figure.says(/Nothing is trained yet/);
    await figure.choose("Then", "dpo");
    await figure.slide("β", 2);
    await figure.press(/^Play/);
    await figure.says(/^After 4,000 pairs of dpo at β = 0.1/);
    const found = await lastOutput(writing({ world: "names", method: "dpo", beta: 0.1, seed: 0 }));
    const parts = ({ value, low, high }: { value: number; low: number; high: number }) => [value, low, high];
    await expectRows(
      figure.rows,
      Array.from(found.steps, (steps, i) => [steps, ...parts(found.reward[i]), ...parts(found.measured[i])]),
    );
    const texts = await page
      .locator('[data-figure="preferences-writing"] .written')
      .evaluateAll((all) =>
        all.map((one) => [...one.querySelectorAll("td.written-text")].map((cell) => cell.textContent)),
      );
    expect(texts).toEqual([
      found.before!.samples.map(({ text }) => text),
      found.after!.samples.map(({ text }) => text),
    ]);
  });
});

describe("reward hacking", () => {
  const seeds = [1000, 1001, 1002];
  const bandRows = (curve: ReturnType<typeof goldCurve>) =>
    curve.points.map(({ distance, gold, proxy }) => [
      distance.value,
      ...[gold.value, gold.low, gold.high, proxy.value, proxy.low, proxy.high],
    ]);

  test("gold and proxy of learnt proxies: what Node learns; another optimiser is another curve", LONG, async () => {
    const { page } = await lab.open("#reward-hacking-goodhart", { reducedMotion: true });
    const figure = figureOf(page, "reward-hacking-goodhart");
    await figure.seen();
    await figure.slide("Seeds", 0);
    await figure.press(/^Play/);
    for (const optimiser of ["best of n", "optimum"] as const) {
      await figure.choose("Optimised by", optimiser);
      await figure.says(/^Over 3 seeds \(95 % intervals\) gold peaks/);
      const { curve } = await lastOutput(goodhart({ optimiser, pairs: 400, seeds }));
      const { distance, gold, proxy } = curve!;
      const rows = Array.from(distance, (d, i) => [
        d,
        ...[gold.mean[i], gold.low[i], gold.high[i], proxy.mean[i], proxy.low[i], proxy.high[i]],
      ]);
      await expectRows(figure.rows, rows);
    }
  });

  test("defences: none gains nothing, a budget what Node finds, an ensemble something else", LONG, async () => {
    const { page } = await lab.open("#reward-hacking-defences", { reducedMotion: true });
    const figure = figureOf(page, "reward-hacking-defences");
    await figure.seen();
    await figure.slide("Seeds", 0);
    await figure.press(/^Play/);
    const base = { optimiser: "best of n", beta: 0, earlyStop: false, ensemble: "one", pairs: 400, seeds } as const;
    const check = async (input: object) => {
      const { ends, each } = await lastOutput(defences({ ...base, budget: undefined, ...input }));
      const row = (name: string, which: "value" | "low" | "high") => [
        ...[name, ends!.without[which], ends!.with[which], ends!.gain[which]],
      ];
      await expectRows(figure.rows, [
        ...[row("mean", "value"), row("95 % low", "low"), row("95 % high", "high")],
        ...each.map((end) => [`seed ${end.seed}`, end.without, end.with, end.with - end.without]),
      ]);
    };
    await figure.says(/With a budget of √KL ≤ 1.2 gold ends .* pairs of 3 seeds/);
    await check({ budget: 1.2 });
    await figure.toggle("KL budget");
    await figure.says(/With no defence .* a gain of 0.00 \[0.00, 0.00\]/);
    await check({});
    await figure.toggle("Early stop, by a judge of other comparisons");
    await figure.says(/With early stopping gold ends .* pairs of 3 seeds/);
    await check({ earlyStop: true });
    await figure.toggle("Early stop, by a judge of other comparisons");
    await figure.choose("Proxy", "mean");
    await figure.says(/With an ensemble \(mean of 4\) gold ends .* pairs of 3 seeds/);
    await check({ ensemble: "mean" });
  });

  test("tails: light and heavy, best of n and a penalty, exact", async () => {
    const { page } = await lab.open("#reward-hacking-tails", { reducedMotion: true });
    const figure = figureOf(page, "reward-hacking-tails");
    await figure.seen();
    const worlds = (error: "student" | "normal") =>
      [1000, 1001, 1002, 1003, 1004].map((seed) => tailWorld({ error, answers: 20_000, seed }));
    const best = (error: "student" | "normal") =>
      goldCurve(
        worlds(error).map((world) => bestOfNPressure(world, DRAWS)),
        "bestOfN",
      );
    await expectRows(figure.rows, bandRows(best("student")));
    await figure.toggle("Heavy tails: Student's t of 3 degrees of freedom");
    await figure.says(/With normal tails gold peaks/);
    await expectRows(figure.rows, bandRows(best("normal")));
    await figure.choose("Optimised by", "optimum");
    const betas = [16, 8, 4, 2, 1.4, 1, 0.7, 0.5, 0.35, 0.25, 0.18];
    const perfect = worlds("normal").map((world) => regularisedPressure(world, betas));
    await expectRows(figure.rows, bandRows(goldCurve(perfect, "reinforcementLearning")));
  });

  test("length: paid for, and taken out", async () => {
    const { page } = await lab.open("#reward-hacking-length", { reducedMotion: true });
    const figure = figureOf(page, "reward-hacking-length");
    await figure.seen();
    const worlds = [1000, 1001, 1002, 1003, 1004].map((seed) => lengthWorld(seed));
    const rows = async () => (await figure.rows()).map((row) => row.slice(4));
    const paid = worlds.map((world) => bestOfNPressure(world, DRAWS));
    await expectRows(rows, bandRows(goldCurve(paid, "bestOfN")));
    await figure.toggle("Take out of the proxy what length explains");
    await figure.says(/^With length taken out/);
    const cured = worlds.map((world) => bestOfNPressure({ ...world, proxy: withoutLength(world, world.words) }, DRAWS));
    await expectRows(rows, bandRows(goldCurve(cured, "bestOfN")));
  });
});
