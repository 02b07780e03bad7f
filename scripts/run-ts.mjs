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

const sourceUrls = {
  name: "source-urls",
  transform(code, id) {
    if (!code.includes("import.meta.url")) return null;
    return { code: code.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id).href)), map: null };
  },
};

/** This package's own entries, as examples import them: the sources in place of dist/. */
function packageEntries() {
  const { exports } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const entries = Object.entries(exports).filter(([, target]) => target.default !== undefined);
  const source = (target) => target.default.replace(/^\.\/dist/, "../src").replace(/\.js$/, ".ts");
  return Object.fromEntries(
    entries
      .reverse()
      .map(([name, target]) => [
        name.replace(/^\./, "ascent-rl"),
        fileURLToPath(new URL(source(target), import.meta.url)),
      ]),
  );
}

/** Bundles the file and imports it with process.argv as if Node had been given the file itself. */
export async function runTypeScript(file, args = []) {
  const source = resolve(file);
  if (!existsSync(source)) {
    process.stderr.write(`run-ts: ${file} does not exist.\n`);
    process.exitCode = 1;
    return;
  }
  const { rolldown } = await import("rolldown");
  const bundle = await rolldown({
    input: source,
    platform: "node",
    resolve: { alias: packageEntries() },
    external: (id) =>
      !id.startsWith("ascent-rl") && /^[^./]/.test(id) && !/^[A-Za-z]:[\\/]/.test(id) && !id.startsWith("\0"),
    plugins: [sourceUrls],
  });
  // Named by the source's path and this process, so that runs at the same time do not write over each other.
  const folder = join(cache, `${createHash("sha256").update(source).digest("hex").slice(0, 12)}-${process.pid}`);
  const { output } = await bundle.write({
    dir: folder,
    format: "esm",
    sourcemap: true,
    entryFileNames: `${basename(source, ".ts")}.mjs`,
    chunkFileNames: "[name]-[hash].mjs",
  });
  await bundle.close();
  const { rmSync } = await import("node:fs");
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.setSourceMapsEnabled(true);
  process.argv = [process.execPath, source, ...args];
  await import(pathToFileURL(join(folder, output[0].fileName)).href);
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
