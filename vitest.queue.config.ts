import { defineConfig } from "vitest/config";

/** Sweeps over a queue, with a real Redis server (REDIS_SERVER names it where it is not on the PATH) that the tests start and stop. */
export default defineConfig({
  test: {
    include: ["test/queue/**/*.queue.test.ts"],
    testTimeout: 240_000,
    hookTimeout: 60_000,
    // Each file starts processes of its own, and measures nothing.
    fileParallelism: false,
  },
});
