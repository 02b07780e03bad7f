/**
 * Recordings of what is known in closed form (rlhf/*.json): best-of-n, Bradley–Terry's likelihood at its maximum, and the optimum of
 * a KL-regularised reward over all sequences of a small world.
 */

import { z } from "zod";
import { bestOfN, bestOfNKlBound } from "../../estimators/index.ts";
import { exp } from "../../math/deterministic.ts";
import { regularisedObjective, regularisedOptimum, sequenceLogProbs, sequenceWorld, stateKl } from "../../mdp/index.ts";
import { bradleyTerryLoss } from "../../objectives/index.ts";
import { compile } from "../../tensor/compile.ts";
import { createEngine } from "../../tensor/engine.ts";
import { grad } from "../../tensor/grad.ts";
import { constant, input } from "../../tensor/graph.ts";
import { gatherRows } from "../../tensor/ops/gather.ts";
import { casesHave, recordedNumber, recordingOf, scaleOf, vector } from "./recordedNumbers.ts";
import { hasMembers, notARecording, type RecordingKind } from "./recordingKind.ts";
import { Tally } from "./tally.ts";

const bestOfNForm = z.object({
  cases: z.array(
    z.object({
      base: vector,
      rewards: vector,
      n: z.int().min(1),
      pmf: vector,
      kl_to_base: recordedNumber,
      kl_upper_bound_log_n_minus: recordedNumber,
      expected_reward: recordedNumber,
    }),
  ),
});

export const bestOfNRecordings: RecordingKind = {
  name: "best-of-n",
  files: "rlhf/best_of_n.json",
  matches: (content) => casesHave(content, "base", "rewards", "n", "pmf"),
  replay(content, place, tolerance) {
    const tally = new Tally(tolerance);
    recordingOf(bestOfNForm, content, place.file).cases.forEach((one, i) => {
      const name = `case ${i}, n = ${one.n}`;
      const best = bestOfN(one.base, one.rewards, one.n);
      const [kl] = stateKl(best, Float64Array.from(one.base), one.base.length);
      const reward = best.reduce((sum, p, y) => sum + p * one.rewards[y], 0);
      tally.compare(`${name}: probabilities`, best, one.pmf, scaleOf(one.pmf));
      tally.compare(`${name}: KL divergence`, kl, one.kl_to_base, 0.01);
      tally.compare(`${name}: bound`, bestOfNKlBound(one.n), one.kl_upper_bound_log_n_minus, 0.01);
      tally.compare(`${name}: expected reward`, reward, one.expected_reward, scaleOf(one.rewards));
    });
    return tally.report();
  },
};

const bradleyTerryForm = z.object({
  comparisons: z.array(z.tuple([z.int(), z.int()])).min(1),
  items: z.int().min(1),
  scores: vector,
  log_likelihood: recordedNumber,
});

export const bradleyTerryRecordings: RecordingKind = {
  name: "Bradley–Terry",
  files: "rlhf/bradley_terry.json",
  matches: (content) => hasMembers(content, "comparisons", "items", "log_likelihood"),
  async replay(content, place, tolerance) {
    const tally = new Tally(tolerance);
    const {
      comparisons,
      items,
      scores: recorded,
      log_likelihood: best,
    } = recordingOf(bradleyTerryForm, content, place.file);
    const scores = input("scores", [items]);
    const of = (side: 0 | 1) => {
      const numbers = comparisons.map((pair) => pair[side]);
      return gatherRows(scores, constant(numbers, [numbers.length], "i32"));
    };
    const loss = bradleyTerryLoss({ chosen: of(0), rejected: of(1) });
    const outputs = { loss, gradient: grad(loss, [scores])[0] };
    const program = compile(await createEngine(), { name: "recorded likelihood", outputs });
    program.input("scores").set(recorded);
    program.run();
    tally.compare("log-likelihood", -program.scalar("loss") * comparisons.length, best);
    tally.compare(
      "gradient at the maximum",
      program.output("gradient"),
      recorded.map(() => 0),
      1 / items,
    );
    return tally.report();
  },
};

const optimumForm = z.object({
  sequences: z.array(z.array(z.int().min(0)).min(1)).min(1),
  reference_step_logits: z.record(z.string(), vector),
  reference_logprobs: vector,
  rewards: vector,
  cases: z.array(
    z.object({
      beta: z.number(),
      pi_star: vector,
      beta_log_Z: recordedNumber,
      kl_star_to_reference: recordedNumber,
      expected_reward: recordedNumber,
      objective: recordedNumber,
    }),
  ),
});

export const optimumRecordings: RecordingKind = {
  name: "the optimum of a KL-regularised reward",
  files: "rlhf/optimum.json",
  matches: (content) => hasMembers(content, "sequences", "reference_step_logits", "rewards"),
  replay(content, place, tolerance) {
    const tally = new Tally(tolerance);
    const recording = recordingOf(optimumForm, content, place.file);
    const vocabulary = recording.reference_step_logits[""]?.length ?? 0;
    if (vocabulary === 0) {
      throw notARecording(place.file, { path: ["reference_step_logits"], message: 'nothing for the empty prefix ""' });
    }
    const world = sequenceWorld({ vocabulary, length: recording.sequences[0].length });
    tally.same("sequences", [...world.tokens], recording.sequences.flat());
    const logits = new Float64Array(world.parameterCount);
    for (let k = 0; k < world.tokens.length; k++) {
      const start = k - (k % world.length);
      const prefix = [...world.tokens.subarray(start, k)].join("/");
      logits.set(recording.reference_step_logits[prefix] ?? [], world.prefixOf[k] * world.vocabulary);
    }
    tally.compare("log π_ref", sequenceLogProbs(world, logits), recording.reference_logprobs);
    const reference = recording.reference_logprobs.map(exp);
    for (const { beta, ...one } of recording.cases) {
      const { policy, value, kl, logZ } = regularisedOptimum(reference, recording.rewards, beta);
      const name = `β = ${beta}`;
      tally.compare(`${name}: π*`, policy, one.pi_star, scaleOf(one.pi_star));
      tally.compare(`${name}: β log Z`, [value, beta * logZ], [one.beta_log_Z, one.beta_log_Z]);
      tally.compare(`${name}: KL divergence`, kl, one.kl_star_to_reference);
      const expected = policy.reduce((sum, p, y) => sum + p * recording.rewards[y], 0);
      tally.compare(`${name}: expected reward`, expected, one.expected_reward);
      const objective = regularisedObjective(policy, reference, recording.rewards, beta);
      tally.compare(`${name}: objective`, objective, one.objective);
    }
    return tally.report();
  },
};
