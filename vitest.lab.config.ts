import { defineConfig } from "vitest/config";
import { alias } from "./vitest.config.ts";

/**
 * The lab's built page in headless Chromium, one file at a time: times are measured in some. The browser is the system's own;
 * CHROMIUM_PATH names it where it is not Debian's.
 */
export default defineConfig({
  resolve: { alias },
  test: {
    include: ["test/lab/page/**/*.page.test.ts"],
    globalSetup: ["test/lab/page/support/serveLab.ts"],
    pool: "forks",
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
