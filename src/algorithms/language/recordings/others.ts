/** Recorded runs of KTO, of reward models and of supervised fine-tuning. */

import { z } from "zod";
import type { PreferenceRow, PromptCompletion } from "../../../language/data/rows.ts";
import type { Tally } from "../../../language/recordings/tally.ts";
import { finish } from "../../../pauses.ts";
import { ktoEncoding, ktoLearner, ktoOptions } from "../kto.ts";
import { encodePair } from "../pairObjective.ts";
import { rewardModelOptions, rewardObjective } from "../rewardModel.ts";
import { sequenceScorer } from "../sequenceScorer.ts";
import { sftEncoding, sftObjective, sftOptions } from "../sft.ts";
import { supervisedLearner } from "../supervisedLearner.ts";
import {
  compareParameters,
  compareRun,
  configurationForm,
  padded,
  plainDescent,
  type RecordingFiles,
  recordedRows,
  tokenRows,
  wholes,
} from "./recordedRun.ts";

type Padded = z.output<typeof padded>;

function lengthsOf(batches: readonly Padded[], order: readonly number[][]) {
  return batches.map(({ input_ids }, i) => ({ numbers: order[i], length: input_ids[0].length }));
}

export const ktoForm = z.object({
  datasets: z.record(z.string(), z.array(z.object({ prompt_ids: wholes, completion_ids: wholes, label: z.boolean() }))),
  batch_order: tokenRows,
  batches: z.record(z.string(), z.array(padded)),
  configs: z.record(
    z.string(),
    configurationForm.extend({
      policy: z.string(),
      reference: z.string(),
      dataset: z.string(),
      first_batch_logprobs: z.object({ policy: z.array(z.number()), reference: z.array(z.number()) }),
    }),
  ),
});

/** kto.json. */
export function replayKto(file: z.output<typeof ktoForm>, files: RecordingFiles, tally: Tally): void {
  for (const [name, recorded] of Object.entries(file.configs)) {
    const { config, dataset, first_batch_logprobs: logProbs } = recorded;
    const rows: PromptCompletion[] = file.datasets[dataset].map(({ prompt_ids, completion_ids, label }) => ({
      prompt: prompt_ids,
      completion: completion_ids,
      label,
    }));
    const batches = lengthsOf(file.batches[dataset], file.batch_order);
    const [model, held] = [files.model(`../${recorded.policy}`), files.model(`../${recorded.reference}`)];
    const options = ktoOptions.parse({
      ...plainDescent(recorded, batches[0].numbers.length),
      loss: config["loss_type"],
      beta: config["beta"],
      desirableWeight: config["desirable_weight"],
      undesirableWeight: config["undesirable_weight"],
    });
    const data = recordedRows(rows, batches, ktoEncoding(model, options));
    const first = batches[0].numbers.map((number) => data.sequences(number)[0]);
    for (const [side, of] of [
      ["policy", model],
      ["reference", held],
    ] as const) {
      const scorer = sequenceScorer(side, of, data.order.lengths, first.length);
      tally.compare(`${name}, log-probabilities, ${side}`, finish(scorer.logProbs(first)), logProbs[side]);
    }
    const learner = ktoLearner({ model, data, options, held, annealSteps: 1 });
    compareRun(tally, name, learner, recorded);
    compareParameters(tally, name, model, recorded.final_parameters);
  }
}

export const rewardForm = z.object({
  model: z.string(),
  examples: z.array(z.object({ chosen_ids: wholes, rejected_ids: wholes, margin: z.number() })),
  batch_order: tokenRows,
  batches: z.record(z.string(), z.array(padded)),
  configs: z.record(z.string(), configurationForm.extend({ uses_margin: z.boolean() })),
});

/** reward.json. */
export function replayReward(file: z.output<typeof rewardForm>, files: RecordingFiles, tally: Tally): void {
  const rows: PreferenceRow[] = file.examples.map(({ chosen_ids, rejected_ids, margin }) => ({
    prompt: [],
    chosen: chosen_ids,
    rejected: rejected_ids,
    margin,
  }));
  const [padded] = Object.values(file.batches);
  const batches = lengthsOf(padded, file.batch_order);
  for (const [name, recorded] of Object.entries(file.configs)) {
    const model = files.model(`../${file.model}`);
    const { description } = model.network;
    const options = rewardModelOptions.parse({
      ...plainDescent(recorded, batches[0].numbers.length),
      useMargin: recorded.uses_margin,
      centring: recorded.config["center_rewards_coefficient"],
    });
    const learner = supervisedLearner({
      algorithm: "reward-model",
      model,
      data: recordedRows(rows, batches, (row, what) => encodePair(row, what, description, options.maxLength)),
      objective: rewardObjective(options),
      options,
      annealSteps: 1,
    });
    compareRun(tally, name, learner, recorded);
    compareParameters(tally, name, model, recorded.final_parameters);
  }
}

export const sftForm = z.object({
  examples: z.array(z.object({ input_ids: wholes, completion_mask: wholes })),
  batch_order: tokenRows,
  batches: z.record(z.string(), z.array(padded)),
  configs: z.record(z.string(), configurationForm.extend({ batches: z.string() })),
});

/** sft.json. Its chunked_nll is nll, computed in pieces. */
export function replaySft(file: z.output<typeof sftForm>, files: RecordingFiles, tally: Tally): void {
  const rows: PromptCompletion[] = file.examples.map(({ input_ids, completion_mask }) => {
    const from = completion_mask.indexOf(1);
    return { prompt: input_ids.slice(0, from), completion: input_ids.slice(from) };
  });
  for (const [name, recorded] of Object.entries(file.configs)) {
    const batches = lengthsOf(file.batches[recorded.batches], file.batch_order);
    const model = files.model(`../${recorded.policy ?? "models/gpt2-policy"}`);
    const options = sftOptions.parse({
      ...plainDescent(recorded, batches[0].numbers.length),
      learnFrom: recorded.batches === "full_sequence" ? "all" : "completion",
      loss: recorded.config["loss_type"] === "dft" ? "dft" : "nll",
    });
    const learner = supervisedLearner({
      algorithm: "sft",
      model,
      data: recordedRows(rows, batches, sftEncoding(model, options)),
      objective: sftObjective(options.loss),
      options,
      annealSteps: 1,
    });
    compareRun(tally, name, learner, recorded);
    compareParameters(tally, name, model, recorded.final_parameters);
  }
}
