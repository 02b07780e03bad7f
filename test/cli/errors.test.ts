/** Everything a user can get wrong has a message without a stack, an exit code, and destroys nothing. */
import * as fs from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ascent, ascentHere, checkpointsIn, temporaryFolder } from "./support.ts";

const folder = temporaryFolder();
const small = ["--steps", "256", "--eval-episodes", "1", "--quiet"];
beforeAll(() => {
  fs.writeFileSync(join(folder, "words.json"), '{"gamma": ');
  fs.writeFileSync(join(folder, "list.json"), "[1]");
  ascent(folder, "train", "ppo", "--env", "CartPole-v1", "--out", "done", ...small);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const train = (...more: string[]) => ["train", "ppo", "--env", "CartPole-v1", ...more];

test.each<[string, string[], number, RegExp]>([
  ["a wrong command", ["trian"], 2, /unknown command 'trian'\n\(Did you mean train\?\)/],
  ["no algorithm", ["train"], 2, /missing required argument 'algorithm'/],
  ["a wrong algorithm", ["train", "pppo", "--env", "CartPole-v1"], 1, /no algorithm "pppo".*Did you mean "ppo"\?/],
  ["no environment", ["train", "ppo"], 1, /environment is missing.*--env/],
  ["a wrong environment", ["train", "ppo", "--env", "CartPol-v1"], 1, /"CartPol-v1".*Did you mean "CartPole-v1"\?/],
  ["a wrong flag", train("--step", "3"), 2, /unknown option '--step'\n\(Did you mean --steps\?\)/],
  ["steps that are no number", train("--steps", "many"), 2, /'many' is invalid.*whole number of 1 or more/],
  [
    "an unknown setting",
    train("--set", "learningrate=1"),
    1,
    /no option "learningrate".*Did you mean "learningRate"\?/,
  ],
  ["a setting out of range", train("--set", "gamma=2"), 1, /option "gamma" has a wrong value: got 2/],
  [
    "a setting of the wrong type",
    train("--set", "hidden=wide"),
    1,
    /option "hidden" has a wrong value: got "wide", expected a list of whole numbers ≥ 1, such as 64,64.*train ppo --help/,
  ],
  ["a setting like no other", train("--set", "xyz=1"), 1, /no option "xyz"\. All options/],
  ["steps without a digit", train("--steps", "_"), 2, /'_' is invalid.*whole number of 1 or more/],
  [
    "fewer steps than are made",
    train("--out", "done", "--resume", "--steps", "100"),
    1,
    /past these steps already: got 100 steps/,
  ],
  ["a setting without value", train("--set", "gamma"), 2, /must be key=value/],
  ["no such config file", train("--config", "none.json"), 1, /no file none\.json/],
  ["a config file that is not JSON", train("--config", "words.json"), 1, /words\.json is not JSON/],
  ["a config file without settings", train("--config", "list.json"), 1, /list\.json holds no settings: got \[1\]/],
  ["wrong kernels", train("--kernels", "avx"), 2, /Allowed choices are auto, simd, fma/],
  ["nothing to resume", train("--resume"), 1, /no run to resume in runs\/ppo-CartPole-v1-0: got no such folder/],
  ["a policy that is not there", ["evaluate", "nowhere"], 1, /Could not read the policy nowhere: .*does not exist/],
  ["a folder without a policy", ["evaluate", "."], 1, /policy\.safetensors: .*does not exist/],
  ["a policy that is none", ["evaluate", "words.json"], 1, /words\.json: /],
  ["a recording that is not there", ["replay", "none.json"], 1, /Could not read none\.json/],
  ["a recording that is none", ["replay", "list.json"], 1, /not a recording/],
  ["a folder with a run", train("--out", "done"), 1, /already holds a run\. Continue it with --resume/],
  ["a folder with other files", train("--out", "."), 1, /folder \. is not empty/],
  [
    "other settings on resume",
    train("--out", "done", "--resume", "--set", "gamma=0.5"),
    1,
    /cannot change gamma: got 0\.5/,
  ],
  [
    "another environment on resume",
    ["train", "ppo", "--env", "Acrobot-v1", "--out", "done", "--resume"],
    1,
    /cannot change the environment/,
  ],
])("%s", async (_, args, code, message) => {
  const before = fs.readdirSync(folder, { recursive: true }).sort();
  const run = await ascentHere(folder, ...args);
  expect(run).toMatchObject({ code, stdout: "" });
  expect(run.stderr).toMatch(message);
  expect(run.stderr).not.toMatch(/\n {4}at /);
  expect(fs.readdirSync(folder, { recursive: true }).sort()).toEqual(before);
});

test("a run of another release is not resumed", async () => {
  const path = join(folder, "done/config.json");
  const config = fs.readFileSync(path, "utf8");
  fs.writeFileSync(path, config.replace(/"version": ".*"/, '"version": "0.0.0"'));
  const run = await ascentHere(folder, ...train("--out", "done", "--resume"));
  fs.writeFileSync(path, config);
  expect(run).toMatchObject({ code: 1, stderr: expect.stringMatching(/another release: got version 0\.0\.0/) });
});

test("a config.json that was changed does not fit its checkpoints", async () => {
  const path = join(folder, "done/config.json");
  const config = fs.readFileSync(path, "utf8");
  fs.writeFileSync(path, config.replace('"gamma": 0.98', '"gamma": 0.97'));
  const run = await ascentHere(folder, "train", "ppo", "--out", "done", "--resume");
  fs.writeFileSync(path, config);
  expect(run).toMatchObject({ code: 1, stderr: expect.stringMatching(/other settings than config\.json's/) });
});

test("the process itself ends with the code and the message", () => {
  const run = ascent(folder, ...train("--set", "gamma=2"));
  expect(run).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/^ascent: ppo: option "gamma"/) });
  expect(ascent(folder, "trian")).toMatchObject({ code: 2, stderr: expect.stringMatching(/Did you mean train/) });
});

test("damaged checkpoints are refused, the newest good one is used", () => {
  const flags = ["--out", "torn", "--checkpoint-every", "256", "--steps", "768", "--eval-episodes", "1", "--quiet"];
  ascent(folder, ...train(...flags));
  const [oldest, middle, newest] = checkpointsIn(join(folder, "torn"))
    .sort()
    .map((name) => join(folder, "torn/checkpoints", name));
  const whole = fs.readFileSync(newest);
  fs.writeFileSync(newest, whole.subarray(0, whole.length / 2));
  const tampered = fs.readFileSync(middle);
  tampered[tampered.length - 100] ^= 1;
  fs.writeFileSync(middle, tampered);
  const resumed = ascent(folder, "train", "ppo", "--out", "torn", "--resume", "--eval-episodes", "1");
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).toMatch(/passed over a checkpoint: .*000768/);
  expect(resumed.stderr).toMatch(/passed over a checkpoint: .*000512\.safetensors: .*SHA-256/);
  expect(resumed.stderr).toMatch(/resumed at step 256/);
  // It made the lost part anew, to the same bits.
  expect(fs.readFileSync(newest).equals(whole)).toBe(true);

  for (const path of [oldest, middle, newest]) fs.writeFileSync(path, "torn");
  const refused = ascent(folder, "train", "ppo", "--out", "torn", "--resume");
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/None of the checkpoints in .* can be loaded/),
  });
});
