/** The package's entry points: all exist, and none but "./node" brings Node code into a browser's bundle. */

import { existsSync, readFileSync } from "node:fs";
import { build, type Plugin } from "esbuild";
import { describe, expect, test } from "vitest";

interface Manifest {
  exports: Record<string, string | { default: string }>;
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const entries = Object.entries(manifest.exports).flatMap(([name, target]) =>
  typeof target === "string"
    ? []
    : [[name, target.default.replace("./dist/", "src/").replace(/\.js$/, ".ts")] as const],
);

describe.each(entries)("%s", (name, source) => {
  test("exists", () => {
    expect(existsSync(source)).toBe(true);
  });

  test.runIf(name !== "./node")("holds no Node module", async () => {
    const outside: string[] = [];
    const watch: Plugin = {
      name: "node-modules",
      setup: ({ onResolve }) =>
        onResolve({ filter: /^node:/ }, ({ path }) => {
          outside.push(path);
          return { path, external: true };
        }),
    };
    const { outputFiles } = await build({
      entryPoints: [source],
      platform: "browser",
      format: "esm",
      bundle: true,
      write: false,
      plugins: [watch],
    });
    expect(outside).toEqual([]);
    expect(outputFiles[0].text.length).toBeGreaterThan(100);
  });
});
