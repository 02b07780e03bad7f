/** The page of `ascent play`: every environment drawn, the policy acting as it does in Node, keys that take over, reduced motion. */

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { listEnvironments, makeBatched } from "../../../src/envs/index.ts";
import { encodePolicy, type PolicyDescription } from "../../../src/policies/index.ts";
import { evaluatePolicy } from "../../../src/training/evaluate.ts";
import { randomPolicy } from "../../policies/support.ts";
import { labBrowser, type OpenOptions } from "./support/labBrowser.ts";

const lab = labBrowser();

async function policyFor(environment: string): Promise<PolicyDescription> {
  const { observationSpace, actionSpace } = makeBatched(environment, 1);
  return { ...(await randomPolicy(observationSpace, actionSpace)), environment };
}

interface Served {
  environment: string;
  seed?: number;
  stochastic?: boolean;
  bytes?: Uint8Array;
}

/** Opens the page as `ascent play` would serve it. */
async function play({ environment, seed = 0, stochastic = false, bytes }: Served, options: OpenOptions = {}) {
  const policy = await policyFor(environment);
  const start = { environment, algorithm: "ppo", seed, stochastic, path: "runs/here" };
  return lab.open("play.html", {
    ...options,
    before: async (page) => {
      await page.route("**/play.json", (route) => route.fulfill({ json: start }));
      const body = Buffer.from(bytes ?? encodePolicy(policy));
      await page.route("**/policy.safetensors", (route) => route.fulfill({ body }));
    },
  });
}

const number = async (page: Page, id: string) => Number((await page.locator(`#${id}`).innerText()).replace("−", "-"));

/** A number for what the canvas shows, and the share of it that is not its most frequent colour. */
const canvas = (page: Page) =>
  page.locator(".play-stage canvas").evaluate((element) => {
    const one = element as HTMLCanvasElement;
    const pixels = new Uint32Array(one.getContext("2d")!.getImageData(0, 0, one.width, one.height).data.buffer);
    const counts = new Map<number, number>();
    let print = 0;
    for (const pixel of pixels) {
      counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
      print = (Math.imul(print, 31) + pixel) | 0;
    }
    return { print, drawn: 1 - Math.max(...counts.values()) / pixels.length };
  });

/** Physics that has to be loaded is looked at where it is tested. */
const atOnce = listEnvironments().filter(({ prepare }) => prepare === undefined);

describe.each(atOnce.map(({ id }) => id))("%s", (id) => {
  test("is drawn, moves when stepped, and says in words what it shows", async () => {
    const { page, shot } = await play({ environment: id, stochastic: true }, { reducedMotion: true });
    await page.waitForSelector(".play-stage canvas");
    await expect.poll(async () => (await canvas(page)).drawn, { timeout: 15_000 }).toBeGreaterThan(0.02);
    const before = { ...(await canvas(page)), words: await page.locator("#words").innerText() };
    for (let step = 1; step <= 8; step++) {
      await page.getByRole("button", { name: "Step the episode" }).click();
      await expect.poll(() => number(page, "step")).toBe(step);
      if ((await page.locator("#ended").innerText()) !== "paused") break;
    }
    await expect.poll(async () => (await canvas(page)).print).not.toBe(before.print);
    expect(await page.locator("#words").innerText()).not.toBe(before.words);
    await shot(`play-${id}`);
  });
});

test("with a seed it plays evaluation's episode with that seed, and then the next seed's", async () => {
  const environment = "CartPole-v1";
  const { page } = await play({ environment, seed: 11 });
  const rows = page.locator(".play-table tbody tr");
  await expect.poll(() => rows.count(), { timeout: 30_000 }).toBeGreaterThan(1);
  const cells = (await rows.allInnerTexts()).map((row) => row.split("\t"));
  const policy = await policyFor(environment);
  for (const seed of [11, 12]) {
    const { returns } = await evaluatePolicy(policy, environment, { episodes: 1, seed });
    const row = cells.find(([of]) => Number(of) === seed)!;
    expect([Number(row[1]), Number(row[2])]).toEqual([returns[0], returns[0]]);
    expect(row[3]).toBe("the task");
  }
});

test("whoever holds a key acts in the policy's place, also by buttons; paused, each press is one step", async () => {
  const { page } = await play({ environment: "CartPole-v1" }, { reducedMotion: true });
  await page.waitForSelector("#step");
  for (const [key, words] of [
    ["ArrowLeft", "pushed left"],
    ["ArrowRight", "pushed right"],
    ["ArrowLeft", "pushed left"],
  ] as const) {
    const before = await number(page, "step");
    await page.keyboard.press(key);
    await expect.poll(() => number(page, "step")).toBe(before + 1);
    expect(await page.locator("#words").innerText()).toContain(words);
  }
  await page.locator(".take-over-buttons button", { hasText: "Right" }).click();
  await expect.poll(() => page.locator("#words").innerText()).toContain("pushed right");
  await page.locator(".take-over-buttons button", { hasText: "Left" }).focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator("#words").innerText()).toContain("pushed left");
  expect(await number(page, "step")).toBe(5);
  // Running, time stands still while only the reader acts.
  await page.getByRole("switch", { name: "Wait for me: only I act" }).click();
  await page.getByRole("button", { name: "Play the episode" }).click();
  await page.waitForTimeout(400);
  expect(await number(page, "step")).toBe(5);
});

test("a number as action: held keys push with all there is, and the spread is said", async () => {
  const { page } = await play({ environment: "Pendulum-v1" }, { reducedMotion: true });
  await page.waitForSelector("#step");
  expect(await page.locator(".number-part").innerText()).toMatch(/μ ± σ: .* ± .*, of −2 to 2/);
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => page.locator("#words").innerText()).toContain("a torque of 2.0 counter-clockwise");
});

test("reduced motion: paused at first; without it, it runs", async () => {
  const still = await play({ environment: "CartPole-v1" }, { reducedMotion: true });
  await still.page.waitForSelector("#step");
  await still.page.waitForTimeout(500);
  expect(await number(still.page, "step")).toBe(0);
  const moving = await play({ environment: "CartPole-v1" });
  await moving.page.waitForSelector("#step");
  await expect.poll(() => moving.page.locator(".play-table").count(), { timeout: 15_000 }).toBe(1);
});

test("space pauses, R begins again, the seed is taken, sampling is switched", async () => {
  const { page } = await play({ environment: "MountainCar-v0" });
  await page.waitForSelector("#step");
  await expect.poll(() => number(page, "step")).toBeGreaterThan(3);
  await page.keyboard.press("Space");
  await expect.poll(() => page.locator("#ended").innerText()).toBe("paused");
  await page.keyboard.press("r");
  await expect.poll(() => number(page, "step")).toBe(0);
  await page.getByLabel("Seed").fill("5");
  await page.getByLabel("Seed").press("Enter");
  await page.getByRole("switch", { name: "Sample actions" }).click();
  await page.getByRole("button", { name: "Step the episode" }).click();
  await expect.poll(() => number(page, "step")).toBe(1);
});

test("a damaged policy, and one of other spaces, are said in words", async () => {
  const bytes = encodePolicy(await policyFor("CartPole-v1"));
  bytes[bytes.length - 2] ^= 1;
  const damaged = await play({ environment: "CartPole-v1", bytes });
  await expect.poll(() => damaged.page.locator(".message").innerText()).toMatch(/policy/i);
  const other = await play({ environment: "CartPole-v1", bytes: encodePolicy(await policyFor("Pendulum-v1")) });
  await expect.poll(() => other.page.locator(".message").innerText()).toContain("cannot be used with CartPole-v1");
});

test.each([
  ["light", 1280],
  ["dark", 390],
] as const)("axe finds nothing, %s, %i pixels wide without sideways scrolling", async (theme, width) => {
  const { page, shot } = await play({ environment: "CartPole-v1" }, { theme, width });
  await page.waitForSelector(".play-table", { timeout: 15_000 });
  await page.keyboard.press("Space");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await shot(`play-page-${theme}`);
});
