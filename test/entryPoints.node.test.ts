/** The package's entry points: all exist, and none but "./node" brings Node code into a browser's bundle. */

import { existsSync, readFileSync } from "node:fs";
import { rolldown } from "rolldown";
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
    const bundle = await rolldown({
      input: source,
      platform: "browser",
      external: (id) => {
        if (!id.startsWith("node:")) return false;
        outside.push(id);
        return true;
      },
    });
    const { output } = await bundle.generate({ format: "esm" });
    await bundle.close();
    expect(outside).toEqual([]);
    expect(output[0].code.length).toBeGreaterThan(100);
  });
});
