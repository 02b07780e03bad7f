/**
 * log π(completion | prompt) of any sequences under a model, without gradients: for references and for KTO's reference
 * point. A sequence's number depends on it and the model alone, not on what else is asked for with it, so what was computed
 * beforehand is what would be computed now, bit for bit.
 */

import { bucketOf } from "../../language/data/buckets.ts";
import { blocksOf, type LanguageModel } from "../../language/model/languageModel.ts";
import { sequenceLogProb } from "../../objectives/preferences/sequences.ts";
import type { Work } from "../../pauses.ts";
import { compiling } from "../../tensor/compile.ts";
import { input } from "../../tensor/graph.ts";
import type { Program } from "../../tensor/program.ts";
import { type EncodedSequence, writeSequence } from "./sequences.ts";

export interface SequenceScorer {
  /** Σ_t w_t log π(token t | tokens before it) over the tokens of each completion. */
  logProbs(sequences: readonly EncodedSequence[]): Work<Float32Array>;
}

/**
 * @param lengths of its programs, rising; sequences have at most the last.
 * @param rows of a run of its programs.
 * @param adapter false: the base model, LoRA's part left out.
 */
export function sequenceScorer(
  name: string,
  model: LanguageModel,
  lengths: readonly number[],
  rows: number,
  adapter = true,
): SequenceScorer {
  const programs = new Map<number, Program>();

  function* programOf(length: number): Work<Program> {
    const known = programs.get(length);
    if (known !== undefined) return known;
    const tokens = input("tokens", [rows, length], "i32");
    const logProb = sequenceLogProb(
      model.network.tokenLogProbs({ tokens }, { adapter }),
      input("weights", [rows, length - 1]),
    );
    const program = yield* compiling(model.engine, {
      name: `${name}, ${rows} × ${length}`,
      outputs: { logProb },
      parameters: blocksOf(model),
    });
    programs.set(length, program);
    return program;
  }

  return {
    *logProbs(sequences) {
      const found = new Float32Array(sequences.length);
      const byLength = new Map<number, number[]>();
      sequences.forEach(({ tokens }, i) => {
        const bucket = lengths[bucketOf(tokens.length, lengths)];
        byLength.set(bucket, [...(byLength.get(bucket) ?? []), i]);
      });
      for (const [length, members] of byLength) {
        const program = yield* programOf(length);
        for (let start = 0; start < members.length; start += rows) {
          const some = members.slice(start, start + rows);
          const into = { tokens: program.inputInts("tokens"), weights: program.input("weights") };
          // Rows that are left over repeat the last one: nobody reads theirs.
          for (let i = 0; i < rows; i++) writeSequence(sequences[some[Math.min(i, some.length - 1)]], i, length, into);
          yield* program.running();
          program.requireFinite(name);
          const logProb = program.output("logProb");
          some.forEach((member, i) => {
            found[member] = logProb[i];
          });
        }
      }
      return found;
    },
  };
}
