/**
 * Recorded losses of groups through whole models (groups/end_to_end.json): log-probabilities at a temperature, entropies, loss, the norm
 * of its gradient by the parameters, and figures. The recording pads prompts on the left and counts positions from the first
 * column, padding too, which shifts GPT-2's: here positions are given that way, so that the numbers can be compared.
 */

import { z } from "zod";
import { type GroupBatch, groupFigures, groupLoss } from "../../objectives/index.ts";
import { compile } from "../../tensor/compile.ts";
import { createEngine } from "../../tensor/engine.ts";
import { grad } from "../../tensor/grad.ts";
import { norm } from "../../tensor/gradientNorms.ts";
import { input } from "../../tensor/graph.ts";
import { mul } from "../../tensor/ops/elementwise.ts";
import { sliceAxis } from "../../tensor/ops/layout.ts";
import type { LanguageModel } from "../model/languageModel.ts";
import { readLanguageModel } from "../model/modelFiles.ts";
import { tokenEntropy } from "../model/tokenEntropy.ts";
import { type GroupInputs, groupInputsForm, meanOverCompletions } from "./groupInputs.ts";
import { compareFigures } from "./lossReplay.ts";
import {
  casesHave,
  figures,
  matrix,
  recordedNumber,
  recordingBeside,
  recordingOf,
  scaleOf,
  vector,
} from "./recordedNumbers.ts";
import type { RecordingKind } from "./recordingKind.ts";
import { type RecordingReport, Tally } from "./tally.ts";

export const groupModelsForm = z.object({
  inputs: z.object({ advantages: vector }),
  cases: z.record(
    z.string(),
    z.object({
      /** Its folder, such as "models/gpt2-policy". */
      model: z.string(),
      temperature: z.number(),
      old_logps: matrix,
      policy_logps: matrix,
      entropies: matrix,
      loss: recordedNumber,
      grad_norm: recordedNumber,
      metrics: figures,
    }),
  ),
});

type GroupModelCase = z.infer<typeof groupModelsForm>["cases"][string];

export const groupModelRecordings: RecordingKind = {
  name: "losses of groups through models",
  files:
    "groups/end_to_end.json, with inputs.json beside it and the models' folders as it names them from the folder above",
  matches: (content) => casesHave(content, "model", "policy_logps", "grad_norm"),
  async replay(content, place, tolerance) {
    const engine = await createEngine();
    const modelOf = (folder: string) => readLanguageModel(engine, (file) => place.read(`../${folder}/${file}`));
    const inputs = recordingBeside(groupInputsForm, place, "inputs.json");
    return replayGroupModels(modelOf, recordingOf(groupModelsForm, content, place.file), inputs, tolerance);
  },
};

/** @param modelOf the model of a folder that the recording names. */
export function replayGroupModels(
  modelOf: (folder: string) => LanguageModel,
  recording: z.infer<typeof groupModelsForm>,
  inputs: GroupInputs,
  tolerance: number,
): RecordingReport {
  const tally = new Tally(tolerance);
  for (const [name, one] of Object.entries(recording.cases)) {
    compareCase(tally, name, modelOf(one.model), one, inputs, recording.inputs.advantages);
  }
  return tally.report();
}

function compareCase(
  tally: Tally,
  name: string,
  { engine, network, block }: LanguageModel,
  one: GroupModelCase,
  inputs: GroupInputs,
  advantages: readonly number[],
): void {
  const rows = advantages.length;
  const [asked, answered] = [inputs.prompt_ids[0].length, inputs.completion_ids[0].length];
  const shape = [rows, asked + answered];
  const tokens = input("tokens", shape, "i32");
  const positions = input("positions", shape, "i32");
  const hidden = network.hidden({ tokens, positions, mask: input("real", shape) });
  // What stands before each token of a completion.
  const before = sliceAxis(hidden, 1, asked - 1, answered);
  const logProb = network.targetLogProbs(before, sliceAxis(tokens, 1, asked, answered), one.temperature);
  const entropy = tokenEntropy(mul(network.logits(before), 1 / one.temperature));
  const batch: GroupBatch = {
    logProb,
    oldLogProb: input("old", [rows, answered]),
    advantage: input("advantage", [rows]),
    mask: input("mask", [rows, answered]),
  };
  const options = { loss: "dapo", clipRange: 0.2, clipRangeHigh: 0.28 } as const;
  const loss = groupLoss(batch, options);
  const gradient = grad(loss, [...block.tensors]);
  const found = groupFigures(batch, options);
  const outputs = { logProb, entropy, loss, gradient, ...found };
  const program = compile(engine, { name: "recorded group loss", outputs, parameters: [block] });
  const joined = (left: number[][], right: number[][]) => left.flatMap((row, i) => [...row, ...right[i]]);
  program.inputInts("tokens").set(joined(inputs.prompt_ids, inputs.completion_ids));
  program.inputInts("positions").set(Int32Array.from({ length: rows * shape[1] }, (_, i) => i % shape[1]));
  program.input("real").set(joined(inputs.prompt_mask, inputs.completion_mask));
  program.input("old").set(one.old_logps.flat());
  program.input("advantage").set(advantages);
  program.input("mask").set(inputs.completion_mask.flat());
  program.run();
  const there = (values: ArrayLike<number>) => {
    const mask = inputs.completion_mask.flat();
    return Array.from(values).filter((_, i) => mask[i] !== 0);
  };
  tally.compare(`${name}: log-probabilities`, there(program.output("logProb")), there(one.policy_logps.flat()));
  tally.compare(`${name}: entropies`, there(program.output("entropy")), there(one.entropies.flat()));
  tally.compare(`${name}: loss`, program.scalar("loss"), one.loss, scaleOf([one.loss]));
  tally.compare(`${name}: gradient norm`, norm(program.outputRegion("gradient")), one.grad_norm);
  const values = Object.keys(found).map((figure) => [figure, program.scalar(figure)] as const);
  const entropyMean = meanOverCompletions(program.output("entropy"), inputs);
  compareFigures(tally, name, { ...Object.fromEntries(values), entropy: entropyMean }, one.metrics);
}
