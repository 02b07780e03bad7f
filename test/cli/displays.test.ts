/** What the displays say on made-up runs: never beyond a run's end, units without the word of what makes them, nothing when quiet. */
import * as fs from "node:fs";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { CompareDisplay } from "../../src/cli/compareDisplay.ts";
import type { ComparisonPlan, PlannedRun } from "../../src/node/compare/plan.ts";
import { ascentHere, temporaryFolder } from "./support.ts";

const folder = temporaryFolder();
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

const plan: ComparisonPlan = {
  version: "0",
  variants: [{ name: "ours", algorithm: "ppo", options: {}, unset: [] }],
  environments: [{ id: "CartPole-v1", steps: 1000 }],
  seeds: [0, 1, 3],
  evaluationEpisodes: 1,
  kernels: "auto",
  imports: [],
};
const runs: PlannedRun[] = plan.seeds.map((seed) => ({
  variant: plan.variants[0],
  environment: plan.environments[0],
  seed,
  folder: `ours-${seed}`,
}));

test("a comparison's bar: steps made before count, and no run makes more than its own", () => {
  let text = "";
  vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    text += chunk;
    return true;
  });
  const display = new CompareDisplay("out", false);
  const { onStart, onProgress, onRunEnd } = display.events;
  // The first run is finished already, the second has made 400 of its 1000 steps.
  onStart!({
    plan,
    runs: 3,
    jobs: 2,
    open: new Map([
      [runs[1], 400],
      [runs[2], 0],
    ]),
  });
  expect(text).toContain("seeds 0, 1, 3: 3 runs, 1 of them finished already, 2 at a time");
  onProgress!(runs[2], 512, Number.NaN);
  // An iteration ends behind the last step that was asked for.
  onProgress!(runs[1], 1024, Number.NaN);
  display.stopped("again");
  expect(text).toMatch(/83% · step 2512 of 3000 .*runs 1\/3 · now ours, seed 3 51%, ours, seed 1 100%/);
  expect(text).toMatch(/stopped with 1 of 3 runs finished, everything saved; go on with\n {2}again\n$/);
  text = "";
  onRunEnd!(runs[1], { variant: "ours", environment: "CartPole-v1", seed: 1, error: new Error("no room") });
  expect(text).toBe("failed: no room\n");
});

const run = ["train", "reinforce", "--env", "CartPole-v1", "--steps", "64", "--envs", "4", "--set", "nSteps=16"];

test("a run's words: steps by that name, and none at all when quiet", async () => {
  const told = await ascentHere(folder, ...run, "--eval-episodes", "1", "--out", "told");
  expect(told.stderr).toMatch(/^reinforce on CartPole-v1: 64 steps, seed 0, kernels /);
  expect(told.stdout).toMatch(/\n64 steps in /);
  expect(await ascentHere(folder, ...run, "--eval-episodes", "1", "--out", "quiet", "--quiet")).toEqual({
    code: 0,
    stdout: "",
    stderr: "",
  });
  const endless = await ascentHere(folder, "evaluate", "told", "--longest-episode", "3");
  expect(endless).toMatchObject({ code: 1, stdout: "" });
  expect(endless.stderr).toMatch(/longest-episode/);
  expect((await ascentHere(folder, "evaluate", "told", "--longest-episode", "500")).code).toBe(0);
});
