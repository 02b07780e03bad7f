/** Every flag says something: of training it arrives in the run's request, of measuring it changes what is measured. */
import * as fs from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { finite } from "../../src/cli/arguments.ts";
import { findingsTable } from "../../src/cli/commands/variance.ts";
import { table } from "../../src/cli/output.ts";
import { changedSettings, formatValue, settingsOf, withLists } from "../../src/cli/settings.ts";
import type { TrainFlags } from "../../src/cli/trainFlags.ts";
import { requestFrom } from "../../src/cli/trainRequest.ts";
import { algorithmNamed } from "../../src/training/train.ts";
import { ascentHere, temporaryFolder } from "./support.ts";

const folder = temporaryFolder();
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const plain: TrainFlags = { kernels: "auto", monitor: true, env: "CartPole-v1" };
const from = (flags: Partial<TrainFlags>, algorithm = "ppo") => requestFrom(algorithm, { ...plain, ...flags });

describe("train", () => {
  test("without flags: the algorithm, the environment, a folder named by them and by the seed", () => {
    expect(from({})).toEqual({
      request: {
        ...{ algorithm: "ppo", environment: "CartPole-v1", kernels: "auto", options: {} },
        out: join("runs", "ppo-CartPole-v1-0"),
      },
      chosen: new Set(),
    });
  });

  test.each<[Partial<TrainFlags>, object]>([
    [{ steps: 500 }, { steps: 500 }],
    [{ seed: 3 }, { options: { seed: 3 }, out: join("runs", "ppo-CartPole-v1-3") }],
    [{ seed: 0 }, { options: { seed: 0 } }],
    [{ envs: 2 }, { options: { nEnvs: 2 } }],
    [{ envWorkers: 2 }, { environmentWorkers: 2 }],
    [{ import: ["mine.js"] }, { imports: ["mine.js"] }],
    [{ set: { gamma: 0.9, hidden: 32 } }, { options: { gamma: 0.9, hidden: [32] } }],
    [{ set: { nEnvs: 5, seed: 9 }, envs: 2, seed: 1 }, { options: { nEnvs: 2, seed: 1 } }],
    [{ out: "here" }, { out: "here" }],
    [{ kernels: "simd" }, { kernels: "simd" }],
    [{ monitor: false }, { monitor: false }],
    [{ resume: true }, { resume: true }],
    [{ init: "runs/a" }, { initialPolicy: "runs/a" }],
    [
      { init: "runs/a", newCritic: true },
      { initialPolicy: "runs/a", initialCritic: false },
    ],
    [{ checkpointEvery: 7 }, { checkpointEvery: 7 }],
    [{ evalEpisodes: 4 }, { evaluationEpisodes: 4 }],
  ])("%o", (flags, expected) => {
    expect(from(flags).request).toMatchObject(expected);
    const others = Object.keys(from(flags).request).filter((key) => !(key in from({}).request) && !(key in expected));
    expect(others).toEqual([]);
  });

  test("what the user chose is what was set one by one", () => {
    expect(from({ set: { gamma: 0.9 }, seed: 1, envs: 2 }).chosen).toEqual(new Set(["gamma", "seed", "nEnvs"]));
  });

  test.each<[string, Partial<TrainFlags>, RegExp]>([
    ["no environment", { env: undefined as never }, /environment is missing/],
    ["an unknown environment", { env: "CartPole-v9" }, /no environment named "CartPole-v9"/],
    ["no file of settings", { config: join(folder, "none.json") }, /There is no file .*none\.json/],
  ])("%s", (_, flags, message) => {
    expect(() => from(flags)).toThrow(message);
  });

  describe("--config", () => {
    const write = (content: unknown) => {
      const path = join(folder, `config-${Math.abs(JSON.stringify(content).length)}.json`);
      fs.writeFileSync(path, JSON.stringify(content));
      return path;
    };
    const run = {
      ...{ algorithm: "ppo", env: "Acrobot-v1", steps: 5000, seed: 4 },
      options: { gamma: 0.9, seed: 4, annealSteps: 5000, hidden: [8] },
    };

    test("a list of settings is the user's, below --set", () => {
      const { request, chosen, source } = from({ config: write({ gamma: 0.8, lambda: 1 }), set: { gamma: 0.7 } });
      expect(request.options).toEqual({ gamma: 0.7, lambda: 1 });
      expect([chosen, source]).toEqual([new Set(["gamma", "lambda"]), undefined]);
    });

    test("a run's has everything: what it had unset stays unset, and schedules over its steps are free", () => {
      const config = write(run);
      const { request, chosen, source } = from({ config, env: undefined as never, seed: 6 });
      expect(request).toMatchObject({ environment: "Acrobot-v1", steps: 5000, out: join("runs", "ppo-Acrobot-v1-6") });
      expect(request.options).toMatchObject({ gamma: 0.9, seed: 6, hidden: [8], annealSteps: undefined });
      expect(Object.keys(request.options ?? {})).toContain("clipRangeVf");
      expect([chosen, source]).toEqual([new Set(["seed"]), config]);
      expect(from({ config }).request.environment).toBe("CartPole-v1");
    });

    test("schedules over other steps stay", () => {
      const config = write({ ...run, options: { ...run.options, annealSteps: 9000 } });
      expect(from({ config }).request.options).toMatchObject({ annealSteps: 9000 });
    });

    test("what it started from and learnt from come along, unless others are given", () => {
      const config = write({ ...run, init: { path: "old", critic: false }, data: { file: "old.safetensors" } });
      expect(from({ config }).request).toMatchObject({
        initialPolicy: "old",
        initialCritic: false,
        data: "old.safetensors",
      });
      expect(from({ config, init: "new" }).request).toMatchObject({ initialPolicy: "new" });
      expect(from({ config, init: "new" }).request).not.toHaveProperty("initialCritic");
      expect(from({ config, resume: true }).request).not.toHaveProperty("initialPolicy");
      expect(from({ config, data: "new.safetensors" }).request).toMatchObject({ data: "new.safetensors" });
    });

    test("another algorithm's, and what is no object, are refused", () => {
      expect(() => from({ config: write(run) }, "a2c")).toThrow(
        /another algorithm: got ppo, expected a2c.*ascent train ppo/,
      );
      for (const bad of [[1], "text", 3, null]) expect(() => from({ config: write(bad) })).toThrow(/holds no settings/);
    });
  });
});

describe("settings as text", () => {
  test.each([
    ["tanh", "tanh"],
    [[64, 64], "64,64"],
    [[], "[]"],
    [["a"], '["a"]'],
    [0.001, "0.001"],
    [true, "true"],
    [{ kind: "linear", from: 0.1, to: 0.01 }, "linear:0.1:0.01"],
    [{ kind: "cosine", from: 0.1 }, "cosine:0.1"],
    [{ kind: "steps", from: 1 }, '{"kind":"steps","from":1}'],
    [null, "null"],
  ])("%o is typed %s", (value, words) => {
    expect(formatValue(value)).toBe(words);
  });

  test("those that are not the defaults, in their order", () => {
    const ppo = algorithmNamed("ppo");
    expect(changedSettings(ppo, { gamma: 0.99, nEnvs: 8, hidden: [64, 64] })).toEqual([]);
    expect(changedSettings(ppo, { gamma: 0.9, nEnvs: undefined, hidden: [8] })).toEqual(["gamma=0.9", "hidden=8"]);
  });

  test("a lone number is a list of one where a list is wanted", () => {
    expect(
      withLists(algorithmNamed("ppo"), { hidden: 8, gamma: 1, criticHidden: 4, activation: "relu", nothing: 2 }),
    ).toEqual({
      ...{ hidden: [8], gamma: 1, criticHidden: [4], activation: "relu", nothing: 2 },
    });
  });

  test("every setting of every algorithm has its type and its words, and its default where there is one", () => {
    const settings = settingsOf(algorithmNamed("ppo"));
    expect(settings.every(({ description, type }) => description !== "" && type !== "")).toBe(true);
    const of = (name: string) => settings.find((setting) => setting.name === name)!;
    expect([of("gamma").default, of("hidden").default, of("targetKl").default]).toEqual(["0.99", "64,64", undefined]);
  });
});

test.each(["-2.5", "0", "1e3"])("%s is a number", (text) => {
  expect(finite(text)).toBe(Number(text));
});
test.each(["", " ", "x", "Infinity", "NaN"])("%j is none", (text) => {
  expect(() => finite(text)).toThrow(/must be a number/);
});

test("columns stand below each other, nothing behind the last", () => {
  expect(
    table(
      ["a", "bb"],
      [
        ["ccc", ""],
        ["d", "ee"],
      ],
    ),
  ).toBe("a    bb\nccc\nd    ee");
});

describe("variance", () => {
  let runs = 0;
  const findings = async (...flags: string[]) => {
    const args = ["variance", "--env", "chain", "--batches", "8", "--trajectories", "4", "--estimators", "toGo,gae"];
    const { code, stdout, stderr } = await ascentHere(folder, ...args, "--out", `v${runs++}`, "--json", ...flags);
    if (code !== 0) throw new Error(stderr);
    const { estimators, ...rest } = JSON.parse(stdout);
    const figures = estimators.map(({ microsecondsPerTrajectory: _, ...row }: Record<string, unknown>) => row);
    return JSON.stringify({ ...rest, figures });
  };

  test.each([
    ["--seed", "1"],
    ["--gae-lambda", "0.3"],
    ["--discounting", "standard"],
    ["--lambda", "0.5"],
    ["--batches", "9"],
    ["--trajectories", "5"],
    ["--estimators", "toGo"],
  ])("%s %s", async (...flags) => {
    expect(await findings()).toBe(await findings());
    expect(await findings(...flags)).not.toBe(await findings());
  });

  test.each([
    [["--policy", "x"], /has its own policy and discount: got --policy/],
    [["--gamma", "0.5"], /has its own policy and discount: got --gamma/],
    [["--off-policy", "--gae-lambda", "0.5"], /--gae-lambda has no meaning with --off-policy/],
    [["--discounting", "some"], /must be exact or standard/],
    [["--lambda", "0.5,1.5"], /number from 0 to 1/],
  ])("%j is refused", async (flags, message) => {
    const { code, stderr } = await ascentHere(folder, "variance", "--env", "chain", ...flags);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toMatch(message);
  });

  test("the table's figures: three digits, whole from a hundred on, exponents far from 1", () => {
    const estimate = (value: number) => ({ value, low: value / 2, high: 2 * value });
    const row = {
      ...{ estimator: "e", traceOfCovariance: estimate(12_345.6), signalToNoise: estimate(0.012345) },
      ...{ cosine: estimate(3e-5), microsecondsPerTrajectory: 2e7 },
    };
    const of = (more: object, exact: boolean) =>
      findingsTable({ estimators: [{ ...row, ...more }], exact } as never).split("\n");
    expect(of({}, false)[1].split(/ {2,}/)).toEqual([
      ...["e", "12346 [6173, 24691]", "0.0123 [0.00617, 0.0247]", "3.00e-5 [1.50e-5, 6.00e-5]", "2.00e+7"],
    ]);
    expect(of({ bias: estimate(0) }, true).map((line) => line.split(/ {2,}/)[1])).toEqual(["bias", "0 [0, 0]"]);
  });
});
