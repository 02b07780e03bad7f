/** The journal's lines, as Optuna's own reader takes them (format of optuna/storages/journal/_storage.py, version 4 and 5). */
import { expect, test } from "vitest";
import {
  journalAttributes,
  journalEnd,
  journalScore,
  journalStudy,
  journalTrial,
} from "../../src/sweeps/optunaJournal.ts";
import type { Space } from "../../src/sweeps/space.ts";

const parse = (text: string) => {
  expect(text.endsWith("\n")).toBe(true);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
};
const when = new Date("2026-01-02T03:04:05.678Z");

test("a study is maximised", () => {
  expect(parse(journalStudy("mine", { algorithm: "ppo" }))).toEqual([
    { op_code: 0, worker_id: "ascent-rl", study_name: "mine", directions: [2] },
    { op_code: 2, worker_id: "ascent-rl", study_id: 0, user_attr: { algorithm: "ppo" } },
  ]);
});

test("a trial has its parameters with their distributions, choices by their place", () => {
  const space: Space = {
    hidden: { choice: [[64, 64], "none"] },
    rate: { logUniform: [1e-5, 1e-2] },
    gamma: { uniform: [0.9, 1] },
    epochs: { integer: [1, 20] },
    steps: { logInteger: [8, 64] },
  };
  const settings = { hidden: [64, 64], rate: 1e-3, gamma: 0.95, epochs: 3, steps: 16 };
  const [created, ...parameters] = parse(journalTrial(space, { number: 4, settings }, when));
  expect(created).toEqual({
    op_code: 4,
    worker_id: "ascent-rl",
    study_id: 0,
    datetime_start: "2026-01-02T03:04:05.678000",
  });
  expect(parameters.map(({ op_code, trial_id, param_name }) => [op_code, trial_id, param_name])).toEqual(
    Object.keys(space).map((name) => [5, 4, name]),
  );
  expect(parameters.map((one) => one.param_value_internal)).toEqual([0, 1e-3, 0.95, 3, 16]);
  expect(parameters.map((one) => JSON.parse(one.distribution))).toEqual([
    { name: "CategoricalDistribution", attributes: { choices: ["[64,64]", "none"] } },
    { name: "FloatDistribution", attributes: { step: null, low: 1e-5, high: 1e-2, log: true } },
    { name: "FloatDistribution", attributes: { step: null, low: 0.9, high: 1, log: false } },
    { name: "IntDistribution", attributes: { log: false, step: 1, low: 1, high: 20 } },
    { name: "IntDistribution", attributes: { log: true, step: 1, low: 8, high: 64 } },
  ]);
});

test("scores are intermediate values, and an end has a state", () => {
  expect(parse(journalScore(2, 3, 0.5))).toEqual([
    { op_code: 7, worker_id: "ascent-rl", trial_id: 2, step: 3, intermediate_value: 0.5 },
  ]);
  const ends = [
    journalEnd(2, "complete", 0.5, when),
    journalEnd(3, "pruned", 0.1, when),
    journalEnd(4, "failed", undefined, when),
  ];
  expect(
    ends
      .map((text) => parse(text)[0])
      .map(({ op_code, trial_id, state, values }) => [op_code, trial_id, state, values]),
  ).toEqual([
    [6, 2, 1, [0.5]],
    [6, 3, 2, [0.1]],
    [6, 4, 3, null],
  ]);
  expect(parse(journalAttributes(1, { folder: "trials/0001" }))).toEqual([
    { op_code: 8, worker_id: "ascent-rl", trial_id: 1, user_attr: { folder: "trials/0001" } },
  ]);
});
