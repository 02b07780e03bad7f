/** Builds the page of runs, serves it under the policy that the lab has to hold, and opens it in the system's Chromium. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { build, mergeConfig } from "vite";
import labConfig from "../../../../lab/vite.config.ts";

const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:";
const TYPES: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

export interface RunsPage {
  /** @param before script of the page's, before any other. */
  open(before?: string): Promise<Page>;
  close(): Promise<void>;
}

export async function runsPage(): Promise<RunsPage> {
  const folder = mkdtempSync(join(tmpdir(), "ascent-runs-page-"));
  const root = new URL("../runs/", import.meta.url).pathname;
  const { build: _, ...config } = labConfig as Record<string, unknown>;
  await build(
    mergeConfig(config, {
      configFile: false,
      root,
      logLevel: "error",
      build: {
        outDir: folder,
        emptyOutDir: true,
        target: "es2022",
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
      },
    }),
  );
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname.replace(/^\/lab/, "");
    try {
      const body = readFileSync(join(folder, path === "/" ? "index.html" : path));
      response.setHeader(
        "content-type",
        TYPES[extname(path)] ?? (path === "/" ? "text/html" : "application/octet-stream"),
      );
      response.setHeader("content-security-policy", POLICY);
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/lab/`;
  const browser: Browser = await chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
  return {
    async open(before) {
      const context = await browser.newContext();
      const page = await context.newPage();
      if (before !== undefined) await page.addInitScript(before);
      await page.goto(address);
      await page.waitForFunction(() => "runs" in globalThis);
      return page;
    },
    async close() {
      await browser.close();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
