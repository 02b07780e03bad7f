/**
 * The lab's page as a static folder, built when something has changed since.
 *
 *   npm run lab:build -- [--out FOLDER] [--json]     --json prints one line: {"folder","firstLoadGzip","files"}
 *   npm run lab:dev                                  serves the sources, and what is edited is seen at once
 */
import { cpSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { filesOf, firstLoad } from "./lab/measure.mjs";
import { fail } from "./setup/report.mjs";
import { root, setUp } from "./setup.mjs";

const options = { out: { type: "string" }, json: { type: "boolean" }, dev: { type: "boolean" } };

function given() {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return fail(`${error.message}; lab knows ${Object.keys(options).join(", ")}.`);
  }
}

const { out, json, dev } = given();
if (dev) {
  setUp({ through: "kernels" });
  const { createServer } = await import("vite");
  const server = await createServer({ configFile: join(root, "lab/vite.config.ts") });
  await server.listen();
  server.printUrls();
} else {
  setUp({ through: "lab" });
  let folder = join(root, "dist/lab");
  if (out !== undefined) {
    cpSync(folder, resolve(out), { recursive: true });
    folder = resolve(out);
  }
  const files = filesOf(folder);
  const { gzip } = firstLoad(folder);
  if (json) process.stdout.write(`${JSON.stringify({ folder, firstLoadGzip: gzip, files: files.length })}\n`);
  else {
    const bytes = files.reduce((sum, path) => sum + statSync(join(folder, path)).size, 0);
    const kB = (size) => `${(size / 1000).toFixed(1)} kB`;
    process.stdout.write(`${folder}: ${files.length} files, ${kB(bytes)}; the first load is ${kB(gzip)} as gzip\n`);
  }
}
