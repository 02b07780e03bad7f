/** For everybody: axe finds nothing, light and dark; the keyboard reaches every control, and one sees where it is. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { chapters, figuresOf } from "./support/chapters.ts";
import { labBrowser } from "./support/labBrowser.ts";

const lab = labBrowser();

async function violations(page: Page, part?: string): Promise<string[]> {
  const builder = new AxeBuilder({ page });
  const { violations: found } = await (part ? builder.include(part) : builder).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

/** Whoever is in sight has drawn its numbers. */
async function settled(page: Page, chapter: string): Promise<string[]> {
  const ids = await figuresOf(page, chapter);
  for (const id of ids) {
    await page.locator(`[data-figure="${id}"]`).scrollIntoViewIfNeeded();
    await expect
      .poll(() => page.locator(`[data-figure="${id}"] .figure-summary`).textContent(), { timeout: 30_000 })
      .toMatch(/\d/);
  }
  return ids;
}

describe("axe", () => {
  test.each(["light", "dark"] as const)("the page as it opens, %s", async (theme) => {
    const { page } = await lab.open("", { theme });
    expect(await violations(page)).toEqual([]);
  });

  describe.each(chapters)("$name", ({ name }) => {
    test.each(["light", "dark"] as const)("%s, with open tables", { timeout: 120_000 }, async (theme) => {
      const { page } = await lab.open(`#${name}`, { theme, reducedMotion: true });
      await settled(page, name);
      for (const summary of await page.locator(`#${name} details > summary`).all()) await summary.click();
      expect(await violations(page, `#${name}`)).toEqual([]);
    });
  });
});

/** What Tab should come to. */
const CONTROLS =
  ":is(button, input, select, textarea, a[href], summary, [tabindex='0']):not(:disabled):not([tabindex='-1'])";

describe("keyboard", () => {
  describe.each(chapters)("$name", ({ name }) => {
    test("Tab reaches every control, and each shows that it has the focus", { timeout: 120_000 }, async () => {
      const { page } = await lab.open(`#${name}`, { reducedMotion: true });
      await settled(page, name);
      const count = await page.locator(`#${name} ${CONTROLS}`).evaluateAll((all) => {
        const visible = all.filter((element) => element.checkVisibility());
        for (const [i, element] of visible.entries()) element.setAttribute("data-stop", String(i));
        return visible.length;
      });
      expect(count).toBeGreaterThan(0);
      await page.locator(`#${name}-title`).focus();
      // Chromium may not scroll to what a key moves to while it still scrolls to this.
      await page.waitForTimeout(600);
      const reached = new Set<string>();
      const unseen: string[] = [];
      for (let i = 0; i < count * 2 && reached.size < count; i++) {
        await page.keyboard.press("Tab");
        const { stop, seen, what } = await page.evaluate(async () => {
          const element = document.activeElement as HTMLElement;
          const isAway = () => {
            const { top, bottom } = element.getBoundingClientRect();
            return bottom <= 0 || top >= innerHeight;
          };
          // The browser scrolls to it a few frames later.
          for (let frame = 0; frame < 30 && isAway(); frame++) await new Promise(requestAnimationFrame);
          const { outlineStyle, outlineWidth } = getComputedStyle(element);
          const box = element.getBoundingClientRect();
          const inWindow = box.bottom > 0 && box.top < innerHeight && box.width > 0;
          const seen = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1 && inWindow;
          return { stop: element.dataset.stop, seen, what: element.outerHTML.slice(0, 120) };
        });
        if (stop === undefined) continue;
        reached.add(stop);
        if (!seen) unseen.push(what);
      }
      const missed = await page
        .locator("[data-stop]")
        .evaluateAll(
          (all, known) =>
            all
              .filter((one) => !known.includes((one as HTMLElement).dataset.stop ?? ""))
              .map((one) => one.outerHTML.slice(0, 120)),
          [...reached],
        );
      expect({ missed, unseen }).toEqual({ missed: [], unseen: [] });
    });
  });

  test("the first Tab offers the way past the head", async () => {
    const { page } = await lab.open();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe("To the contents");
  });
});
