/** The optimum on all 64 sequences of a vocabulary of 4, against the recorded one. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { regularisedObjective, regularisedOptimum, sequenceLogProbs, sequenceWorld } from "../../src/mdp/index.ts";
import { expectClose } from "./support.ts";

interface OptimumFile {
  sequences: number[][];
  reference_step_logits: Record<string, number[]>;
  reference_logprobs: number[];
  rewards: number[];
  cases: {
    beta: number;
    pi_star: number[];
    beta_log_Z: number;
    kl_star_to_reference: number;
    expected_reward: number;
  }[];
}

const file = JSON.parse(
  readFileSync(new URL("../golden/preferences/rlhf/optimum.json", import.meta.url), "utf8"),
) as OptimumFile;
const world = sequenceWorld({ vocabulary: 4, length: 3 });

test("the sequences, and the reference's log-probabilities from its logits for each prefix", () => {
  expect([...world.tokens]).toEqual(file.sequences.flat());
  const logits = new Float64Array(world.parameterCount);
  for (let k = 0; k < world.tokens.length; k++) {
    const start = k - (k % world.length);
    const prefix = [...world.tokens.subarray(start, k)].join("/");
    logits.set(file.reference_step_logits[prefix], world.prefixOf[k] * world.vocabulary);
  }
  expectClose(sequenceLogProbs(world, logits), file.reference_logprobs, 1e-7, "log-probabilities");
});

test.each(file.cases)("β = $beta", ({ beta, pi_star, beta_log_Z, kl_star_to_reference, expected_reward }) => {
  const reference = file.reference_logprobs.map(Math.exp);
  const { policy, value, kl } = regularisedOptimum(reference, file.rewards, beta);
  expectClose(policy, pi_star, 1e-7, "π*");
  expect(value).toBeCloseTo(beta_log_Z, 6);
  expect(kl).toBeCloseTo(kl_star_to_reference, 6);
  expect(regularisedObjective(policy, reference, file.rewards, beta)).toBeCloseTo(value, 6);
  expect(policy.reduce((sum, p, y) => sum + p * file.rewards[y], 0)).toBeCloseTo(expected_reward, 6);
});
