/** The examples run, do what they say, and are what the README shows; the documents know every option. */
import * as fs from "node:fs";
import { expect, test, vi } from "vitest";

const read = (path: string) => fs.readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("the example of one's own environment learns to walk to the goal, in at most 25 lines", async () => {
  const source = read("examples/ownEnvironment.ts");
  expect(source.trimEnd().split("\n").length).toBeLessThanOrEqual(25);
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const { metrics, policy } = await import("../../examples/ownEnvironment.ts");
  expect(log.mock.calls).toEqual([[expect.stringMatching(/^return 0\.\d\d; at 0\.2 it takes action 1$/)]]);
  log.mockRestore();
  // The shortest walk from 0 is 10 steps: a reward of 1 after 9 times −0.01.
  expect(metrics["episodeReturn"]).toBeGreaterThan(0.85);
  expect([-0.8, -0.3, 0, 0.5].map((position) => policy.act([position]))).toEqual([1, 1, 1, 1]);
});

test("the README shows the example word for word", () => {
  expect(read("README.md")).toContain(`\`\`\`ts\n${read("examples/ownEnvironment.ts")}\`\`\``);
});

test("the example of one's own preferences answers as preferred what it was never asked, in at most 25 lines", async () => {
  const source = read("examples/ownPreferences.ts");
  expect(source.trimEnd().split("\n").length).toBeLessThanOrEqual(25);
  expect(read("docs/language-models.md")).toContain(`\`\`\`ts\n${source}\`\`\``);
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const { metrics } = await import("../../examples/ownPreferences.ts");
  expect(log.mock.calls).toEqual([["wine? yes please"]]);
  log.mockRestore();
  expect(metrics["rewards/accuracies"]).toBe(1);
}, 30_000);

test("the example of one's own model learns to keep the weight on the beam, in at most 25 lines", async () => {
  const source = read("examples/ownModel.ts");
  expect(source.trimEnd().split("\n").length).toBeLessThanOrEqual(25);
  expect(read("docs/worlds.md")).toContain(`\`\`\`ts\n${source}\`\`\``);
  const { metrics, policy } = await import("../../examples/ownModel.ts");
  // Untrained it is 56.
  expect(metrics["episodeReturn"]).toBeGreaterThan(75);
  // A beam that leans down to the right is tilted back.
  const tilt = (angle: number) => (policy.act([angle, 0, 0, 0]) as Float32Array)[0];
  expect(tilt(0.2)).toBeLessThan(tilt(-0.2));
}, 30_000);

test("the guide shows the worker and its page word for word", () => {
  for (const name of ["worker", "page"]) {
    expect(read("docs/guide.md")).toContain(`\`\`\`ts\n${read(`examples/webWorker/${name}.ts`)}\`\`\``);
  }
});

test("docs/cli.md explains every option of every command", async () => {
  const { buildProgram } = await import("../../src/cli/program.ts");
  const text = read("docs/cli.md");
  const { commands } = await buildProgram([]);
  expect(commands.length).toBeGreaterThan(4);
  for (const command of commands) {
    expect(text).toContain(`ascent ${command.name()}`);
    for (const { long } of command.options) expect(text, `${command.name()} ${long}`).toContain(`\`${long}`);
  }
});
