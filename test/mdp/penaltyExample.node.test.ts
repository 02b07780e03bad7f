import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("the example prints, for each γ, the penalty's step beside a far longer trust-region step", () => {
  const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
  const args = [path("scripts/run-ts.mjs"), path("examples/penaltyVersusTrustRegion.ts")];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const rows = stdout.trim().split("\n").slice(1);
  expect(rows).toHaveLength(3);
  for (const row of rows) {
    const [penalty, region] = [...row.matchAll(/‖Δθ‖ (\S+),/g)].map(([, length]) => Number(length));
    expect(penalty).toBeGreaterThan(0);
    expect(region).toBeGreaterThan(50 * penalty);
  }
});
