/** Where the programs of threads lie: compiled, which is what runs from the sources too. */
import { fileURLToPath } from "node:url";

export function program(name: "watcher" | "workerProgram"): string {
  const here = new URL(`./${name}.js`, import.meta.url);
  const url = import.meta.url.endsWith(".ts") ? here.href.replace("/src/node/workers/", "/dist/node/workers/") : here;
  return fileURLToPath(url);
}
