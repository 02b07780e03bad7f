/**
 * Chapters 5 to 8 in the browser: the numbers of each figure's table are those of the library in Node, and each control and each
 * drag changes what it should.
 */
import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { study as draws } from "../../../lab/chapters/05-gaussian/studies/draws.ts";
import { study as scores } from "../../../lab/chapters/05-gaussian/studies/scores.ts";
import { study as sigma } from "../../../lab/chapters/05-gaussian/studies/sigma.ts";
import { study as rungs } from "../../../lab/chapters/06-off-policy/studies/rungs.ts";
import { study as vtrace } from "../../../lab/chapters/06-off-policy/studies/vtrace.ts";
import { study as weights } from "../../../lab/chapters/06-off-policy/studies/weights.ts";
import { type AscentOutput, study as ascent } from "../../../lab/chapters/07-natural-gradient/studies/ascent.ts";
import { study as bound } from "../../../lab/chapters/07-natural-gradient/studies/bound.ts";
import { study as conjugate } from "../../../lab/chapters/07-natural-gradient/studies/conjugate.ts";
import { study as step } from "../../../lab/chapters/07-natural-gradient/studies/step.ts";
import { study as adaptive } from "../../../lab/chapters/08-ppo/studies/adaptive.ts";
import { study as clip } from "../../../lab/chapters/08-ppo/studies/clip.ts";
import { train } from "../../../src/index.ts";
import { lastOutput } from "../lastOutput.ts";
import { drawn } from "./support/drawn.ts";
import { labBrowser } from "./support/labBrowser.ts";

const lab = labBrowser();
const PATIENCE = { timeout: 30_000, interval: 100 };

/** Whatever moves by itself stands still: what a figure shows then is what its controls say. */
async function figureOf(id: string, reducedMotion = true): Promise<{ page: Page; figure: Locator }> {
  const { page } = await lab.open(`#${id}`, { reducedMotion });
  const figure = page.locator(`[data-figure="${id}"]`);
  await figure.waitFor();
  await figure.scrollIntoViewIfNeeded();
  const table = figure.locator("details[data-figure-table]");
  await table.locator("summary").click();
  return { page, figure };
}

/** The first page of the table, with numbers where cells are numbers. */
function rowsOf(figure: Locator): Promise<(string | number)[][]> {
  return figure.locator("details[data-figure-table] tbody tr").evaluateAll((rows) =>
    rows.map((row) =>
      [...row.children].map((cell) => {
        const text = (cell.textContent ?? "").replaceAll("−", "-");
        return cell.classList.contains("number") ? Number(text) : text;
      }),
    ),
  );
}

/** As tables write a number: six digits. */
const shown = (value: number) => Number(value.toPrecision(6));

async function expectRow(figure: Locator, at: number, numbers: readonly number[], from = 0): Promise<void> {
  await expect
    .poll(async () => (await rowsOf(figure))[at]?.slice(from, from + numbers.length), PATIENCE)
    .toEqual(numbers.map(shown));
}

/** Moves a slider to one of its stops, counted from 0, or of one without stops to a value. */
async function slide(figure: Locator, label: string, value: number): Promise<void> {
  await figure.getByLabel(label, { exact: true }).evaluate((element, to) => {
    (element as HTMLInputElement).value = String(to);
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }, value);
}

const summary = (figure: Locator) => figure.locator(".figure-summary").textContent();

/** From a place of the figure's canvas to another, as shares of its size. */
async function drag(page: Page, figure: Locator, from: readonly [number, number], to: readonly [number, number]) {
  const box = (await figure.locator("canvas.draggable").boundingBox())!;
  const at = ([x, y]: readonly [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 5 });
  await page.mouse.up();
}

describe("gaussian", () => {
  const input = { mean: 0.2, std: 0.8, action: 1, lowest: -4, highest: 4 };
  const row = async (change: Partial<typeof input>) => {
    const given = { ...input, ...change };
    const { at } = await lastOutput(scores(given));
    return [given.action, at.density, at.byMean, at.byLogStd, at.byStd];
  };

  test("scores: the library's at the action, wherever it is dragged; draws beside the exact variance", async () => {
    const { page, figure } = await figureOf("gaussian-scores");
    await expectRow(figure, 0, await row({}));
    const canvas = figure.locator("canvas.draggable");
    await canvas.focus();
    await page.keyboard.press("ArrowRight");
    await expectRow(figure, 0, await row({ action: 1.05 }));
    await page.keyboard.press("Shift+ArrowLeft");
    await expectRow(figure, 0, await row({ action: 0.55 }));
    expect(await canvas.getAttribute("aria-valuetext")).toContain("a = 0.55");
    await drag(page, figure, [0.5, 0.2], [0.25, 0.2]);
    await expect.poll(async () => Number((await rowsOf(figure))[0][0]), PATIENCE).toBeLessThan(-1.5);
    await expectRow(figure, 0, await row({ action: Number((await rowsOf(figure))[0][0]) }));
    await slide(figure, "deviation σ", 0);
    const { byMean } = await lastOutput(draws({ mean: 0.2, std: 0.3, seed: 5 }));
    await expect.poll(() => summary(figure), PATIENCE).toContain(`variance ${byMean.variance.value.toFixed(2)}`);
    const before = (await drawn(page, "gaussian-scores")).print;
    await figure.getByRole("switch").click();
    await expect.poll(async () => (await drawn(page, "gaussian-scores")).print, PATIENCE).not.toBe(before);
  });

  test("scores: moves by itself until it is dragged or paused", async () => {
    const { page, figure } = await figureOf("gaussian-scores", false);
    const first = (await rowsOf(figure))[0]?.[0];
    await expect.poll(async () => (await rowsOf(figure))[0]?.[0], PATIENCE).not.toBe(first);
    await figure.locator("canvas.draggable").focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => figure.getByRole("button", { name: /^Play/ }).count(), PATIENCE).toBe(1);
  });

  test("σ in the exact world: every iteration, and the balance with a bonus", async () => {
    const { figure } = await figureOf("gaussian-sigma");
    const given = { std: 1, entropyCoefficient: 0, rate: 0.01, iterations: 200, trajectories: 20, seeds: 8 };
    const { exact, sampled } = await lastOutput(sigma(given));
    await expectRow(figure, 20, [20, exact.std[20], sampled.std.mean[20], sampled.std.low[20], sampled.std.high[20]]);
    await slide(figure, "entropy bonus α", 4);
    const { balance } = await lastOutput(sigma({ ...given, entropyCoefficient: 0.1 }));
    await expect.poll(() => summary(figure), PATIENCE).toContain(`balances J at σ = ${balance!.toFixed(3)}`);
    await slide(figure, "σ at the start", 2);
    await expectRow(figure, 0, [0, 0.2, 0.2]);
  });
});

describe("off-policy", () => {
  test("weights: exact variance beside the samples'; equal policies have none", async () => {
    const { figure } = await figureOf("off-policy-weights");
    const { exact, measured, effectiveShare } = await lastOutput(weights({ distance: 0.5, steps: 64, seed: 3 }));
    await expectRow(figure, 9, [10, exact[9], measured.value[9], measured.low[9], measured.high[9], effectiveShare[9]]);
    await figure.getByRole("button", { name: "Another world" }).click();
    const other = await lastOutput(weights({ distance: 0.5, steps: 64, seed: 4 }));
    await expectRow(figure, 9, [10, other.exact[9], other.measured.value[9]]);
    await slide(figure, "steps T", 0);
    await expect.poll(async () => (await rowsOf(figure)).length, PATIENCE).toBe(8);
    await slide(figure, "how far π is from μ", 0);
    await expect.poll(async () => Number((await rowsOf(figure))[7]?.[1]), PATIENCE).toBeLessThan(1e-12);
  });

  test("rungs: bias with interval beside the exact one, and the cut that changes one of them", async () => {
    const { figure } = await figureOf("off-policy-rungs");
    const given = { distance: 0.5, steps: 8, trajectories: 20, clip: 1, seed: 0 };
    const { exact, rungs: found } = await lastOutput(rungs(given));
    await expectRow(figure, 0, [...exact], 8);
    const [, causal, , firstOrder, , clipped] = found;
    const numbers = ({ bias, exactBias = 0 }: typeof causal) => [bias.value, bias.low, bias.high, exactBias];
    await expectRow(figure, 2, numbers(causal), 1);
    await expectRow(figure, 4, numbers(firstOrder), 1);
    await expectRow(figure, 6, numbers(clipped).slice(0, 3), 1);
    await slide(figure, "ratios cut at", 5);
    const wide = await lastOutput(rungs({ ...given, clip: 4 }));
    await expectRow(figure, 6, numbers(wide.rungs[5]).slice(0, 3), 1);
    await expectRow(figure, 2, numbers(causal), 1);
    await slide(figure, "steps T", 0);
    const short = await lastOutput(rungs({ ...given, clip: 4, steps: 2 }));
    await expectRow(figure, 2, numbers(short.rungs[1]), 1);
  });

  test("V-trace: ρ̄ moves the end, c̄ does not", async () => {
    const { figure } = await figureOf("off-policy-vtrace");
    const given = { distance: 1, rhoBar: 1, cBar: 1, steps: 10, seed: 5 };
    const first = await lastOutput(vtrace(given));
    const numbers = ({ mean, low, high, exact, fixedPoint, behaviour, target }: typeof first) => [
      ...[20, mean[20], low[20], high[20], exact[20], fixedPoint, behaviour, target],
    ];
    await expectRow(figure, 20, numbers(first));
    await slide(figure, "c̄", 1);
    const slow = await lastOutput(vtrace({ ...given, cBar: 0.2 }));
    await expectRow(figure, 20, numbers(slow));
    expect(slow.fixedPoint).toBe(first.fixedPoint);
    await slide(figure, "ρ̄", 10);
    const open = await lastOutput(vtrace({ ...given, rhoBar: Number.POSITIVE_INFINITY, cBar: 0.2 }));
    await expectRow(figure, 20, numbers(open));
    expect(open.fixedPoint).toBeCloseTo(open.target, 12);
    await slide(figure, "ρ̄", 0);
    await expect.poll(() => summary(figure), PATIENCE).toContain("c̄ is above ρ̄");
  });
});

describe("natural-gradient", () => {
  const rowOf = ({
    change,
    meanKl,
    quadraticKl,
    surrogate,
    improvement,
  }: {
    change: Float64Array;
    meanKl: number;
    quadraticKl: number;
    surrogate: number;
    improvement: number;
  }) => [change[0], change[1], meanKl, quadraticKl, surrogate, improvement];

  test("step: both steps and every try, from wherever the start is dragged", async () => {
    const { page, figure } = await figureOf("natural-gradient-step");
    const given = { near: 1, far: -1, delta: 0.1, shrink: 0.8 };
    const found = await lastOutput(step(given));
    await expectRow(figure, 0, rowOf(found.plain), 1);
    await expectRow(figure, 1, rowOf(found.natural), 1);
    await expectRow(figure, 2, rowOf(found.tries[0]), 1);
    await expect.poll(async () => (await rowsOf(figure)).length, PATIENCE).toBe(2 + found.tries.length);
    await figure.locator("canvas.draggable").focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowLeft");
    await expectRow(figure, 1, rowOf((await lastOutput(step({ ...given, near: 0.95, far: -0.95 }))).natural), 1);
    await slide(figure, "KL allowed, δ", 6);
    const wide = await lastOutput(step({ near: 0.95, far: -0.95, delta: 0.4, shrink: 0.8 }));
    await expectRow(figure, 1, rowOf(wide.natural), 1);
    await slide(figure, "line search shrinks by α", 0);
    const quick = await lastOutput(step({ near: 0.95, far: -0.95, delta: 0.4, shrink: 0.5 }));
    await expect.poll(async () => (await rowsOf(figure)).length, PATIENCE).toBe(2 + quick.tries.length);
    for (const name of ["where KL = δ", "where ½ ΔᵀFΔ = δ"]) {
      const before = (await drawn(page, "natural-gradient-step")).print;
      await figure.getByRole("switch", { name }).click();
      await expect.poll(async () => (await drawn(page, "natural-gradient-step")).print, PATIENCE).not.toBe(before);
    }
    await drag(page, figure, [0.5, 0.5], [0.3, 0.6]);
    await expect.poll(() => summary(figure), PATIENCE).toMatch(/^At θ = \(−\d/);
  });

  test("ascent: three paths, the rate moves one of them", async () => {
    const { page, figure } = await figureOf("natural-gradient-ascent");
    const given = { near: -2, far: -0.7, delta: 0.02, rate: 1 };
    const numbers = ({ paths }: AscentOutput, k: number) =>
      [paths.fixed, paths.sameKl, paths.trpo].flatMap(({ objective, path }) => [
        objective[k],
        path[2 * k],
        path[2 * k + 1],
      ]);
    const first = await lastOutput(ascent(given));
    await expectRow(figure, 10, numbers(first, 10), 1);
    await slide(figure, "fixed rate", 3);
    const fast = await lastOutput(ascent({ ...given, rate: 10 }));
    await expectRow(figure, 10, numbers(fast, 10), 1);
    await figure.getByLabel("start", { exact: true }).selectOption("undecided");
    const other = await lastOutput(ascent({ ...given, rate: 10, near: 0, far: 0 }));
    await expectRow(figure, 10, numbers(other, 10), 1);
    const before = (await drawn(page, "natural-gradient-ascent")).print;
    await figure.getByRole("button", { name: "One step" }).click();
    await expect.poll(async () => (await drawn(page, "natural-gradient-ascent")).print, PATIENCE).not.toBe(before);
    await expect.poll(() => summary(figure), PATIENCE).toContain("J after 0 of 40 steps");
  });

  test("conjugate gradients: residuals, and damping", async () => {
    const { figure } = await figureOf("natural-gradient-conjugate");
    const given = { near: 0, far: 0, damping: 0.001 };
    const first = await lastOutput(conjugate(given));
    await expectRow(figure, 1, [1, first.table.residuals[1], first.plane.residuals[1], ...first.plane.iterates[1]]);
    await slide(figure, "damping c", 4);
    const damped = await lastOutput(conjugate({ ...given, damping: 0.1 }));
    await expectRow(figure, 5, [5, damped.table.residuals[5]]);
  });

  test("bound: the lemma on both sides, C by γ, near and far", async () => {
    const { figure } = await figureOf("natural-gradient-bound");
    const given = { gamma: 0.9, delta: 0.01, share: 0.5, near: true };
    const numbers = ({ at }: { at: Record<string, number> }) => [
      ...[at.length, at.improvement, at.byTrajectories, at.byStates, at.surrogate, at.bound, at.maxKl],
    ];
    const near = await lastOutput(bound(given));
    await expectRow(figure, 0, numbers(near), 1);
    await expectRow(figure, 1, [near.penaltyStep.length, near.penaltyStep.improvement], 1);
    await expectRow(figure, 2, [near.trustRegionStep.length, near.trustRegionStep.improvement], 1);
    await figure.getByLabel("curves", { exact: true }).selectOption("far");
    const far = await lastOutput(bound({ ...given, near: false }));
    await expectRow(figure, 5, [far.lengths[2], far.improvement[2]], 1);
    await slide(figure, "discount γ", 6);
    const patient = await lastOutput(bound({ ...given, near: false, gamma: 0.99 }));
    await expectRow(figure, 1, [patient.penaltyStep.length], 1);
    await slide(figure, "π̃: share of the trust region's step", 10);
    await expectRow(figure, 0, numbers(await lastOutput(bound({ ...given, near: false, gamma: 0.99, share: 1 }))), 1);
  });
});

describe("ppo", () => {
  test("clip: value and gradient at the ratio, for good and bad actions", async () => {
    const { page, figure } = await figureOf("ppo-clip");
    const row = async (ratio: number, advantage = 1, clipRange = 0.2) => {
      const { at } = await lastOutput(clip({ ratio, advantage, clipRange }));
      return [ratio, at.clipped, at.plain, at.clippedSlope, at.plainSlope];
    };
    await expectRow(figure, 0, await row(1.4));
    await figure.locator("canvas.draggable").focus();
    await page.keyboard.press("Shift+ArrowLeft");
    await expectRow(figure, 0, await row(0.9));
    await slide(figure, "advantage A", -1);
    await expectRow(figure, 0, await row(0.9, -1));
    await slide(figure, "clip range ε", 0);
    await expectRow(figure, 0, await row(0.9, -1, 0.05));
    await expect.poll(() => summary(figure), PATIENCE).toContain("the gradient is 0");
    await drag(page, figure, [0.4, 0.5], [0.9, 0.5]);
    await expect.poll(async () => Number((await rowsOf(figure))[0][0]), PATIENCE).toBeGreaterThan(2);
    await expect.poll(() => summary(figure), PATIENCE).toContain("is whole");
  });

  test("adaptive β: each update by the library's rule", async () => {
    const { figure } = await figureOf("ppo-adaptive");
    const first = await lastOutput(adaptive({ coefficient: 10, target: 0.003 }));
    const numbers = ({ adaptive: rule, fixed }: typeof first, k: number) => [
      ...[
        k + 1,
        rule.kl[k],
        rule.coefficient[k],
        rule.objective[k],
        fixed.kl[k],
        fixed.coefficient[k],
        fixed.objective[k],
      ],
    ];
    await expectRow(figure, 23, numbers(first, 23));
    await slide(figure, "β at the start", 0);
    const weak = await lastOutput(adaptive({ coefficient: 0.1, target: 0.003 }));
    await expectRow(figure, 5, numbers(weak, 5));
    await slide(figure, "target d, nats", 3);
    const loose = await lastOutput(adaptive({ coefficient: 0.1, target: 0.03 }));
    await expectRow(figure, 5, numbers(loose, 5));
  });

  test("training: the figures of the library's own runs, A and B over the same seeds; a choice begins its side anew", async () => {
    const { figure } = await figureOf("ppo-training", false);
    const returns = await Promise.all(
      [0, 1, 2, 3].map(async (seed) => {
        const stop = new AbortController();
        let found = Number.NaN;
        await train("ppo", {
          ...{ environment: "CartPole-v1", steps: 30_000, seed, monitor: false, signal: stop.signal },
          options: { objective: "clip", learningRate: 0.003, nEpochs: 20 },
          onIteration: ({ steps, episodeReturn }) => {
            if (steps !== 1280) return;
            found = episodeReturn;
            stop.abort();
          },
        });
        return found;
      }),
    );
    // Of whichever seeds have got there: with one worker it takes minutes until all have.
    const means = Array.from({ length: 15 }, (_, k) => {
      const chosen = returns.filter((_, i) => ((k + 1) >> i) & 1);
      return { n: chosen.length, mean: shown(chosen.reduce((sum, value) => sum + value, 0) / chosen.length) };
    });
    await expect
      .poll(
        async () => {
          const row = (await rowsOf(figure)).find(([side, steps]) => String(side).startsWith("A") && steps === 1280);
          return means.some(({ n, mean }) => row?.[2] === n && row[3] === mean);
        },
        { timeout: 120_000, interval: 500 },
      )
      .toBe(true);
    await expect.poll(() => summary(figure), PATIENCE).toContain("A: clipped ratios: return");
    await figure.getByLabel("A: held by").selectOption("penalty");
    await expect.poll(() => summary(figure), PATIENCE).toContain("A: KL penalty, adaptive β");
    await expect.poll(() => figure.getByRole("img", { name: /β of the penalty/ }).count(), PATIENCE).toBeGreaterThan(0);
  }, 180_000);
});
