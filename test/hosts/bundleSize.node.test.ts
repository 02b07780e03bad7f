/**
 * What a page loads in order to act, in whatever chunks: all that the bundler writes for a program that only calls
 * `loadPolicyFromBytes`, each file gzipped as a server would.
 */

import { gzipSync } from "node:zlib";
import { build, type Plugin } from "vite";
import { expect, test } from "vitest";
import { acting, bundled, root } from "./support.ts";

const LIMIT = 45_000;
const gzipped = (text: string) => gzipSync(text, { level: 9 }).length;

const entries = ["index.ts", "policies/index.ts"];

test.each(entries)("esbuild, in one file: %s", async (entry) => {
  expect(gzipped(await bundled(acting(entry)))).toBeLessThan(LIMIT);
});

test.each(entries)("Vite: %s", async (entry) => {
  const page = "virtual:page";
  const source: Plugin = {
    name: "page",
    resolveId: (id) => (id === page ? id : null),
    load: (id) => (id === page ? acting(entry) : null),
  };
  const built = await build({
    root,
    configFile: false,
    logLevel: "error",
    plugins: [source],
    build: { write: false, target: "es2022", modulePreload: false, rollupOptions: { input: page } },
  });
  const { output } = built as { output: { fileName: string; code?: string }[] };
  const total = output.reduce((sum, { code = "" }) => sum + gzipped(code), 0);
  expect(output.length).toBeGreaterThan(1);
  expect(total).toBeLessThan(LIMIT);
});
