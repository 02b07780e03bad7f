import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

const engine = ["tensor", "math", "random", "nn", "distributions", "estimators", "language"];

/**
 * The engine's suites and test/browser in headless Chromium. The browser is the system's own, never downloaded: CHROMIUM_PATH
 * names it where it is not Debian's. Tests that need Node's modules are named *.node.test.ts and stay out.
 */
export default defineConfig({
  // As tsconfig.json has it, for examples.
  resolve: { alias: { "ascent-rl": new URL("src/index.ts", import.meta.url).pathname } },
  optimizeDeps: {
    // It finds its .wasm beside itself.
    exclude: ["@mujoco/mujoco"],
    include: ["@huggingface/jinja", "@huggingface/tokenizers", "fast-check", "hyparquet/src/index.js", "zod"],
  },
  test: {
    include: [...engine.map((folder) => `test/${folder}/**/*.test.ts`), "test/browser/**/*.test.ts"],
    exclude: ["**/*.node.test.ts"],
    globalSetup: ["test/browser/nodeReference.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
          args: [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
          ],
        },
      }),
      instances: [{ browser: "chromium" }],
    },
  },
});
