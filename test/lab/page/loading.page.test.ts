/**
 * How the page comes: what its first load weighs, how soon something moves, that nothing blocks it, that it stays still where
 * motion is not wanted, and that addresses lead where they say.
 */
import { execFileSync } from "node:child_process";
import { availableParallelism, loadavg } from "node:os";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { expect, inject, test } from "vitest";
import { chapters, figuresOf } from "./support/chapters.ts";
import { drawn } from "./support/drawn.ts";
import { labBrowser } from "./support/labBrowser.ts";

const lab = labBrowser();

/** Code and bytes of the WebAssembly kernels, by the names of their chunks. */
const KERNELS = /\/(acting|actingFma|simd|fma|kernels)-[^/]*\.js$|\.wasm$/;

/** Times say nothing of the page where twice as much wants to run as can. */
const isBusy = loadavg()[0] > 2 * availableParallelism();

/** In ms: a chapter that is laid out for the first time. */
const LONGEST = 250;
const LIMIT = 80_000;
const LIMIT_WITH_KERNELS = 160_000;

test("the first load: what opening the page fetches before anyone scrolls, as gzip", async () => {
  const bodies: Promise<[string, Buffer]>[] = [];
  const { page } = await lab.open("", {
    before: async (page) => {
      page.on("response", (response) => {
        if (response.ok()) bodies.push(response.body().then((body) => [response.url(), body]));
      });
    },
  });
  await figuresOf(page, chapters[0].name);
  await page.waitForLoadState("networkidle");
  let [kernels, rest] = [0, 0];
  for (const [url, body] of await Promise.all(bodies)) {
    const size = gzipSync(body, { level: 9 }).length;
    if (KERNELS.test(url)) kernels += size;
    else rest += size;
  }
  expect(rest).toBeGreaterThan(10_000);
  expect(rest).toBeLessThanOrEqual(LIMIT);
  expect(rest + kernels).toBeLessThanOrEqual(LIMIT_WITH_KERNELS);
});

test("npm run lab:build -- --json prints one line", () => {
  const text = execFileSync(process.execPath, ["scripts/lab.mjs", "--json"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  expect(text.trim().split("\n")).toHaveLength(1);
  const { folder, firstLoadGzip, files, ...others } = JSON.parse(text);
  expect(others).toEqual({});
  expect(folder).toMatch(/dist.lab$/);
  expect(files).toBeGreaterThan(10);
  expect(firstLoadGzip).toBeGreaterThan(10_000);
  expect(firstLoadGzip).toBeLessThanOrEqual(LIMIT);
});

test("nothing of it names a place: it works below any path", async () => {
  const { page } = await lab.open();
  expect(new URL(page.url()).pathname).toBe("/some/where/");
  const html = await (await fetch(inject("labAddress"))).text();
  expect(
    [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, to]) => to).filter((to) => !/^(\.\/|data:)/.test(to)),
  ).toEqual([]);
});

/** From the navigation's start to the second picture of the first figure, in ms. */
async function untilItMoves(page: Page): Promise<number> {
  await page.waitForFunction(() => "movedAt" in window, undefined, { timeout: 30_000 });
  return page.evaluate(() => (window as unknown as { movedAt: number }).movedAt);
}

test.skipIf(isBusy)(
  "something moves within a second of opening, in the best of three",
  { timeout: 120_000 },
  async () => {
    const times: number[] = [];
    for (let i = 0; i < 3 && Math.min(Infinity, ...times) > 1000; i++) {
      const { page } = await lab.open("", {
        height: 1400,
        before: (page) =>
          page.addInitScript(() => {
            let first = "";
            const look = () => {
              const canvas = document.querySelector<HTMLCanvasElement>("figure canvas");
              const now = canvas && canvas.width > 0 ? canvas.toDataURL() : "";
              const blank = document.createElement("canvas");
              Object.assign(blank, { width: canvas?.width ?? 0, height: canvas?.height ?? 0 });
              if (first === "" && now !== "" && now !== blank.toDataURL()) first = now;
              else if (first !== "" && now !== first) {
                Object.assign(window, { movedAt: performance.now() });
                return;
              }
              requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
          }),
      });
      times.push(await untilItMoves(page));
    }
    expect(Math.min(...times)).toBeLessThanOrEqual(1000);
  },
);

test.skipIf(isBusy)(
  "no task of the page takes a quarter of a second while it opens and is scrolled, in the best of three",
  {
    timeout: 180_000,
  },
  async () => {
    const tries: number[] = [];
    for (let i = 0; i < 3 && Math.min(Infinity, ...tries) > LONGEST; i++) {
      const { page } = await lab.open("", {
        before: (page) =>
          page.addInitScript(() => {
            const long: number[] = [];
            Object.assign(window, { long });
            new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration))).observe({
              type: "longtask",
              buffered: true,
            });
          }),
      });
      for (let step = 0; step < 12; step++) {
        await page.mouse.wheel(0, 700);
        await page.waitForTimeout(300);
      }
      tries.push(Math.max(0, ...(await page.evaluate(() => (window as unknown as { long: number[] }).long))));
    }
    expect(Math.min(...tries)).toBeLessThanOrEqual(LONGEST);
  },
);

test("with reduced motion figures that move begin paused, and stay as they are", async () => {
  const [{ name }] = chapters;
  const { page } = await lab.open(`#${name}`, { reducedMotion: true });
  const ids = await figuresOf(page, name);
  const playable = page.locator(`#${name} .figure-actions button`, { hasText: /^(Play|Pause)$/ });
  expect(await playable.allTextContents()).not.toContain("Pause");
  const id = ids[0];
  await page.locator(`[data-figure="${id}"]`).scrollIntoViewIfNeeded();
  await expect
    .poll(() => page.locator(`[data-figure="${id}"] .figure-summary`).textContent(), { timeout: 30_000 })
    .toMatch(/\d/);
  await page.waitForTimeout(3000);
  const before = await drawn(page, id);
  await page.waitForTimeout(700);
  expect((await drawn(page, id)).print).toBe(before.print);
});

test("an address leads to its chapter and to its figure, though what is above loads later", async () => {
  const { name } = chapters[chapters.length - 1];
  const { page } = await lab.open(`#${name}`);
  const ids = await figuresOf(page, name);
  await page.waitForTimeout(1500);
  const top = (selector: string) => page.locator(selector).evaluate((element) => element.getBoundingClientRect().top);
  expect(Math.abs(await top(`#${name}`))).toBeLessThan(60);
  await page.evaluate((id) => {
    location.hash = id;
  }, ids[0]);
  await expect.poll(() => top(`#${ids[0]}`), { timeout: 5000 }).toBeLessThan(60);
});

test("the theme that was chosen is kept", async () => {
  const { page } = await lab.open();
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  expect(await theme()).toBe("light");
  await page.getByLabel("Colours").selectOption("Dark");
  await expect.poll(theme).toBe("dark");
  await page.reload();
  await expect.poll(theme).toBe("dark");
  await page.getByLabel("Colours").selectOption("As the system");
  await expect.poll(theme).toBe("light");
});
