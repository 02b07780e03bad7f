/**
 * Every figure of every chapter: it is drawn, has a name, a summary with numbers and a table of them, and a picture of it is kept
 * in .test-reports/lab, light, dark and on a narrow screen, to be looked at.
 */
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { chapters, figuresOf } from "./support/chapters.ts";
import { drawn, isBlank } from "./support/drawn.ts";
import { labBrowser } from "./support/labBrowser.ts";

const lab = labBrowser();

/** Studies of a busy machine may take this long for their first numbers. */
const PATIENCE = { timeout: 30_000, interval: 200 };
/** More than "starting": a sentence with numbers. */
const SUMMED_UP = /(?=[\s\S]{21})[\s\S]*\d/;

/** Brings every picture of the figure into sight once, for only what is seen is drawn; whether there are canvases. */
async function seek(figure: Locator): Promise<boolean> {
  await figure.scrollIntoViewIfNeeded();
  const charts = figure.locator(".figure-body :is(canvas, .curves)");
  for (let i = (await charts.count()) - 1; i >= 0; i--) {
    await charts.nth(i).scrollIntoViewIfNeeded();
    await figure.page().waitForTimeout(150);
  }
  return (await charts.count()) > 0;
}

test("there are chapters, in their order, each in the contents", async () => {
  expect(chapters.length).toBeGreaterThan(0);
  const { page, shot } = await lab.open();
  const links = await page
    .locator("nav.contents a")
    .evaluateAll((all) => all.map((link) => [link.getAttribute("href"), link.textContent]));
  expect(links.slice(0, chapters.length)).toEqual(chapters.map(({ name, title }) => [`#${name}`, title]));
  await shot("page");
});

describe.each(chapters)("$name", ({ name }) => {
  test("every figure is drawn, named, summed up and tabled", { timeout: 180_000 }, async () => {
    const { page, shot } = await lab.open(`#${name}`);
    const ids = await figuresOf(page, name);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) {
      expect(id.startsWith(`${name}-`), `${id} begins with its chapter's name`).toBe(true);
      const figure = page.locator(`[data-figure="${id}"]`);
      await seek(figure);
      await expect
        .poll(async () => isBlank(await drawn(page, id), await seek(figure)), {
          message: `${id} is drawn`,
          ...PATIENCE,
        })
        .toBe(false);
      const summary = figure.locator(".figure-summary");
      await expect.poll(() => summary.textContent(), { message: `${id} is summed up`, ...PATIENCE }).toMatch(SUMMED_UP);
      const facts = await figure.evaluate((element) => {
        const named = (attribute: string) =>
          document.getElementById(element.getAttribute(attribute) ?? "")?.textContent;
        return {
          name: named("aria-labelledby"),
          description: named("aria-describedby"),
          foot: element.querySelector(".figure-foot")?.textContent,
        };
      });
      expect(facts.name?.length, `${id} has a name`).toBeGreaterThan(3);
      expect(facts.description?.length, `${id} has a summary`).toBeGreaterThan(20);
      expect(facts.foot, `${id} names its file`).toMatch(/src\//);
      const table = figure.locator("details[data-figure-table]");
      await table.locator("summary").click();
      await expect
        .poll(() => table.locator("tbody tr").count(), { message: `${id} has a table`, ...PATIENCE })
        .toBeGreaterThan(0);
      const cells = await table.evaluate((element) => [
        element.querySelectorAll("thead th").length,
        ...[...element.querySelectorAll("tbody tr")].map((row) => row.children.length),
      ]);
      expect(new Set(cells).size, `${id}: a cell for each column`).toBe(1);
      expect(cells.length - 1, `${id}: a page of the table`).toBeLessThanOrEqual(25);
      await table.locator("summary").click();
      await shot(`${id}`, `[data-figure="${id}"]`);
    }
  });

  test.each([
    { theme: "dark", width: 1280 },
    { theme: "light", width: 390 },
  ] as const)("pictures: $theme, $width pixels wide", { timeout: 180_000 }, async ({ theme, width }) => {
    const { page, shot } = await lab.open(`#${name}`, { theme, width });
    for (const id of await figuresOf(page, name)) {
      const figure = page.locator(`[data-figure="${id}"]`);
      await seek(figure);
      await expect.poll(() => figure.locator(".figure-summary").textContent(), PATIENCE).toMatch(SUMMED_UP);
      await expect
        .poll(async () => isBlank(await drawn(page, id), await seek(figure)), {
          message: `${id} is drawn`,
          ...PATIENCE,
        })
        .toBe(false);
      await shot(`${id}-${theme}-${width}`, `[data-figure="${id}"]`);
    }
    const across = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(across, "nothing is wider than the screen").toBeLessThanOrEqual(width);
  });
});
