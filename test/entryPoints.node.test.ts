/** The package's entry points: all exist, and none but "./node" brings Node code into a browser's bundle. */

import { existsSync, readFileSync } from "node:fs";
import { build, type Plugin } from "vite";
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
      enforce: "pre",
      resolveId(id) {
        if (!id.startsWith("node:")) return null;
        outside.push(id);
        return { id, external: true };
      },
    };
    const built = await build({
      configFile: false,
      logLevel: "error",
      plugins: [watch],
      build: { write: false, lib: { entry: source, formats: ["es"] } },
    });
    expect(outside).toEqual([]);
    const [{ output }] = built as { output: { code: string }[] }[];
    expect(output[0].code.length).toBeGreaterThan(100);
  });
});
