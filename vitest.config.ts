import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** What a file does to things that others share: mocks, spies, registrations, the process. */
const CHANGES_WHAT_IS_SHARED = /\bvi\.|register|process\.|globalThis|performance/;

/**
 * The fast suite, in Node: what `npm test` runs. Files of computation alone share a process with others, which spares them
 * loading the library once each; whatever mocks, registers, measures or starts processes has one of its own.
 */
const all = readdirSync("test", { recursive: true }).map((file) => `test/${String(file).replaceAll("\\", "/")}`);
const fast = all.filter((file) => file.endsWith(".test.ts") && !/^test\/(long|browser|queue|lab\/page)\//.test(file));
const needsItsOwn = (file: string) =>
  /^test\/(cli|node|hosts|types|training)\/|\.node\.test\.ts$/.test(file) ||
  CHANGES_WHAT_IS_SHARED.test(readFileSync(file, "utf8"));

/** The package's own entries, as the lab imports them, are the sources. */
const source = fileURLToPath(new URL("src", import.meta.url));
export const alias = [
  { find: /^ascent-rl$/, replacement: `${source}/index.ts` },
  { find: /^ascent-rl\/(.+)$/, replacement: `${source}/$1/index.ts` },
];

export default defineConfig({
  resolve: { alias },
  test: {
    pool: "forks",
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: "own process", include: fast.filter(needsItsOwn) } },
      { extends: true, test: { name: "shared", isolate: false, include: fast.filter((file) => !needsItsOwn(file)) } },
    ],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
