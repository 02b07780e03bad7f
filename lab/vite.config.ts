import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { mathsPlugin } from "./build/mathsPlugin.ts";
import { cataloguePlugin } from "./catalogue/cataloguePlugin.ts";

const root = fileURLToPath(new URL(".", import.meta.url));
const source = fileURLToPath(new URL("../src", import.meta.url));

const alias = [
  { find: /^ascent-rl$/, replacement: `${source}/index.ts` },
  { find: /^ascent-rl\/(.+)$/, replacement: `${source}/$1/index.ts` },
];
const plugins = () => [mathsPlugin(), cataloguePlugin(alias)];

/** Files of chapters and studies are named by their chapter, so that one sees what is loaded when. */
function chunkName({ facadeModuleId }: { facadeModuleId?: string | null }): string {
  const [, chapter, study] =
    /\/chapters\/([^/]+)\/(?:studies\/([^/]+)\.ts|Chapter\.tsx)$/.exec(facadeModuleId ?? "") ?? [];
  if (!chapter) return "assets/[name]-[hash].js";
  return study ? `studies/${chapter}-${study}-[hash].js` : `chapters/${chapter}-[hash].js`;
}

/**
 * The lab as a static folder: addresses are relative, so that it can lie under any path of any host. The package's public
 * entries are the sources, as in tsconfig.json.
 */
export default defineConfig({
  root,
  base: "./",
  resolve: { alias },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: plugins(),
  worker: {
    format: "es",
    plugins,
    rollupOptions: { output: { entryFileNames: "workers/[name]-[hash].js", chunkFileNames: chunkName } },
  },
  build: {
    outDir: fileURLToPath(new URL("../dist/lab", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    sourcemap: false,
    modulePreload: { polyfill: false },
    // Nothing as data: addresses, which a strict policy of a host may refuse.
    assetsInlineLimit: 0,
    rollupOptions: {
      input: [`${root}index.html`, `${root}play.html`],
      output: { chunkFileNames: chunkName },
      checks: { pluginTimings: false },
    },
  },
});
