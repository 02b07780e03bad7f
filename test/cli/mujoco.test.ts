/** The command on a MuJoCo task: the physics is loaded by whichever command needs it, and a run resumes to the same bits. */
import * as fs from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ascentHere, temporaryFolder } from "./support.ts";

const folder = temporaryFolder();
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test("train, resume, evaluate and play by name", async () => {
  const train = (out: string, ...flags: string[]) =>
    ascentHere(folder, "train", "ppo", "--out", out, "--eval-episodes", "2", "--quiet", ...flags);
  const settings = ["nEnvs=2", "nSteps=30", "hidden=8", "annealSteps=240"].flatMap((one) => ["--set", one]);
  const first = ["--env", "Reacher-v5", ...settings];
  expect(await train("whole", ...first, "--steps", "240")).toMatchObject({ code: 0, stderr: "" });
  expect(await train("parts", ...first, "--steps", "120")).toMatchObject({ code: 0, stderr: "" });
  expect(await train("parts", "--resume", "--steps", "240")).toMatchObject({ code: 0, stderr: "" });
  const policies = ["whole", "parts"].map((run) => fs.readFileSync(join(folder, run, "policy.safetensors")));
  expect(policies[1].equals(policies[0])).toBe(true);

  const evaluation = await ascentHere(folder, "evaluate", "whole", "--episodes", "2", "--json");
  expect(JSON.parse(evaluation.stdout)).toMatchObject({ episodes: 2 });

  const page = await ascentHere(folder, "play", "whole");
  expect(page).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/Reacher-v5 cannot be watched in the page.*--frames/),
  });
  const frames = await ascentHere(folder, "play", "whole", "--frames", "frames", "--json");
  expect(frames.code).toBe(0);
  expect(JSON.parse(frames.stdout).episodes[0].frames).toBe(51);
});
