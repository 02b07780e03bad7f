/**
 * Runs a TypeScript file of this tree on any supported Node: bundles it with what it imports from the tree (packages stay
 * outside) into node_modules/.cache and imports the result, with source maps on. `import.meta.url` keeps naming the source file.
 *
 *   node scripts/run-ts.mjs FILE.ts [arguments]
 *
 * Called so, it sets up packages and kernels first; who imports it has done so.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { setUp } from "./setup.mjs";

const cache = fileURLToPath(new URL("../node_modules/.cache/run-ts", import.meta.url));

/** Bundled code lies elsewhere: `import.meta.url` is replaced by the source's. */
const sourceUrls = {
  name: "source-urls",
  enforce: "pre",
  transform(code, id) {
    if (!code.includes("import.meta.url")) return null;
    return { code: code.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id).href)), map: null };
  },
};

/** This package's own entries, as examples import them, are the sources in place of dist/. */
const ownEntries = {
  name: "own-entries",
  enforce: "pre",
  resolveId(id) {
    if (!/^ascent-rl(\/|$)/.test(id)) return null;
    const { exports } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    const source = exports[id.replace("ascent-rl", ".")].default.replace(/^\.\/dist/, "../src").replace(/\.js$/, ".ts");
    return fileURLToPath(new URL(source, import.meta.url));
  },
};

/** Bundles the file and imports it with process.argv as if Node had been given the file itself. */
export async function runTypeScript(file, args = []) {
  const source = resolve(file);
  if (!existsSync(source)) {
    process.stderr.write(`run-ts: ${file} does not exist.\n`);
    process.exitCode = 1;
    return;
  }
  const { build } = await import("vite");
  // Named by the source's path and this process, so that runs at the same time do not write over each other.
  const folder = join(cache, `${createHash("sha256").update(source).digest("hex").slice(0, 12)}-${process.pid}`);
  await build({
    configFile: false,
    logLevel: "error",
    ssr: { external: true, noExternal: /^ascent-rl/ },
    build: {
      ssr: source,
      outDir: folder,
      target: "node20",
      minify: false,
      sourcemap: true,
      rollupOptions: { output: { entryFileNames: "[name].mjs", chunkFileNames: "[name]-[hash].mjs" } },
    },
    plugins: [ownEntries, sourceUrls],
  });
  const { rmSync } = await import("node:fs");
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.setSourceMapsEnabled(true);
  process.argv = [process.execPath, source, ...args];
  await import(pathToFileURL(join(folder, `${basename(source, ".ts")}.mjs`)).href);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [file, ...args] = process.argv.slice(2);
  if (file) {
    setUp({ through: "kernels" });
    await runTypeScript(file, args);
  } else {
    process.stderr.write("usage: node scripts/run-ts.mjs FILE.ts [arguments]\n");
    process.exitCode = 2;
  }
}
