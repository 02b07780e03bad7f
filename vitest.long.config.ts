import { defineConfig } from "vitest/config";
import { alias } from "./vitest.config.ts";

/** Whole trainings and other tests of minutes, in Node, one file at a time so that they do not slow each other down. */
export default defineConfig({
  resolve: { alias },
  test: {
    include: ["test/long/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 30 * 60_000,
    hookTimeout: 10 * 60_000,
  },
});
