/**
 * What a page loads in order to act: of a program that only calls `loadPolicyFromBytes`, every chunk that its code leads to but
 * the kernels in plain JavaScript, which are loaded where there is no WebAssembly; each gzipped as a server would. A bundle of one
 * file holds those too. The kernels that only learn are none of them.
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
  path: string;
  code: string;
  modules: string[];
  /** Paths of the chunks that its code imports, at once or later. */
  imports: string[];
}

/** The chunks that the one with the page's own code leads to, itself among them. */
function reachable(chunks: readonly Chunk[]): Chunk[] {
  const found = chunks.filter(({ modules }) => modules.some((path) => path.includes("policies/policy.ts")));
  for (const { imports } of found)
    for (const path of imports) {
      const next = chunks.find((chunk) => chunk.path === path)!;
      if (!found.includes(next)) found.push(next);
    }
  return found;
}

function expectLight(chunks: readonly Chunk[]): void {
  const all = reachable(chunks);
  const loaded = all.filter(({ modules }) => !modules.some(isFallback));
  const modules = loaded.flatMap((chunk) => chunk.modules).join();
  expect(loaded.length).toBeLessThan(all.length);
  expect(modules).toContain("policies/policy.ts");
  expect(modules).toContain("kernels/generated/acting.ts");
  expect(modules).not.toContain("kernels/generated/simd.ts");
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
  const chunks = Object.entries(metafile.outputs).map(([path, { inputs, imports }], i) => ({
    path,
    code: outputFiles[i].text,
    modules: Object.keys(inputs),
    imports: imports.map((one) => one.path),
  }));
  expectLight(chunks);
});

test.each(entries)("esbuild, in one file: %s", async (entry) => {
  expect(gzipped(await bundled(acting(entry)))).toBeLessThan(LIMIT_OF_ONE_FILE);
});

interface BuiltChunk {
  fileName: string;
  code: string;
  moduleIds: string[];
  imports: string[];
  dynamicImports: string[];
}

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
  const { output } = built as { output: BuiltChunk[] };
  const chunks = output.map(({ fileName, code, moduleIds, imports, dynamicImports }) => ({
    path: fileName,
    code,
    modules: moduleIds,
    imports: [...imports, ...dynamicImports],
  }));
  expectLight(chunks);
});
