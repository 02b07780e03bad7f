/** The package's entry points: all exist, and none but "./node" brings Node code into a browser's bundle. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "vite";
import { describe, expect, test } from "vitest";
import { kernelBytes } from "../src/tensor/kernels/embeddedWhole.ts";

interface Manifest {
  exports: Record<string, string | { default: string }>;
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const entries = Object.entries(manifest.exports).flatMap(([name, target]) =>
  typeof target === "string" || !target.default.endsWith(".js")
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
      // What users install beside this package brings its own.
      build: {
        write: false,
        lib: { entry: source, formats: ["es"] },
        rollupOptions: { external: ["@mujoco/mujoco", "planck"] },
      },
    });
    expect(outside).toEqual([]);
    const [{ output }] = built as { output: { code: string }[] }[];
    expect(output[0].code.length).toBeGreaterThan(100);
  });
});

test.each(["simd", "fma"] as const)(
  "./kernels/%s.wasm is the build that the library carries as text",
  async (build) => {
    const name = `./kernels/${build}.wasm`;
    expect(manifest.exports[name]).toEqual({
      types: `./dist/kernels/${build}.wasm.d.ts`,
      default: `./dist/kernels/${build}.wasm`,
    });
    const folder = mkdtempSync(join(tmpdir(), "ascent-kernels-"));
    const { shipKernels } = (await import(pathToFileURL("scripts/kernels/ship.mjs").href)) as {
      shipKernels(from: string, to: string): void;
    };
    shipKernels("src/tensor/kernels/generated", folder);
    const shipped = readFileSync(join(folder, `${build}.wasm`));
    expect(existsSync(join(folder, `${build}.wasm.d.ts`))).toBe(true);
    rmSync(folder, { recursive: true });
    expect(shipped.equals(await kernelBytes(build))).toBe(true);
  },
);
