/** Suggestions are made when they are likely, and only then. */
import { expect, test } from "vitest";
import { didYouMean } from "../src/nearest.ts";

const known = ["CartPole-v1", "Acrobot-v1", "gamma", "learningRate", "ppo"];

test.each([
  ["CartPol-v2", 'Did you mean "CartPole-v1"? '],
  ["cartpole-v1", 'Did you mean "CartPole-v1"? '],
  ["LEARNINGRATE", 'Did you mean "learningRate"? '],
  ["gama", 'Did you mean "gamma"? '],
  ["poo", 'Did you mean "ppo"? '],
  ["leaningRates", 'Did you mean "learningRate"? '],
  ["Arcobat-v1", 'Did you mean "Acrobot-v1"? '],
  ["CartPole", 'Did you mean "CartPole-v1"? '],
  ["acro", 'Did you mean "Acrobot-v1"? '],
  ["acr", ""],
  ["xyz", ""],
  ["", ""],
  ["momentum", ""],
])("%o", (name, suggestion) => {
  expect(didYouMean(name, known)).toBe(suggestion);
});

test("no names, no suggestion", () => {
  expect(didYouMean("ppo", [])).toBe("");
});
