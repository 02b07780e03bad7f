/** Recorded groups of completions, by the functions that `ascent replay` uses; and that they notice what is wrong. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { groupInputsForm } from "../../../src/language/recordings/groupInputs.ts";
import { groupLossForm, replayGroupLosses } from "../../../src/language/recordings/groupLosses.ts";
import { groupModelsForm, replayGroupModels } from "../../../src/language/recordings/groupModels.ts";
import {
  groupAdvantagesForm,
  replayGroupAdvantages,
  replayRloo,
  rlooForm,
} from "../../../src/language/recordings/groupRewards.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { recordedModel } from "../model/support.ts";

const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../golden/preferences/${path}`, import.meta.url), "utf8"));

const engine = await createEngine();
const inputs = groupInputsForm.parse(read("groups/inputs.json"));
const goldenModel = (folder: string) => recordedModel(engine, folder.replace("models/", ""));
const TOLERANCE = 1e-4;

test("advantages and figures of rewards", () => {
  const recording = groupAdvantagesForm.parse(read("groups/advantages.json"));
  const report = replayGroupAdvantages(recording, inputs, TOLERANCE);
  expect(report.failed).toEqual([]);
  expect(report.cases).toBe(43);
  const [first] = Object.values(recording.cases);
  first.advantages[0] += 0.01;
  expect(replayGroupAdvantages(recording, inputs, TOLERANCE).failed).toHaveLength(1);
});

test("losses, gradients and figures of GRPO and its relatives, vespo too", () => {
  const recording = groupLossForm.parse(read("groups/grpo.json"));
  const report = replayGroupLosses(engine, recording, inputs, TOLERANCE);
  expect(report.failed).toEqual([]);
  expect(Object.keys(recording.cases)).toHaveLength(52);
  expect(report.cases).toBeGreaterThan(300);
  recording.cases["dapo_base"].config.epsilon_high = 0.1;
  expect(replayGroupLosses(engine, recording, inputs, TOLERANCE).failed.length).toBeGreaterThan(1);
});

test("RLOO: advantages with the KL divergence in the rewards, losses, gradients and figures", () => {
  const recording = rlooForm.parse(read("groups/rloo.json"));
  const report = replayRloo(engine, recording, inputs, TOLERANCE);
  expect(report.failed).toEqual([]);
  expect(report.cases).toBe(77);
  recording.cases["kl_in_reward"].config.beta = 0.05;
  expect(replayRloo(engine, recording, inputs, TOLERANCE).failed.length).toBeGreaterThan(0);
});

test("through whole models: log-probabilities at two temperatures, entropies, gradient norms, figures", () => {
  const recording = groupModelsForm.parse(read("groups/end_to_end.json"));
  const report = replayGroupModels(goldenModel, recording, inputs, TOLERANCE);
  expect(report.failed).toEqual([]);
  expect(report.cases).toBe(40);
  const [first] = Object.values(recording.cases);
  first.temperature = 0.9;
  expect(replayGroupModels(goldenModel, recording, inputs, TOLERANCE).failed.length).toBeGreaterThan(2);
});
