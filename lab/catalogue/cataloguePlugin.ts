/** The catalogue as the virtual module "virtual:catalogue", made once a build from the library's sources. Node only. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type AliasOptions, type Plugin, runnerImport } from "vite";
import type * as Describe from "./describe.ts";

const ID = "virtual:catalogue";
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** @param alias where the library's entries lie, as in the build's own settings. */
export function cataloguePlugin(alias: AliasOptions): Plugin {
  return {
    name: "lab-catalogue",
    resolveId: (id) => (id === ID ? `\0${ID}` : null),
    async load(id) {
      if (id !== `\0${ID}`) return null;
      const { module } = await runnerImport<typeof Describe>(here("./describe.ts"), {
        configFile: false,
        logLevel: "error",
        resolve: { alias },
      });
      const { version } = JSON.parse(readFileSync(here("../../package.json"), "utf8"));
      const catalogue = module.describeCatalogue({
        release: version,
        metrics: readFileSync(here("../../docs/metrics.md"), "utf8"),
      });
      // As text that is parsed: engines read JSON faster than an object of the same size.
      return `export const catalogue = JSON.parse(${JSON.stringify(JSON.stringify(catalogue))});`;
    },
  };
}
