/**
 * Scores of a reward model: the number at the last token of prompt and completion. Whether a completion was cut off shows in that it
 * has no end token there; nothing is appended to it. Padding on the right is not looked at.
 */

import { AscentError } from "../../errors.ts";
import type { Work } from "../../pauses.ts";
import { compiling } from "../../tensor/compile.ts";
import { input } from "../../tensor/graph.ts";
import type { Program } from "../../tensor/program.ts";
import type { LanguageModel } from "../model/languageModel.ts";

/** Rows of one run, and the multiple that lengths are padded to. */
const ROWS = 16;
const LENGTH_STEP = 16;

export type ModelScorer = (
  prompts: readonly (readonly number[])[],
  completions: readonly (readonly number[])[],
) => Work<Float64Array>;

/** @param model with the head "score". */
export function modelScorer({ engine, network, block, adapterBlock }: LanguageModel): ModelScorer {
  const programs = new Map<number, Program>();
  const { contextLength, vocabularySize } = network.description;

  function* programOf(length: number): Work<Program> {
    const known = programs.get(length);
    if (known !== undefined) return known;
    const tokens = input("tokens", [ROWS, length], "i32");
    const made = yield* compiling(engine, {
      name: `scores of ${ROWS} × ${length}`,
      outputs: { scores: network.scores(network.hidden({ tokens })) },
      parameters: adapterBlock === undefined ? [block] : [block, adapterBlock],
    });
    programs.set(length, made);
    return made;
  }

  return function* (prompts, completions) {
    const rows = prompts.map((prompt, i) => [...prompt, ...completions[i]]);
    const longest = rows.reduce((length, row) => Math.max(length, row.length), 1);
    requireFit(longest, contextLength, rows, vocabularySize);
    const length = Math.min(Math.ceil(longest / LENGTH_STEP) * LENGTH_STEP, contextLength);
    const program = yield* programOf(length);
    const found = new Float64Array(rows.length);
    for (let start = 0; start < rows.length; start += ROWS) {
      const some = rows.slice(start, start + ROWS);
      const tokens = program.inputInts("tokens").fill(0);
      some.forEach((row, i) => {
        tokens.set(row, i * length);
      });
      yield* program.running();
      program.requireFinite("The reward model");
      const scores = program.output("scores");
      some.forEach((row, i) => {
        found[start + i] = scores[i * length + row.length - 1];
      });
    }
    return found;
  };
}

function requireFit(longest: number, context: number, rows: readonly number[][], vocabularySize: number): void {
  const odd = rows.flat().find((token) => token >= vocabularySize);
  if (longest <= context && odd === undefined) return;
  throw new AscentError("option", {
    what: "The reward model cannot score these completions",
    got: odd === undefined ? `prompt and completion of ${longest} tokens` : `token ${odd}`,
    expected: odd === undefined ? `at most its context, ${context}` : `tokens from 0 to ${vocabularySize - 1}`,
    fix: "Use a reward model with the policy's tokenizer and at least its context.",
  });
}
