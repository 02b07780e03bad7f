/**
 * Chapters 1 to 4 in the page: the numbers of every figure's table are those that its study gives in Node, before and after each of
 * its controls is moved. Nothing moves by itself here (reduced motion), so that batches stay the ones asked for.
 */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { study as cloud } from "../../../lab/chapters/01-objective/studies/cloud.ts";
import { study as hill } from "../../../lab/chapters/01-objective/studies/hill.ts";
import { study as maze } from "../../../lab/chapters/01-objective/studies/maze.ts";
import { study as learning } from "../../../lab/chapters/02-stories/studies/learning.ts";
import { type StoryInput, study as story } from "../../../lab/chapters/02-stories/studies/story.ts";
import { LADDER } from "../../../lab/chapters/03-variance/estimatorChoices.ts";
import { type EstimatorsInput, study as estimators } from "../../../lab/chapters/03-variance/studies/estimators.ts";
import { study as lambda } from "../../../lab/chapters/03-variance/studies/lambda.ts";
import { study as cost } from "../../../lab/chapters/04-one-pass/studies/cost.ts";
import { bandOf, type Curve } from "../../../lab/runs/bands.ts";
import { train } from "../../../src/index.ts";
import { lastOf } from "../support.ts";
import { labBrowser } from "./support/labBrowser.ts";

const lab = labBrowser();
const PATIENCE = { timeout: 90_000, interval: 100 };

/** As a table shows it: six digits. */
const cell = (value: number) => String(Number(value.toPrecision(6))).replace("-", "−");

interface FigureOfPage {
  page: Page;
  /** The columns of these numbers of the table, of the first 25 rows. */
  cells: (...columns: readonly number[]) => Promise<string[][]>;
  summary: () => Promise<string>;
  slide: (label: string, place: number) => Promise<void>;
  choose: (label: string, value: string) => Promise<void>;
  flip: (label: string) => Promise<void>;
  press: (name: string) => Promise<void>;
}

async function figure(id: string): Promise<FigureOfPage> {
  const { page } = await lab.open(`#${id}`, { reducedMotion: true });
  const root = page.locator(`[data-figure="${id}"]`);
  await root.waitFor({ timeout: PATIENCE.timeout });
  await root.scrollIntoViewIfNeeded();
  await root.locator("details[data-figure-table] summary").click();
  return {
    page,
    cells: (...columns) =>
      root
        .locator("tbody tr")
        .evaluateAll(
          (rows, wanted) => rows.map((row) => wanted.map((column) => row.children[column].textContent ?? "")),
          columns,
        ),
    summary: async () => (await root.locator(".figure-summary").textContent()) ?? "",
    slide: (label, place) => root.getByLabel(label, { exact: true }).fill(`${place}`),
    choose: async (label, value) => {
      await root.getByLabel(label, { exact: true }).selectOption(value);
    },
    flip: (label) => root.getByRole("switch", { name: label }).click(),
    press: (name) => root.getByRole("button", { name }).click(),
  };
}

async function expectCells(found: FigureOfPage, columns: readonly number[], expected: readonly number[][]) {
  const texts = expected.map((row) => row.map(cell)).slice(0, 25);
  await expect.poll(() => found.cells(...columns), PATIENCE).toEqual(texts);
}

describe("the objective and its gradient", () => {
  test("three arms: another N, another batch, another θ", { timeout: 300_000 }, async () => {
    const found = await figure("objective-bandit");
    const rows = (change: object) => {
      const { policy, taken, exact, estimate } = lastOf(
        hill({ x: -0.6, y: -0.5, trajectories: 16, seed: 0, draw: 0, ...change }),
      );
      return [0, 1, 2].map((a) => [policy[a], taken[a], exact[a], estimate[a]]);
    };
    const columns = [2, 3, 4, 5];
    await expectCells(found, columns, rows({}));
    await found.slide("Episodes of a batch, N", 9);
    await expectCells(found, columns, rows({ trajectories: 512 }));
    await found.press("Another batch");
    await expectCells(found, columns, rows({ trajectories: 512, draw: 1 }));
    await found.page.getByRole("slider", { name: /^θ\./ }).press("ArrowRight");
    await expectCells(found, columns, rows({ trajectories: 512, draw: 1, x: -0.5 }));
  });

  test("the maze: arrows of every place, exact and estimated", { timeout: 300_000 }, async () => {
    const found = await figure("objective-maze");
    const rows = (trajectories: number, draw: number) => {
      const { exactArrows, arrows } = lastOf(maze({ trajectories, seed: 0, draw }));
      const last = arrows.subarray(arrows.length - exactArrows.length);
      const free = [0, 1, 2, 4, 6, 8, 9, 10, 11];
      return free.map((s) => [exactArrows[2 * s], last[2 * s], exactArrows[2 * s + 1], last[2 * s + 1]]);
    };
    await expectCells(found, [2, 3, 4, 5], rows(256, 0));
    await found.slide("Episodes of a batch, N", 2);
    await expectCells(found, [2, 3, 4, 5], rows(64, 0));
    await found.press("Another batch");
    await expectCells(found, [2, 3, 4, 5], rows(64, 1));
  });

  test("the cloud of a thousand batches, on both worlds", { timeout: 300_000 }, async () => {
    const found = await figure("objective-cloud");
    const rows = (world: "bandit" | "maze", trajectories: number) => {
      const { traceOfCovariance, exactTraceOfCovariance, bias } = lastOf(
        cloud({ world, trajectories, batches: 1000, seed: 0 }),
      );
      return [
        [traceOfCovariance.value, traceOfCovariance.low, traceOfCovariance.high, exactTraceOfCovariance],
        [bias.value, bias.low, bias.high, 0],
      ];
    };
    const first = async (expected: number[][]) => {
      const texts = expected.map((row) => row.map(cell));
      await expect.poll(async () => (await found.cells(1, 2, 3, 4)).slice(0, 2), PATIENCE).toEqual(texts);
    };
    await first(rows("bandit", 8));
    await found.slide("Episodes of a batch, N", 6);
    await first(rows("bandit", 64));
    await found.choose("World", "maze");
    await first(rows("maze", 64));
    await expect.poll(found.summary, PATIENCE).toContain("of the variance of 48 parameters");
  });
});

describe("what the gradient does", () => {
  const plain = { weighting: "total", baseline: "none", discounting: "standard", gaeLambda: 1, gamma: 1 } as const;
  const told = (which: StoryInput["story"], draw: number, change: Partial<StoryInput>) => {
    const { weights, values, offsets } = lastOf(story({ story: which, seed: 0, draw, ...plain, ...change }));
    return Array.from({ length: offsets.at(-1)! }, (_, k) => [weights[k], values[k]]);
  };

  test("the walker's weights: causality, baselines, other tries", { timeout: 300_000 }, async () => {
    const found = await figure("stories-walker");
    await expectCells(found, [5, 6], told("walker", 7, {}));
    await found.flip("Causality");
    await expectCells(found, [5, 6], told("walker", 7, { weighting: "toGo" }));
    await found.choose("Baseline", "value");
    await expectCells(found, [5, 6], told("walker", 7, { weighting: "toGo", baseline: "value" }));
    await found.press("Four other tries");
    await expectCells(found, [5, 6], told("walker", 8, { weighting: "toGo", baseline: "value" }));
  });

  test("the jacket's weights: every baseline, and both readings of γ", { timeout: 300_000 }, async () => {
    const found = await figure("stories-jacket");
    await expectCells(found, [5, 6], told("jacket", 6, {}));
    await expect.poll(found.summary, PATIENCE).toContain("Returns 0, 0, 0, 1");
    for (const baseline of ["mean", "leaveOneOut", "timeStep", "value"] as const) {
      await found.choose("Baseline", baseline);
      await expectCells(found, [5, 6], told("jacket", 6, { baseline }));
    }
    await found.choose("Baseline", "oneStep");
    await expectCells(found, [5, 6], told("jacket", 6, { weighting: "gae", gaeLambda: 0 }));
    await found.choose("Baseline", "none");
    await found.flip("Causality");
    await found.slide("Discount γ", 0);
    await expectCells(found, [5, 6], told("jacket", 6, { weighting: "toGo", gamma: 0.5 }));
    await found.flip("γᵗ in front of each score");
    await expectCells(found, [5, 6], told("jacket", 6, { weighting: "toGo", gamma: 0.5, discounting: "exact" }));
  });

  test("learning to step back: every seed's last J, of both sides", { timeout: 300_000 }, async () => {
    const found = await figure("stories-learning");
    const rows = async (baselines: readonly ("none" | "timeStep" | "value")[], trajectories: number) => {
      const choices = baselines.map((baseline) => ({ weighting: "toGo" as const, baseline }));
      let last: readonly number[][] = [];
      const input = { choices, seeds: 16, iterations: 300, trajectories, learningRate: 0.1 };
      for await (const output of learning(input)) last = output.last;
      return last[0].map((value, seed) => [seed, value, last[1][seed], last[1][seed] - value]);
    };
    await expectCells(found, [0, 1, 2, 3], await rows(["none", "timeStep"], 8));
    await found.choose("B", "to go, V");
    await found.slide("Episodes of a step, N", 1);
    await expectCells(found, [0, 1, 2, 3], await rows(["none", "value"], 4));
  });
});

describe("causality, baselines and discounting", () => {
  const studied = (change: Partial<EstimatorsInput>) => {
    const input = { world: "grid", estimators: LADDER, discounting: "exact" as const, trajectories: 16, batches: 512 };
    return lastOf(estimators({ ...input, seed: 0, ...change }));
  };

  test("the ladder: world, N and the reading of γ", { timeout: 300_000 }, async () => {
    const found = await figure("variance-ladder");
    const rows = (change: Partial<EstimatorsInput>) =>
      studied(change).findings.estimators.map(({ traceOfCovariance: t, bias, cosine }) => [
        ...[t.value, t.low, t.high, bias!.value, bias!.low, bias!.high, cosine.value],
      ]);
    const columns = [1, 2, 3, 5, 6, 7, 9];
    await expectCells(found, columns, rows({}));
    const { exact } = studied({ batches: 4 });
    const shown = (await found.cells(4)).flat();
    expect(shown).toEqual(exact.map((known) => (known ? cell(known.at(-1)!.traceOfCovariance) : "–")));
    await found.flip("γᵗ in front of each score");
    await expectCells(found, columns, rows({ discounting: "standard" }));
    await found.choose("World", "chain");
    await found.slide("Trajectories, N", 0);
    await expectCells(found, columns, rows({ discounting: "standard", world: "chain", trajectories: 8 }));
    for (const measure of ["bias", "cosine", "variance"]) {
      const words = { bias: "Bias in shares", cosine: "Cosine to ∇J", variance: "tr Cov" }[measure]!;
      await found.choose("Measure", measure);
      await expect.poll(found.summary, PATIENCE).toContain(words);
    }
  });

  test("A | B: the switches of each side", { timeout: 300_000 }, async () => {
    const found = await figure("variance-switches");
    const rows = (names: readonly string[], of: "traceOfCovariance" | "cosine" = "traceOfCovariance") =>
      studied({ estimators: names, trajectories: 64 }).findings.estimators.flatMap(({ byTrajectories }) =>
        byTrajectories.map((at) => [at.trajectories, at[of].value, at[of].low, at[of].high]),
      );
    const columns = [2, 3, 4, 5];
    await expectCells(found, columns, rows(["total", "toGo+value"]));
    const b = found.page.getByRole("group", { name: "B", exact: true });
    await b.getByLabel("Weight").selectOption("gae");
    await expectCells(found, columns, rows(["total", "gae:0.95"]));
    await b.getByLabel("GAE’s λ").fill("0");
    await expectCells(found, columns, rows(["total", "gae:0"]));
    const a = found.page.getByRole("group", { name: "A", exact: true });
    await a.getByLabel("Baseline").selectOption("optimal");
    await expectCells(found, columns, rows(["total+optimal", "gae:0"]));
    await a.getByLabel("Weight").selectOption("toGo");
    await expectCells(found, columns, rows(["toGo", "gae:0"]));
    await found.choose("Measure", "cosine");
    await expectCells(found, columns, rows(["toGo", "gae:0"], "cosine"));
  });

  test("λ: closed forms for every λ, N and V", { timeout: 300_000 }, async () => {
    const found = await figure("variance-lambda");
    const rows = (trajectories: number, fitEpisodes: number) => {
      const input = { world: "grid", trajectories, fitEpisodes, batches: 4, seed: 0 };
      const { lambdas, squaredBias, variance, error } = [...lambda(input)][0];
      return Array.from(lambdas, (value, i) => [value, squaredBias[i], variance[i], error[i]]);
    };
    await expectCells(found, [0, 1, 2, 3], rows(16, 2000));
    await found.slide("Trajectories, N", 5);
    await expectCells(found, [0, 1, 2, 3], rows(128, 2000));
    await found.slide("Episodes that V is fitted on", 0);
    await expectCells(found, [0, 1, 2, 3], rows(128, 5));
  });
});

describe("the same switches on training", () => {
  test("the band is that of the library's own runs; another side is another run", { timeout: 400_000 }, async () => {
    const found = await figure("variance-training");
    await found.press("Play: The same switches on training");
    const patience = { timeout: 180_000, interval: 500 };
    await expect.poll(found.summary, patience).toContain("16 of 16 runs are finished");
    const curves: Curve[] = [];
    for (const seed of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const [steps, values]: [number[], number[]] = [[], []];
      await train("reinforce", {
        ...{ environment: "CartPole-v1", steps: 60_000, seed, kernels: "simd", monitor: false },
        options: { hidden: [32], nEnvs: 8, learningRate: 0.01, weighting: "toGo", baseline: "none" },
        onIteration: (metrics) => {
          steps.push(metrics.steps);
          values.push(metrics.episodeReturn);
        },
      });
      curves.push({ steps, values });
    }
    const band = bandOf(curves);
    const rows = band.steps.map((step, i) => [Math.round(step), band.n[i], band.mean[i], band.low[i], band.high[i]]);
    await expectCells(found, [1, 2, 3, 4, 5], rows);
    const before = await found.summary();
    expect(before).toMatch(/Difference in return over the same seeds: .+ \[.+\]/);
    await found.choose("B", "gae");
    await expect.poll(found.summary, patience).toContain("B: GAE");
    await expect.poll(found.summary, patience).toContain("16 of 16 runs are finished");
    expect(await found.summary()).not.toBe(before);
  });
});

describe("one backward pass", () => {
  test("the same numbers by every road, another N, and times with intervals", { timeout: 300_000 }, async () => {
    const found = await figure("one-pass-cost");
    for (const [place, trajectories] of [
      [2, 16],
      [1, 4],
    ]) {
      await found.slide("Episodes, N", place);
      for await (const { steps, onePassDifference, allScoresDifference } of cost({
        trajectories,
        seed: 0,
        rounds: 1,
      })) {
        await expectCells(
          found,
          [1, 2],
          [
            [steps, 0],
            [1, onePassDifference],
            [1, allScoresDifference],
          ],
        );
        await expect.poll(found.summary, PATIENCE).toMatch(new RegExp(`have ${steps} steps.*20 rounds in turns`));
      }
      const [naive] = await found.cells(4, 5, 6);
      const [value, low, high] = naive.map(Number);
      expect(value).toBeGreaterThan(1);
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
    }
  });
});
