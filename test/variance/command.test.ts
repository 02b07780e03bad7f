/** `ascent variance` as a user calls it, and the example beside the theory's penalty. */

import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { VarianceFindings } from "../../src/variance/study.ts";
import { ascentHere } from "../cli/support.ts";

const folder = mkdtempSync(join(tmpdir(), "ascent-variance-"));

describe("ascent variance", () => {
  test("an exact world: the table, the picture and the findings", async () => {
    const { code, stdout, stderr } = await ascentHere(folder, "variance", "--env", "chain", "--batches", "40");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.split("\n");
    expect(lines[2]).toMatch(/^estimator +bias +tr Cov +SNR +cosine +µs\/trajectory$/);
    expect(lines.slice(3, 10).map((line) => line.split(" ")[0])).toEqual([
      "total",
      "total+mean",
      "total+optimal",
      "toGo",
      "toGo+mean",
      "toGo+value",
      "gae",
    ]);
    const out = join(folder, "runs/variance-chain-0");
    const svg = readFileSync(join(out, "variance.svg"), "utf8");
    expect(svg).toMatch(/^<svg/);
    for (const name of ["toGo+value", "total+optimal", "trajectories"]) expect(svg).toContain(name);
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(JSON.parse(readFileSync(join(out, "variance.json"), "utf8"))).toMatchObject({
      source: "chain",
      batches: 40,
    });
  });

  test("--lambda: a sweep of GAE, bias beside variance and both together", async () => {
    const args = ["variance", "--env", "grid", "--lambda", "1,0.9,0", "--batches", "64", "--out", "sweep"];
    const { code, stdout } = await ascentHere(folder, ...args);
    expect(code).toBe(0);
    expect(stdout.match(/^gae:\S+/gm)).toEqual(["gae:1", "gae:0.9", "gae:0"]);
    const findings: VarianceFindings = JSON.parse(readFileSync(join(folder, "sweep/variance.json"), "utf8"));
    const [full, , none] = findings.estimators;
    expect(full.bias!.low).toBe(0);
    expect(none.bias!.low).toBeGreaterThan(0.1);
    expect(none.traceOfCovariance.high).toBeLessThan(full.traceOfCovariance.low / 5);
    // signal-to-noise = ‖E ĝ‖² / tr Cov, of an estimator without bias.
    const { signalToNoise, traceOfCovariance } = full;
    const square = findings.gradientNorm! ** 2;
    expect(square).toBeGreaterThan(signalToNoise.low * traceOfCovariance.low);
    expect(square).toBeLessThan(signalToNoise.high * traceOfCovariance.high);
    const svg = readFileSync(join(folder, "sweep/variance.svg"), "utf8");
    for (const title of ["Bias", "Variance", "The error of both together"]) expect(svg).toContain(`>${title}<`);
    expect(svg).not.toContain("rotate");
  });

  test("an environment with --json: no bias where it cannot be known", async () => {
    const options = ["--batches", "8", "--trajectories", "4", "--train-steps", "0", "--estimators", "toGo,gae:0.9"];
    const { code, stdout } = await ascentHere(
      folder,
      ...["variance", "--env", "CartPole-v1", "--json", "--out", "here", ...options],
    );
    expect(code).toBe(0);
    const findings = JSON.parse(stdout);
    expect(findings).toMatchObject({ exact: false, trajectories: 4, policy: expect.stringContaining("untrained") });
    expect(findings.estimators.map((row: { estimator: string }) => row.estimator)).toEqual(["toGo", "gae:0.9"]);
    expect(findings.estimators[0]).not.toHaveProperty("bias");
    expect(existsSync(join(folder, "here/variance.svg"))).toBe(true);
  });

  test("--off-policy: closed form beside the measured variance", async () => {
    const { stdout } = await ascentHere(
      folder,
      ...["variance", "--env", "random-mdp:3", "--off-policy", "--json", "--batches", "100"],
    );
    const rows: { steps: number; exact: number }[] = JSON.parse(stdout);
    expect(rows.map(({ steps }) => steps)).toEqual([1, 2, 4, 8, 16, 32, 64]);
    for (let i = 1; i < rows.length; i++) expect(rows[i].exact).toBeGreaterThan(1.5 * rows[i - 1].exact);
  });

  test("an earlier measurement is not overwritten", async () => {
    const file = join(folder, "runs/variance-chain-0/variance.json");
    const before = readFileSync(file, "utf8");
    const again = await ascentHere(folder, "variance", "--env", "chain", "--batches", "20");
    expect(again).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/already holds a measurement.*--out/),
    });
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test.each([
    [["--env", "grid", "--off-policy", "--gamma", "0.5"], 1, /--gamma has no meaning with --off-policy/],
    [["--env", "grid", "--off-policy", "--train-steps", "0"], 1, /--train-steps has no meaning with --off-policy/],
    [[], 1, /needs something to measure on.*--env ID.*chain/],
    [["--env", "nowhere"], 1, /no environment named "nowhere"/],
    [["--env", "grid", "--gamma", "0.9"], 1, /has its own policy and discount.*--gamma/],
    [["--env", "CartPole-v1", "--off-policy"], 1, /only exact worlds have/],
    [["--env", "grid", "--estimators", "toGo+men"], 1, /Did you mean "toGo\+mean"/],
    [["--env", "grid", "--lambda", "0.9,1.1"], 2, /from 0 to 1/],
    [["--env", "grid", "--off-policy", "--lambda", "1"], 1, /--lambda has no meaning with --off-policy/],
    [["--env", "grid", "--batches", "3"], 2, /whole number of 4 or more/],
    [["--env", "grid", "--discounting", "none"], 2, /exact or standard/],
    [["--policy", "nothing-here"], 1, /read the policy/],
  ])("%j is refused with a way out", async (args, code, message) => {
    const refused = await ascentHere(folder, "variance", ...args);
    expect(refused.code).toBe(code);
    expect(refused.stderr).toMatch(message);
  });
});
