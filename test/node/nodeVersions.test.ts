/** Which versions of Node the set-up takes and which it refuses by name. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../..", import.meta.url);
const script: string = new URL("scripts/setup/node-version.mjs", root).href;
const { isNodeFit } = (await import(script)) as { isNodeFit: (version: string) => boolean };

test.each([
  ...["20.19.0", "20.20.2", "22.12.0", "22.30.1", "24.0.0", "26.1.0"].map((version) => [version, true] as const),
  ...["18.20.0", "20.0.0", "20.18.3", "21.7.0", "22.11.0", "23.11.0"].map((version) => [version, false] as const),
])("Node %s: %s", (version, fits) => {
  expect(isNodeFit(version)).toBe(fits);
});

test("that is what the tools themselves ask for", () => {
  const { packages } = JSON.parse(readFileSync(new URL("package-lock.json", root), "utf8"));
  const asked = (name: string) => packages[`node_modules/${name}`].engines.node;
  expect(asked("rolldown")).toBe("^20.19.0 || >=22.12.0");
  expect(asked("vite")).toBe("^20.19.0 || >=22.12.0");
  expect(asked("vitest")).toBe("^20.0.0 || ^22.0.0 || >=24.0.0");
});
