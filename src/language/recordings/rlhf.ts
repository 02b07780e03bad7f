/**
 * Recordings of what RLHF by PPO is put together from (rlhf/*.json): whitening, rewards of tokens with GAE on them, the critic's loss,
 * the adaptive KL coefficient.
 */

import { z } from "zod";
import { episodeAdvantages, nextKlCoefficient, tokenRewards, whiten } from "../../estimators/index.ts";
import { clippedValueLoss, valueLoss } from "../../objectives/index.ts";
import { compile } from "../../tensor/compile.ts";
import { createEngine, type Engine } from "../../tensor/engine.ts";
import { grad } from "../../tensor/grad.ts";
import { input } from "../../tensor/graph.ts";
import { casesHave, matrix, recordedNumber, recordingOf, scaleOf, vector } from "./recordedNumbers.ts";
import { hasMembers, type RecordingKind } from "./recordingKind.ts";
import { type RecordingReport, Tally } from "./tally.ts";

const whitenForm = z.object({
  x: matrix,
  mask: matrix,
  cases: z.record(z.string(), z.object({ whitened_times_mask: matrix })),
});

export const whitenRecordings: RecordingKind = {
  name: "whitening",
  files: "rlhf/whiten.json",
  matches: (content) => hasMembers(content, "x", "mask") && casesHave(content, "whitened_times_mask"),
  replay(content, place, tolerance) {
    const { x, mask, cases } = recordingOf(whitenForm, content, place.file);
    const tally = new Tally(tolerance);
    for (const [name, { whitened_times_mask: expected }] of Object.entries(cases)) {
      const out = new Float64Array(x.flat().length);
      whiten(x.flat(), out, {
        correction: name.startsWith("ddof1") ? 1 : 0,
        shiftMean: name.includes("shift_true"),
        ...(name.endsWith("_masked") && { mask: mask.flat() }),
      });
      // Without a mask the recording is 0 behind it all the same.
      const there = out.map((value, i) => value * mask.flat()[i]);
      tally.compare(
        name,
        there,
        expected.flat().map((value, i) => value * mask.flat()[i]),
      );
    }
    return tally.report();
  },
};

const gaeForm = z.object({
  beta: z.number(),
  mask: matrix,
  policy_logps: matrix,
  reference_logps: matrix,
  values: matrix,
  scores: vector,
  token_rewards: matrix,
  cases: z.record(z.string(), z.object({ gamma: z.number(), lambda: z.number(), advantages: matrix, returns: matrix })),
});

export const gaeRecordings: RecordingKind = {
  name: "token rewards and their advantages",
  files: "rlhf/gae.json",
  matches: (content) => hasMembers(content, "token_rewards", "scores", "values"),
  replay(content, place, tolerance) {
    const recording = recordingOf(gaeForm, content, place.file);
    const tally = new Tally(tolerance);
    const mask = recording.mask.flat();
    const lengths = recording.mask.map((row) => row.reduce((a, b) => a + b, 0));
    const rewards = new Float64Array(mask.length);
    tokenRewards(
      {
        logProb: recording.policy_logps.flat(),
        referenceLogProb: recording.reference_logps.flat(),
        lengths,
        scores: recording.scores,
        klCoefficient: recording.beta,
      },
      rewards,
    );
    tally.compare("token rewards", rewards, recording.token_rewards.flat());
    const there = (rows: ArrayLike<number>) => Array.from(rows).filter((_, k) => mask[k] !== 0);
    const offsets = Int32Array.from([0, ...lengths]);
    for (let i = 1; i < offsets.length; i++) offsets[i] += offsets[i - 1];
    const values = there(recording.values.flat());
    for (const [name, { gamma, lambda, advantages, returns }] of Object.entries(recording.cases)) {
      const out = new Float64Array(values.length);
      const terminated = lengths.map(() => 1);
      const finalValues = lengths.map(() => 0);
      episodeAdvantages({ offsets, rewards: there(rewards), values, finalValues, terminated, gamma }, lambda, out);
      tally.compare(`${name}: advantages`, out, there(advantages.flat()));
      tally.compare(
        `${name}: returns`,
        out.map((advantage, i) => advantage + values[i]),
        there(returns.flat()),
      );
    }
    return tally.report();
  },
};

const valueForm = z.object({
  mask: matrix,
  old_values: matrix,
  new_values: matrix,
  returns: matrix,
  cases: z.record(
    z.string(),
    z.object({ cliprange: z.number().nullable(), loss: recordedNumber, gradient_wrt_new_values: matrix }),
  ),
});

export const valueLossRecordings: RecordingKind = {
  name: "the critic's loss",
  files: "rlhf/value_loss.json",
  matches: (content) => hasMembers(content, "old_values", "new_values", "returns"),
  replay: async (content, place, tolerance) =>
    replayValueLoss(await createEngine(), recordingOf(valueForm, content, place.file), tolerance),
};

/** On the tokens that are there. Recorded losses have a factor of ½, which is `vfCoef`'s here. */
function replayValueLoss(engine: Engine, recording: z.infer<typeof valueForm>, tolerance: number): RecordingReport {
  const tally = new Tally(tolerance);
  const mask = recording.mask.flat();
  const there = (rows: number[][]) => rows.flat().filter((_, k) => mask[k] !== 0);
  const given = {
    value: there(recording.new_values),
    old: there(recording.old_values),
    target: there(recording.returns),
  };
  for (const [name, { cliprange, loss: expected, gradient_wrt_new_values: slopes }] of Object.entries(
    recording.cases,
  )) {
    const [value, old, target] = Object.entries(given).map(([key, values]) => input(key, [values.length]));
    const loss = cliprange === null ? valueLoss(value, target) : clippedValueLoss(value, old, target, cliprange);
    const [gradient] = grad(loss, [value]);
    const program = compile(engine, { name: "recorded value loss", outputs: { loss, gradient } });
    program.input("value").set(given.value);
    program.input("target").set(given.target);
    if (cliprange !== null) program.input("old").set(given.old);
    program.run();
    const recorded = there(slopes);
    tally.compare(`${name}: loss`, program.scalar("loss") / 2, expected);
    tally.compare(
      `${name}: gradient`,
      program.output("gradient").map((slope) => slope / 2),
      recorded,
      scaleOf(recorded),
    );
  }
  return tally.report();
}

const controllerForm = z.object({
  cases: z.array(
    z.object({
      init: z.number(),
      target: z.number(),
      horizon: z.number(),
      n_steps: z.number(),
      kl: vector,
      coefficient_after_update: vector,
    }),
  ),
});

export const klControllerRecordings: RecordingKind = {
  name: "the adaptive KL coefficient",
  files: "rlhf/kl_controller.json",
  matches: (content) => casesHave(content, "horizon", "coefficient_after_update"),
  replay(content, place, tolerance) {
    const tally = new Tally(tolerance);
    const { cases } = recordingOf(controllerForm, content, place.file);
    cases.forEach(({ init, target, horizon, n_steps: steps, kl, coefficient_after_update: expected }, i) => {
      let coefficient = init;
      const found = kl.map((measured) => {
        coefficient = nextKlCoefficient(coefficient, { kl: measured, target, steps, horizon });
        return coefficient;
      });
      tally.compare(`case ${i}, target ${target}`, found, expected, scaleOf(expected));
    });
    return tally.report();
  },
};
