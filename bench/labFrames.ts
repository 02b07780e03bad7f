/**
 * Frame times of the lab's bench while two runs train and draw, on a quiet machine: `npm run bench -- labFrames`. It builds the
 * page first. It fails where the 95th percentile is above 20 ms.
 */
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { servePages } from "../src/node/pages/pageServer.ts";
import { measureFrames } from "../test/lab/page/support/frames.ts";

const LEVEL_MS = 20;
const SECONDS = 8;
const BENCH = "#bench?v=1&env=CartPole-v1&steps=1000000&a=ppo&b=ppo&b.gaeLambda=1";

const { setUp } = (await import(pathToFileURL("scripts/setup.mjs").href)) as {
  setUp(options: { through: string }): void;
};
setUp({ through: "lab" });

const server = await servePages({ folder: "dist/lab" });
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${server.address}${BENCH}`);
  await page.click("[data-bench=train]");
  await page.waitForFunction(() => /A: [\d,]{6,} of/.test(document.body.textContent ?? ""));
  const { count, median, p95, longest } = await measureFrames(page, 1000 * SECONDS);
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  console.log(
    `${count} frames in ${SECONDS} s while two runs train and draw: median ${ms(median)}, 95th percentile ${ms(p95)}, longest ${ms(longest)}`,
  );
  if (!(p95 <= LEVEL_MS)) {
    console.error(`The 95th percentile is above ${LEVEL_MS} ms.`);
    process.exitCode = 1;
  }
} finally {
  await browser.close();
  await server.close();
}
