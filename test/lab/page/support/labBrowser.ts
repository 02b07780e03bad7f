/**
 * The built page in Chromium, for a test file: `const lab = labBrowser()`, then `await lab.open("#ppo")`. Whatever the page reports
 * to the console as an error, throws, or asks of another host fails the test that opened it, CSP violations among them.
 */
import { mkdirSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";

export interface OpenOptions {
  theme?: "light" | "dark";
  /** Of the window, in CSS pixels; default 1280. */
  width?: number;
  /** Default 900. */
  height?: number;
  reducedMotion?: boolean;
  /** Errors that the test provokes: a message that one of these matches is no failure. */
  expected?: readonly RegExp[];
  /** Called before the page begins to load. */
  before?: (page: Page) => Promise<unknown>;
}

export interface LabPage {
  page: Page;
  /** Keeps a picture of the window, or of what the selector names, in .test-reports/lab. */
  shot(name: string, selector?: string): Promise<void>;
}

export interface LabBrowser {
  /** @param path behind the page's address: "", "#ppo", "#bench?v=1&…" */
  open(path?: string, options?: OpenOptions): Promise<LabPage>;
  browser(): Browser;
}

const pictures = ".test-reports/lab";

export function labBrowser(): LabBrowser {
  let browser: Browser;
  let problems: string[] = [];

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    });
  });
  afterEach(async () => {
    const found = problems;
    problems = [];
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(found, "what the page reported").toEqual([]);
  });
  afterAll(() => browser?.close());

  async function open(path = "", options: OpenOptions = {}): Promise<LabPage> {
    const { theme = "light", width = 1280, height = 900, reducedMotion = false, expected = [], before } = options;
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      reducedMotion: reducedMotion ? "reduce" : "no-preference",
    });
    const page = await context.newPage();
    const report = (text: string) => {
      if (!expected.some((one) => one.test(text))) problems.push(text);
    };
    page.on("console", (message) => message.type() === "error" && report(message.text()));
    page.on("pageerror", (error) => report(String(error)));
    page.on("crash", () => report("the page crashed"));
    const address = inject("labAddress");
    const { origin } = new URL(address);
    page.on("request", (request) => {
      const url = request.url();
      if (/^https?:/.test(url) && new URL(url).origin !== origin) report(`asked another host: ${url}`);
    });
    await before?.(page);
    await page.goto(address + path);
    await page.waitForSelector("main");
    return {
      page,
      shot: async (name, selector) => {
        const file = `${pictures}/${name}.png`;
        if (selector) await page.locator(selector).first().screenshot({ path: file, animations: "disabled" });
        else await page.screenshot({ path: file, animations: "disabled" });
      },
    };
  }

  return { open, browser: () => browser };
}
