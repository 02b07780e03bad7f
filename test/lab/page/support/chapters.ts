/** The chapters that are there, and the way to one of them. */
import { existsSync } from "node:fs";
import type { Page } from "playwright-core";
import { chapters as all, type ChapterEntry } from "../../../../lab/chapters/contents.ts";

export const chapters: readonly ChapterEntry[] = all.filter(({ folder }) =>
  existsSync(`lab/chapters/${folder}/Chapter.tsx`),
);

/** Waits until the chapter is loaded. @returns the ids of its figures, in order */
export async function figuresOf(page: Page, chapter: string): Promise<string[]> {
  await page.waitForSelector(`#${chapter} figure[data-figure]`);
  return page
    .locator(`#${chapter} figure[data-figure]`)
    .evaluateAll((figures) => figures.map((figure) => (figure as HTMLElement).dataset.figure ?? ""));
}
