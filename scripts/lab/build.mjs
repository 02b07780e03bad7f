/** Builds the lab into a static folder: dist/lab, or the one named. What it prints goes to stderr. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));

await build({
  configFile: resolve(root, "lab/vite.config.ts"),
  logLevel: "warn",
  build: { outDir: resolve(process.argv[2] ?? resolve(root, "dist/lab")) },
});
