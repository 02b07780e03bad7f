/**
 * The completions of one iteration as rows of tokens of one length, what they were scored, and numbers for their tokens. Those lie
 * where their predictions do: place t of a row is of token t + 1.
 */

import type { Completion } from "../../../language/generation/generator.ts";
import type { Scores } from "../../../language/rewards/scoring.ts";
import type { Figures } from "../../../learners/learner.ts";

export interface CompletionBatch {
  /** Completions: those of the first prompt, then those of the next. */
  readonly rows: number;
  /** Tokens that prompt and completion are padded to. */
  readonly length: number;
  readonly prompts: readonly (readonly number[])[];
  readonly completions: readonly (readonly number[])[];
  /** 1 where a completion ended by itself, 0 where it was cut off [rows]. */
  readonly ended: Uint8Array;
  /** Tokens of each completion [rows]. */
  readonly lengths: Int32Array;
  /** [rows × length], 0 behind the end. */
  readonly tokens: Int32Array;
  /** 1 on the tokens of completions [rows × (length − 1)]. */
  readonly mask: Float32Array;
  /** log π of the distribution that each token was drawn from [rows × (length − 1)]; 0 elsewhere. */
  readonly sampledLogProb: Float32Array;
}

export interface ScoredBatch extends CompletionBatch {
  readonly scores: Scores;
}

export function completionBatch(
  prompts: readonly (readonly number[])[],
  drawn: readonly Completion[],
  length: number,
): CompletionBatch {
  const rows = drawn.length;
  const places = length - 1;
  const tokens = new Int32Array(rows * length);
  const mask = new Float32Array(rows * places);
  const sampledLogProb = new Float32Array(rows * places);
  drawn.forEach((completion, row) => {
    tokens.set(prompts[row], row * length);
    tokens.set(completion.tokens, row * length + prompts[row].length);
    const first = row * places + prompts[row].length - 1;
    mask.fill(1, first, first + completion.tokens.length);
    sampledLogProb.set(completion.logProbs, first);
  });
  return {
    ...{ rows, length, prompts, tokens, mask, sampledLogProb },
    completions: drawn.map((completion) => Array.from(completion.tokens)),
    ended: Uint8Array.from(drawn, ({ stopped }) => (stopped ? 1 : 0)),
    lengths: Int32Array.from(drawn, (completion) => completion.tokens.length),
  };
}

/** Numbers of tokens from their places into rows that begin with the completion [rows × tokens of the longest]; 0 behind it. */
export function atCompletions(batch: CompletionBatch, values: ArrayLike<number>): Float64Array {
  const longest = longestOf(batch);
  const out = new Float64Array(batch.rows * longest);
  for (let row = 0; row < batch.rows; row++) {
    const first = firstPlace(batch, row);
    for (let t = 0; t < batch.lengths[row]; t++) out[row * longest + t] = values[first + t];
  }
  return out;
}

/** From such rows to one completion's numbers behind the other's [tokens of all]. */
export function oneBehindTheOther(batch: CompletionBatch, rows: ArrayLike<number>): Float64Array {
  const longest = longestOf(batch);
  const out = new Float64Array(tokenTotal(batch));
  for (let row = 0, at = 0; row < batch.rows; row++) {
    for (let t = 0; t < batch.lengths[row]; t++) out[at++] = rows[row * longest + t];
  }
  return out;
}

/** And from there back to their places [rows × (length − 1)]; 0 elsewhere. */
export function toPlaces(batch: CompletionBatch, flat: ArrayLike<number>): Float32Array {
  const out = new Float32Array(batch.mask.length);
  for (let row = 0, at = 0; row < batch.rows; row++) {
    const first = firstPlace(batch, row);
    for (let t = 0; t < batch.lengths[row]; t++) out[first + t] = flat[at++];
  }
  return out;
}

function longestOf({ lengths }: CompletionBatch): number {
  return lengths.reduce((a, b) => Math.max(a, b), 0);
}

/** The place of a completion's first token. */
export function firstPlace({ length, prompts }: CompletionBatch, row: number): number {
  return row * (length - 1) + prompts[row].length - 1;
}

/** Tokens of all completions. */
export function tokenTotal({ lengths }: CompletionBatch): number {
  return lengths.reduce((a, b) => a + b, 0);
}

/**
 * TRL's sampling/…: how far log π as it was sampled from is from that of the whole forward pass. Nothing but rounding, or one of
 * them is not the policy's.
 */
export function samplingFigures(batch: CompletionBatch, logProb: ArrayLike<number>): Figures {
  let [sum, most] = [0, 0];
  for (let i = 0; i < batch.mask.length; i++) {
    if (batch.mask[i] === 0) continue;
    const difference = Math.abs(batch.sampledLogProb[i] - logProb[i]);
    sum += difference;
    most = Math.max(most, difference);
  }
  return {
    "sampling/sampling_logp_difference/mean": sum / tokenTotal(batch),
    "sampling/sampling_logp_difference/max": most,
  };
}

/** TRL's completions/…: lengths of all, and of those that ended by themselves; 0 without any, as there. */
export function lengthFigures({ lengths, ended }: CompletionBatch): Figures {
  const own = lengths.filter((_, i) => ended[i] === 1);
  const figures: Figures = {};
  for (const [name, some] of [
    ["length", lengths],
    ["terminated_length", own],
  ] as const) {
    figures[`completions/mean_${name}`] = some.length === 0 ? 0 : some.reduce((a, b) => a + b, 0) / some.length;
    figures[`completions/min_${name}`] = some.length === 0 ? 0 : Math.min(...some);
    figures[`completions/max_${name}`] = some.length === 0 ? 0 : Math.max(...some);
  }
  figures["completions/clipped_ratio"] = 1 - own.length / lengths.length;
  return figures;
}
