/** Recorded runs of DPO, CPO, SimPO, AlphaPO and ORPO, and the log-probabilities their first batches begin with. */

import { z } from "zod";
import type { PreferenceRow } from "../../../language/data/rows.ts";
import type { Tally } from "../../../language/recordings/tally.ts";
import { finish } from "../../../pauses.ts";
import { cpoOptions, cpoSettings } from "../cpo.ts";
import { dpoEncoding, dpoLearner, dpoOptions } from "../dpo.ts";
import { orpoOptions, orpoSettings } from "../orpo.ts";
import { encodePair, pairObjective } from "../pairObjective.ts";
import { sequenceScorer } from "../sequenceScorer.ts";
import { supervisedLearner } from "../supervisedLearner.ts";
import {
  compareParameters,
  compareRun,
  configurationForm,
  padded,
  plainDescent,
  type RecordedConfiguration,
  type RecordedParameters,
  type RecordingFiles,
  recordedRows,
  tokenRows,
  wholes,
} from "./recordedRun.ts";

export const pairDataForm = z.object({
  examples: z.array(z.object({ prompt_ids: wholes, chosen_ids: wholes, rejected_ids: wholes })),
  batch_order: tokenRows,
  batches: z.array(padded),
  policy: z.string(),
  reference: z.string(),
  initial_logprobs: z.array(
    z.object({
      policy_chosen: z.array(z.number()),
      policy_rejected: z.array(z.number()),
      reference_chosen: z.array(z.number()),
      reference_rejected: z.array(z.number()),
    }),
  ),
});

type PairData = z.output<typeof pairDataForm>;

function pairRows(data: PairData) {
  const rows: PreferenceRow[] = data.examples.map(({ prompt_ids, chosen_ids, rejected_ids }) => ({
    prompt: prompt_ids,
    chosen: chosen_ids,
    rejected: rejected_ids,
  }));
  const batches = data.batches.map(({ input_ids }, i) => ({
    numbers: data.batch_order[i],
    length: input_ids[0].length,
  }));
  return { rows, batches };
}

/** data.json: log π of every sequence before any update. */
export function replayLogProbs(data: PairData, files: RecordingFiles, tally: Tally): void {
  const { rows, batches } = pairRows(data);
  for (const side of ["policy", "reference"] as const) {
    const model = files.model(`../${data[side]}`);
    const encode = dpoEncoding(model, { maxLength: Number.POSITIVE_INFINITY, tailShare: 1 });
    const { sequences, order } = recordedRows(rows, batches, encode);
    const scorer = sequenceScorer("log-probabilities", model, order.lengths, 8);
    data.initial_logprobs.forEach((recorded, i) => {
      for (const [kind, name] of [
        [0, "chosen"],
        [1, "rejected"],
      ] as const) {
        const some = data.batch_order[i].map((number) => sequences(number)[kind]);
        tally.compare(`batch ${i}, ${side}_${name}`, finish(scorer.logProbs(some)), recorded[`${side}_${name}`]);
      }
    });
  }
}

export const dpoForm = z.object({ configs: z.record(z.string(), configurationForm) });

/** dpo.json; its data are in data.json beside it. @param finals dpo_final_parameters.json, to compare what comes out of it as well. */
export function replayDpo(
  configs: Readonly<Record<string, RecordedConfiguration>>,
  files: RecordingFiles,
  tally: Tally,
  finals: Readonly<Record<string, RecordedParameters>> = {},
): void {
  const data = files.json("data.json", pairDataForm);
  const { rows, batches } = pairRows(data);
  for (const [name, recorded] of Object.entries(configs)) {
    const model = files.model(`../${data.policy}`);
    const options = dpoOptions.parse({
      ...plainDescent(recorded, batches[0].numbers.length),
      ...dpoSettings(recorded.config),
    });
    const learner = dpoLearner({
      model,
      data: recordedRows(rows, batches, dpoEncoding(model, options)),
      options,
      held: files.model(`../${data.reference}`),
      annealSteps: 1,
    });
    compareRun(tally, name, learner, recorded);
    compareParameters(tally, name, model, finals[name] ?? recorded.final_parameters);
  }
}

/** TRL's settings in ours. Its sigmoid loss ignores label smoothing, so that a recording of it is one without. */
function dpoSettings(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = config["loss_type"] as string[];
  const weights = (config["loss_weights"] as number[] | undefined) ?? names.map(() => 1);
  const smoothing = names.includes("sigmoid") ? undefined : config["label_smoothing"];
  const settings = {
    loss: names.length === 1 ? names[0] : names.map((loss, i) => ({ loss, weight: weights[i] })),
    beta: config["beta"],
    labelSmoothing: smoothing,
    divergence: config["f_divergence_type"],
    divergenceAlpha: config["f_alpha_divergence_coef"],
    discopopTau: config["discopop_tau"],
    tailShare: config["ld_alpha"],
    weighted: config["use_weighting"],
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

export const referenceFreeForm = z.object({
  batches: z.array(
    z.object({
      chosen_input_ids: tokenRows.min(1),
      chosen_labels: tokenRows,
      chosen_attention_mask: tokenRows,
      rejected_input_ids: tokenRows.min(1),
      rejected_labels: tokenRows,
      rejected_attention_mask: tokenRows,
    }),
  ),
  configs: z.record(z.string(), configurationForm),
});

/** cpo_orpo.json. */
export function replayReferenceFree(
  file: z.output<typeof referenceFreeForm>,
  files: RecordingFiles,
  tally: Tally,
): void {
  const rows: PreferenceRow[] = [];
  const batches = file.batches.map((batch) => {
    const first = rows.length;
    batch.chosen_input_ids.forEach((_, i) => {
      const side = (name: "chosen" | "rejected") => {
        const ids = batch[`${name}_input_ids`][i].filter((_, at) => batch[`${name}_attention_mask`][i][at] === 1);
        const from = batch[`${name}_labels`][i].findIndex((label) => label >= 0);
        return { prompt: ids.slice(0, from), completion: ids.slice(from) };
      };
      const [chosen, rejected] = [side("chosen"), side("rejected")];
      rows.push({ prompt: chosen.prompt, chosen: chosen.completion, rejected: rejected.completion });
    });
    const numbers = batch.chosen_input_ids.map((_, i) => first + i);
    return { numbers, length: Math.max(batch.chosen_input_ids[0].length, batch.rejected_input_ids[0].length) };
  });
  for (const [name, recorded] of Object.entries(file.configs)) {
    const model = files.model(`../${recorded.policy ?? "models/gpt2-policy"}`);
    const { description } = model.network;
    const { config } = recorded;
    const descent = plainDescent(recorded, batches[0].numbers.length);
    const isOrpo = config["loss_type"] === undefined;
    const options = isOrpo
      ? orpoOptions.parse({ ...descent, beta: config["beta"] })
      : cpoOptions.parse({
          ...descent,
          loss: config["loss_type"],
          beta: config["beta"],
          likelihood: config["cpo_alpha"],
          targetMargin: config["simpo_gamma"],
          alpha: config["alpha"],
          labelSmoothing: config["label_smoothing"],
        });
    const settings = "likelihoodOf" in options ? orpoSettings(options) : cpoSettings(options);
    const encode = (row: PreferenceRow, what: string) => encodePair(row, what, description, options.maxLength);
    const learner = supervisedLearner({
      algorithm: isOrpo ? "orpo" : "cpo",
      model,
      data: recordedRows(rows, batches, encode),
      objective: pairObjective({ ...settings, logitsOver: isOrpo ? "predictions" : "positions" }),
      options,
      annealSteps: 1,
    });
    // A likelihood that counts nothing is recorded as 0.
    compareRun(tally, name, learner, recorded, config["cpo_alpha"] === 0 ? { nll_loss: 0 } : {});
    compareParameters(tally, name, model, recorded.final_parameters);
  }
}
