/** The reader's own environment in the page: checked, drawn and trained; errors with their line; nothing it does reaches the page. */

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { examples } from "../../../lab/ownEnvironment/examples.ts";
import { labBrowser } from "./support/labBrowser.ts";

const lab = labBrowser();

async function open(options: Parameters<typeof lab.open>[1] = {}) {
  const opened = await lab.open("#own-environment", options);
  await opened.page.waitForSelector("[data-own]");
  return opened;
}

/** Has the text checked, and waits for the answer. */
async function check(page: Page, source: string): Promise<{ summary: string; findings: string[] }> {
  await page.locator(".editor-text").fill(source);
  await page.getByRole("button", { name: "Check and draw" }).click();
  await page.waitForFunction(
    () =>
      !document.querySelector("#own-summary")?.textContent?.startsWith("The text has changed") &&
      document.querySelector("#own-summary") !== null &&
      [...document.querySelectorAll("[data-own] button")].some((button) => button.textContent === "Check and draw"),
    undefined,
    { timeout: 45_000 },
  );
  return {
    summary: await page.locator("#own-summary").innerText(),
    findings: await page.locator(".own-findings li").allInnerTexts(),
  };
}

/** An environment whose reset does this. */
const doing = (statements: string) => `export default () => ({
  observationSpace: discrete(2), actionSpace: discrete(2),
  reset() {
    ${statements}
    return { observation: 0 };
  },
  step: () => ({ observation: 1, reward: 0, terminated: true, truncated: false }),
});`;

test.each(examples.map(({ name, source }) => [name, source] as const))(
  "%s: no errors, drawn, and drawn moving",
  async (name, source) => {
    const { page, shot } = await open();
    const { summary } = await check(page, source);
    expect(summary).toMatch(/^No errors/);
    const canvas = page.locator(".own canvas").first();
    const print = () =>
      canvas.evaluate((element) => {
        const one = element as HTMLCanvasElement;
        const pixels = new Uint32Array(one.getContext("2d")!.getImageData(0, 0, one.width, one.height).data.buffer);
        return pixels.reduce((sum, pixel) => (Math.imul(sum, 31) + pixel) | 0, 0);
      });
    const first = await print();
    await expect.poll(print, { timeout: 10_000 }).not.toBe(first);
    expect(await page.locator(".own-words").first().innerText()).toMatch(/\d/);
    await page.locator("#own-environment").scrollIntoViewIfNeeded();
    await shot(`own-${name.split(/\W/)[0]}-${name.length}`);
  },
);

test("it is trained: the walk's return rises, and its policy is seen acting", { timeout: 120_000 }, async () => {
  const { page, shot } = await open();
  await check(page, examples[0].source);
  await page.getByRole("button", { name: "Train with PPO" }).click();
  await page.waitForSelector(".own-run[data-state=finished]", { timeout: 90_000 });
  const words = await page.locator("#own-run-words").innerText();
  expect(Number(/mean return is (−?\d+(?:\.\d+)?)/.exec(words)?.[1]?.replace("−", "-"))).toBeGreaterThan(0.6);
  expect(await page.locator(".own-run canvas").count()).toBeGreaterThan(0);
  await shot("own-trained");
});

describe("errors name their line", () => {
  test.each<[string, string, number, RegExp]>([
    ["syntax", "export default () => {\n  const x = 1;\n  return { x: };\n};", 3, /SyntaxError/],
    ["a name that is not there", doing("nothing();"), 4, /nothing is not defined/],
    ["a throw of its own", doing('throw new Error("the floor is wet");'), 4, /the floor is wet/],
    ["at its top", "\n\nmissing;\nexport default () => ({});", 3, /missing is not defined/],
    ["the checker's finding", doing("").replace("reward: 0", "reward: NaN"), 7, /reward NaN/],
    ["no export", "const a = 1;", 1, /must have one export/],
    ["another module", 'import { a } from "./a.js";\nexport default a;', 1, /Only import/],
  ])("%s", async (_, source, line, message) => {
    const { page } = await open();
    const { summary, findings } = await check(page, source);
    expect(summary).toContain(`in line ${line}`);
    expect(findings.join("\n")).toMatch(message);
    expect(await page.locator(".editor-numbers .error").innerText()).toBe(String(line));
    await page
      .getByRole("button", { name: `line ${line}`, exact: true })
      .first()
      .click();
    const selected = await page.locator(".editor-text").evaluate((element) => {
      const { value, selectionStart } = element as HTMLTextAreaElement;
      return value.slice(0, selectionStart).split("\n").length;
    });
    expect(selected).toBe(line);
    expect(await page.getByRole("button", { name: "Train with PPO" }).isDisabled()).toBe(true);
  });
});

describe("nothing that it does can hang or reach the page", () => {
  test.each<[string, string]>([
    ["a loop without an end", doing("for (;;);")],
    ["at its top", "while (true);\nexport default () => ({});"],
    ["in its picture", doing("").replace("step:", "scene() { for (;;); },\n  step:")],
  ])("%s is ended, and the page goes on meanwhile", async (_, source) => {
    const { page } = await open();
    await page.evaluate(() => {
      const counted = globalThis as unknown as { longest: number };
      counted.longest = 0;
      let last = performance.now();
      const beat = () => {
        counted.longest = Math.max(counted.longest, performance.now() - last);
        last = performance.now();
        setTimeout(beat, 20);
      };
      beat();
    });
    const { findings } = await check(page, source);
    expect(findings.join()).toContain("It was ended after 5 s");
    expect(await page.evaluate(() => (globalThis as unknown as { longest: number }).longest)).toBeLessThan(1000);
    // What comes next is checked as if nothing had been.
    expect((await check(page, examples[0].source)).summary).toMatch(/^No errors/);
  });

  const forbidden = [
    ...["document", "window", "parent", "localStorage", "sessionStorage", "indexedDB", "caches", "cookieStore"],
    ...["fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource", "WebTransport", "RTCPeerConnection"],
    ...["importScripts", "Worker", "SharedWorker", "BroadcastChannel", "MessagePort", "navigator", "location"],
    ...["postMessage", "close", "eval", "FileReader", "FontFace", "OffscreenCanvas", "URL", "Blob", "Request"],
    ...["Notification", "ServiceWorkerContainer", "StorageManager", "createImageBitmap", "onmessage", "trustedTypes"],
  ];

  test("no DOM, storage, network, workers, code from text, nor a way to send", async () => {
    const { page } = await open();
    const names = JSON.stringify(forbidden);
    const look = `const found = ${names}.filter((name) => globalThis[name] !== undefined);
    for (let o = Object.getPrototypeOf(globalThis); o && o !== EventTarget.prototype; o = Object.getPrototypeOf(o))
      for (const name of ${names}) if (Object.getOwnPropertyDescriptor(o, name)?.value ?? Object.getOwnPropertyDescriptor(o, name)?.get) found.push("its prototype's " + name);
    throw new Error("found: " + found.join());`;
    expect((await check(page, doing(look))).findings.join()).toMatch(/found:\s*$/);
  });

  test.each<[string, string, RegExp]>([
    ["eval", 'eval("1");', /eval is not a function/],
    ["a function's constructor", '(() => {}).constructor("return 1")();', /not made from text/],
    ["an async function's constructor", '(async () => {}).constructor("return 1")();', /not made from text/],
    ["Function", 'new Function("return 1")();', /not a constructor|not made from text/],
    ["a timer with a text", 'setTimeout("1");', /takes a function/],
    ["messages", 'for (;;) postMessage({ kind: "begun" });', /postMessage is not a function/],
    ["fetch", 'fetch("/");', /fetch is not a function/],
    ["another worker", 'new Worker("data:,");', /Worker is not a constructor/],
    ["a cache", 'caches.open("a");', /Cannot read properties of undefined/],
    ["a database", 'indexedDB.open("a");', /Cannot read properties of undefined/],
  ])("%s is refused", async (_, statement, message) => {
    const { page } = await open();
    const { findings } = await check(page, doing(statement));
    expect(findings.join()).toMatch(message);
  });

  test("a text that would step out of its brackets does not read", async () => {
    const { page } = await open();
    const out = "export default 1;\n})()); globalThis.out = 1; (() => (() => {";
    expect((await check(page, out)).findings.join()).toContain("SyntaxError");
  });

  test("in training too: it is locked in, and a step without an end is ended", { timeout: 120_000 }, async () => {
    const { page } = await open();
    const late = `let steps = 0;
export default () => ({
  observationSpace: discrete(2), actionSpace: discrete(2),
  reset: () => ({ observation: 0 }),
  step() {
    if (++steps > 3000) throw new Error("reached: " + [typeof fetch, typeof postMessage, typeof indexedDB]);
    return { observation: 1, reward: 0, terminated: steps % 9 === 0, truncated: false };
  },
});`;
    const { summary } = await check(page, late.replaceAll("steps % 9 === 0", "true"));
    expect(summary).toMatch(/^No errors/);
    await page.getByRole("button", { name: "Train with PPO" }).click();
    await page.waitForSelector(".own-run[data-state=failed]", { timeout: 60_000 });
    const said = await page.locator(".own-run .message").innerText();
    expect(said).toContain("reached: undefined,undefined,undefined");
    expect(said).toContain("line 6");
  });
});

test("Tab indents; after Escape it moves on", async () => {
  const { page } = await open();
  const area = page.locator(".editor-text");
  await area.fill("a");
  await area.press("End");
  await area.press("Tab");
  expect(await area.inputValue()).toBe("a  ");
  await area.press("Escape");
  await area.press("Tab");
  expect(await area.inputValue()).toBe("a  ");
  expect(await page.evaluate(() => document.activeElement?.className)).not.toContain("editor-text");
});

test.each([
  ["light", 1280],
  ["dark", 390],
] as const)("axe finds nothing, %s, %i pixels wide without sideways scrolling", async (theme, width) => {
  const { page, shot } = await open({ theme, width, reducedMotion: true });
  await check(page, examples[0].source);
  const { violations } = await new AxeBuilder({ page }).include("[data-own]").analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.locator("#own-environment").scrollIntoViewIfNeeded();
  await shot(`own-page-${theme}`);
});
