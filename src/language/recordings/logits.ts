/**
 * Recorded forward passes of a model (logits.json beside its files): logits, log-probabilities of next tokens, hidden states,
 * rows padded on either side under both conventions of positions, and greedy continuations.
 */

import { z } from "zod";
import { compile } from "../../tensor/compile.ts";
import { createEngine } from "../../tensor/engine.ts";
import { input, type Tensor } from "../../tensor/graph.ts";
import { blocksOf, type LanguageModel } from "../model/languageModel.ts";
import { readLanguageModel } from "../model/modelFiles.ts";
import { defaultTolerance, hasMembers, notARecording, type RecordingKind } from "./recordingKind.ts";
import { type RecordingReport, Tally } from "./tally.ts";

const vector = z.array(z.number());
const matrix = z.array(vector);
const wholes = z.array(z.int());

const paddedForm = z.object({
  input_ids: z.array(wholes),
  attention_mask: matrix,
  position_ids: z.union([wholes, z.array(wholes)]),
  next_token_logprobs: matrix,
  last_real_position: wholes,
  last_real_logits: matrix,
  logits_at_real_positions: z.array(matrix).optional(),
});

/** What a logits.json holds. */
const logitsForm = z.object({
  sequences: z.array(wholes).min(1),
  logits: z.array(matrix),
  next_token_logprobs: matrix,
  padded: z.record(z.string(), paddedForm),
  greedy: z.array(z.object({ prompt: wholes, continuation: wholes, top1_minus_top2: vector })),
  hidden: z.object({ sequence: z.int(), last_hidden_state: matrix }),
});

type LogitsRecording = z.infer<typeof logitsForm>;

interface Batch {
  tokens: readonly (readonly number[])[];
  mask?: readonly (readonly number[])[];
  /** Only where they are not what the mask says. */
  positions?: readonly (readonly number[])[];
}

interface Forward {
  /** [rows][length][vocabulary] as rows · length stretches of one array, and the like. */
  logits: Float32Array;
  logProbs: Float32Array;
  hidden: Float32Array;
}

/** What was computed in half precision holds the rounding of every step of the forward pass. */
const TOLERANCES: Readonly<Record<string, number>> = { bfloat16: 0.05, float16: 0.01 };

/** logits.json in a model's folder. */
export const logitsRecordings: RecordingKind = {
  name: "forward passes",
  files: "a model's logits.json, with the model's files beside it",
  matches: (content) => hasMembers(content, "sequences", "logits", "next_token_logprobs"),
  tolerance: (content) => TOLERANCES[String((content as { dtype?: unknown }).dtype)] ?? defaultTolerance,
  async replay(content, place, tolerance) {
    const parsed = logitsForm.safeParse(content);
    if (!parsed.success) throw notARecording(place.file, parsed.error.issues[0]);
    return replayLogits(readLanguageModel(await createEngine(), place.read), parsed.data, tolerance);
  },
};

/** Compares a model with what was recorded of it. */
function replayLogits(model: LanguageModel, recording: LogitsRecording, tolerance: number): RecordingReport {
  // Logits are of the order of 1, and rounding is the same for small ones.
  const tally = new Tally(tolerance, 1);
  const { vocabularySize, width } = model.network.description;
  const forwards = recording.sequences.map((tokens) => forward(model, { tokens: [tokens] }));
  forwards.forEach(({ logits, logProbs }, i) => {
    tally.compare(`logits of sequence ${i}`, logits, recording.logits[i].flat());
    tally.compare(`log-probabilities of sequence ${i}`, logProbs, recording.next_token_logprobs[i]);
  });
  const { sequence, last_hidden_state: states } = recording.hidden;
  tally.compare(`hidden states of sequence ${sequence}`, forwards[sequence]?.hidden ?? [], states.flat());
  if (states[0]?.length !== width) tally.same("width", width, states[0]?.length);
  for (const [name, padded] of Object.entries(recording.padded)) comparePadded(tally, model, name, padded);
  for (const [i, greedy] of recording.greedy.entries())
    compareGreedy(tally, model, `greedy ${i}`, greedy, vocabularySize);
  return tally.report();
}

function comparePadded(tally: Tally, model: LanguageModel, name: string, padded: z.infer<typeof paddedForm>): void {
  const { input_ids: tokens, attention_mask: mask, position_ids: given } = padded;
  const length = tokens[0].length;
  const { vocabularySize } = model.network.description;
  const isShared = (x: readonly number[] | readonly number[][]): x is readonly number[] => typeof x[0] === "number";
  const positions = isShared(given) ? tokens.map(() => given) : given;
  // Positions that count real tokens are what a model derives from the mask itself.
  const counted = mask.map((row) => {
    let count = 0;
    return row.map((real) => {
      count += real;
      return Math.max(count - 1, 0);
    });
  });
  const isCounted = JSON.stringify(counted) === JSON.stringify(positions);
  const { logits, logProbs } = forward(model, { tokens, mask, ...(isCounted ? {} : { positions }) });
  tokens.forEach((_, row) => {
    const real = mask[row].flatMap((m, t) => (m === 1 ? [t] : []));
    const at = (t: number) =>
      logits.subarray((row * length + t) * vocabularySize, (row * length + t + 1) * vocabularySize);
    const scored = real.filter((t) => mask[row][t + 1] === 1).map((t) => logProbs[row * (length - 1) + t]);
    tally.compare(`${name}, row ${row}: log-probabilities`, scored, padded.next_token_logprobs[row]);
    tally.compare(`${name}, row ${row}: last logits`, at(padded.last_real_position[row]), padded.last_real_logits[row]);
    const recorded = padded.logits_at_real_positions?.[row];
    if (recorded === undefined) return;
    tally.compare(
      `${name}, row ${row}: logits`,
      real.flatMap((t) => [...at(t)]),
      recorded.flat(),
    );
  });
}

/** One token after the other, up to the first that the recording chose by less than what the tolerance allows to differ. */
function compareGreedy(
  tally: Tally,
  model: LanguageModel,
  name: string,
  { prompt, continuation, top1_minus_top2: gaps }: LogitsRecording["greedy"][number],
  vocabularySize: number,
): void {
  const length = prompt.length + continuation.length;
  const compiled = compileForward(model, 1, length, {});
  const chosen: number[] = [];
  for (const [i, gap] of gaps.entries()) {
    if (gap <= 2 * tally.tolerance) break;
    // What follows the tokens known so far is not looked at by them.
    const known = [...prompt, ...continuation.slice(0, i)];
    const { logits } = compiled({ tokens: [[...known, ...new Array<number>(length - known.length).fill(0)]] });
    const last = logits.subarray((known.length - 1) * vocabularySize, known.length * vocabularySize);
    chosen.push(last.indexOf(last.reduce((a, b) => Math.max(a, b))));
  }
  tally.same(name, chosen, continuation.slice(0, chosen.length));
}

function forward(model: LanguageModel, batch: Batch): Forward {
  return compileForward(model, batch.tokens.length, batch.tokens[0].length, batch)(batch);
}

/** A program for batches with the fields that `like` has. */
function compileForward(
  model: LanguageModel,
  rows: number,
  length: number,
  like: Partial<Batch>,
): (batch: Batch) => Forward {
  const { engine, network } = model;
  const shape = [rows, length];
  const tokens = input("tokens", shape, "i32");
  const batch = {
    tokens,
    ...(like.mask === undefined ? {} : { mask: input("mask", shape) }),
    ...(like.positions === undefined ? {} : { positions: input("positions", shape, "i32") }),
  };
  const hidden = network.hidden(batch);
  const outputs: Record<string, Tensor> = {
    hidden,
    logits: network.logits(hidden),
    logProbs: network.tokenLogProbs(batch),
  };
  const program = compile(engine, { name: "recorded forward pass", outputs, parameters: blocksOf(model) });
  return (given) => {
    program.inputInts("tokens").set(given.tokens.flat());
    if (given.mask !== undefined) program.input("mask").set(given.mask.flat());
    if (given.positions !== undefined) program.inputInts("positions").set(given.positions.flat());
    program.run();
    const [states, logits, logProbs] = ["hidden", "logits", "logProbs"].map((name) => program.output(name).slice());
    return { hidden: states, logits, logProbs };
  };
}
