/**
 * What a page loads in order to act: of a program that only calls `loadPolicyFromBytes`, every chunk but the kernels in plain
 * JavaScript, which are loaded where there is no WebAssembly; each gzipped as a server would. A bundle of one file holds those
 * too.
 */

import { gzipSync } from "node:zlib";
import { build as esbuild } from "esbuild";
import { type Plugin, build as vite } from "vite";
import { expect, test } from "vitest";
import { acting, bundled, root } from "./support.ts";

const LIMIT = 45_000;
const LIMIT_OF_ONE_FILE = 52_000;
const gzipped = (text: string) => gzipSync(text, { level: 9 }).length;
const isFallback = (path: string) => path.includes("kernels/javascript/");

const entries = ["index.ts", "policies/index.ts"];

interface Chunk {
  code: string;
  modules: string[];
}

function expectLight(chunks: readonly Chunk[]): void {
  const loaded = chunks.filter(({ modules }) => !modules.some(isFallback));
  expect(loaded.length).toBeGreaterThan(1);
  expect(loaded.length).toBeLessThan(chunks.length);
  expect(loaded.flatMap(({ modules }) => modules).join()).toContain("policies/policy.ts");
  expect(loaded.reduce((sum, { code }) => sum + gzipped(code), 0)).toBeLessThan(LIMIT);
}

test.each(entries)("esbuild: %s", async (entry) => {
  const stdin = { contents: acting(entry), resolveDir: root, loader: "ts" as const };
  const output = { splitting: true, format: "esm", outdir: "out", write: false, metafile: true } as const;
  const { outputFiles, metafile } = await esbuild({
    ...output,
    stdin,
    bundle: true,
    minify: true,
    target: "es2022",
    tsconfigRaw: "{}",
  });
  const inputs = Object.values(metafile.outputs).map((one) => Object.keys(one.inputs));
  expectLight(outputFiles.map(({ text }, i) => ({ code: text, modules: inputs[i] })));
});

test.each(entries)("esbuild, in one file: %s", async (entry) => {
  expect(gzipped(await bundled(acting(entry)))).toBeLessThan(LIMIT_OF_ONE_FILE);
});

test.each(entries)("Vite: %s", async (entry) => {
  const page = "virtual:page";
  const source: Plugin = {
    name: "page",
    resolveId: (id) => (id === page ? id : null),
    load: (id) => (id === page ? acting(entry) : null),
  };
  const built = await vite({
    root,
    configFile: false,
    logLevel: "error",
    plugins: [source],
    build: { write: false, target: "es2022", rollupOptions: { input: page } },
  });
  const { output } = built as { output: { code: string; moduleIds: string[] }[] };
  expectLight(output.map(({ code, moduleIds }) => ({ code, modules: moduleIds })));
});
