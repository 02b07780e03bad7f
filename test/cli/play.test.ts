/** `ascent play`: frames on disk, the page's server, and what cannot be played. */
import * as fs from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { environmentSpec, makeBatched } from "../../src/envs/index.ts";
import { writeSceneFrames } from "../../src/node/index.ts";
import { encodePolicy } from "../../src/policies/index.ts";
import { evaluatePolicy } from "../../src/training/evaluate.ts";
import { randomPolicy } from "../policies/support.ts";
import { ascentHere, temporaryFolder } from "./support.ts";

const folder = temporaryFolder();
const path = join(folder, "policy.safetensors");
const { observationSpace, actionSpace } = makeBatched("CartPole-v1", 1);
const policy = { ...(await randomPolicy(observationSpace, actionSpace)), environment: "CartPole-v1" };
fs.writeFileSync(path, encodePolicy(policy));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe("--frames", () => {
  test("a numbered SVG for every state, a strip an episode, and the returns that evaluate has", async () => {
    const out = join(folder, "frames");
    const { stdout, code } = await ascentHere(
      folder,
      "play",
      path,
      "--frames",
      out,
      "--episodes",
      "2",
      "--seed",
      "3",
      "--json",
    );
    expect(code).toBe(0);
    const { episodes } = JSON.parse(stdout) as { episodes: { seed: number; frames: number; return: number }[] };
    for (const seed of [3, 4]) {
      const { returns } = await evaluatePolicy(policy, "CartPole-v1", { episodes: 1, seed });
      const own = fs.readdirSync(out).filter((name) => name.startsWith(`seed${seed}-`));
      expect(episodes.find((one) => one.seed === seed)).toMatchObject({ return: returns[0], frames: own.length });
      expect(own).toHaveLength(returns[0] + 1);
      expect(own.sort().at(-1)).toBe(`seed${seed}-${String(returns[0]).padStart(4, "0")}.svg`);
    }
    const last = fs.readFileSync(join(out, `seed3-${String(episodes[0].return).padStart(4, "0")}.svg`), "utf8");
    expect(last).toContain("The pole has fallen.");
    const strip = fs.readFileSync(join(out, "seed3.svg"), "utf8");
    expect(strip).toContain(`CartPole-v1, seed 3: return ${episodes[0].return.toFixed(2)}`);
    expect(strip).toContain(`step ${episodes[0].return}`);
  });

  test("never into a folder that holds something", async () => {
    const { stderr, code } = await ascentHere(folder, "play", path, "--frames", folder);
    expect(code).toBe(1);
    expect(stderr).toContain("is not empty");
  });

  test("an environment that draws nothing is named, and no folder made", async () => {
    const single = environmentSpec("CartPole-v1").makeSingle();
    const blind = () => ({
      observationSpace: single.observationSpace,
      actionSpace: single.actionSpace,
      reset: (options?: { seed?: number }) => single.reset(options),
      step: (action: unknown) => single.step(action as number),
    });
    const out = join(folder, "none");
    await expect(writeSceneFrames(policy, blind, out)).rejects.toThrow(/does not draw itself/);
    expect(fs.existsSync(out)).toBe(false);
  });
});

describe("what cannot be played", () => {
  test.each<[string, string[], number, string]>([
    ["nothing there", [join(folder, "none.safetensors")], 1, "does not exist"],
    ["other spaces", [path, "--env", "Pendulum-v1"], 1, "cannot be used with Pendulum-v1"],
    ["no such environment", [path, "--env", "Cartpole"], 1, "CartPole-v1"],
    ["a port that is none", [path, "--port", "70000"], 2, "from 0 to 65535"],
    ["a port that cannot be read", [path, "--port", "x"], 2, "whole number"],
    ["no folder named", [], 2, "missing required argument"],
  ])("%s", async (_, args, expected, words) => {
    const { stderr, code } = await ascentHere(folder, "play", ...args);
    expect(stderr).toContain(words);
    expect(code).toBe(expected);
  });

  test("a damaged file", async () => {
    const damaged = join(folder, "damaged.safetensors");
    const bytes = fs.readFileSync(path);
    bytes[bytes.length - 3] ^= 1;
    fs.writeFileSync(damaged, bytes);
    const { stderr, code } = await ascentHere(folder, "play", damaged);
    expect(code).toBe(1);
    expect(stderr).toContain("damaged.safetensors");
  });

  test("a run of a language model", async () => {
    fs.mkdirSync(join(folder, "text", "model"), { recursive: true });
    fs.writeFileSync(join(folder, "text", "model", "config.json"), "{}");
    const { stderr, code } = await ascentHere(folder, "play", join(folder, "text"));
    expect(code).toBe(1);
    expect(stderr).toContain("ascent evaluate does that");
  });
});
