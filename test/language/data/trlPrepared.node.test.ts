/**
 * Rows as TRL 1.13.0 prepares them: `_prepare_dataset` of its SFT, DPO and KTO trainers, and their truncation, with the recorded
 * tokenizer (`test/golden/text`). Token ids and masks equal. Node only: the file is read from disk.
 */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { makeSequenceBatch, writePreferences, writeRows } from "../../../src/language/data/batches.ts";
import type { TextKind } from "../../../src/language/data/examples.ts";
import { recordingTokenizer } from "./recordingTokenizer.ts";
import { readAll } from "./support.ts";

interface Row {
  ids: number[];
  mask: number[];
  label?: boolean;
}

interface Entry {
  name: string;
  options: { max_length?: number; truncation_mode?: "keep_start" | "keep_end" };
  examples: Record<string, unknown>[];
  rows?: Row[];
  pairs?: [Row, Row][];
}

const url = new URL("../../golden/text/trlPrepared.json", import.meta.url);
const { entries } = JSON.parse(readFileSync(url, "utf8")) as { entries: Entry[] };
const tokenizer = recordingTokenizer();

/** The ids and the mask of a row of a batch, without its padding. */
function rowOf(
  batch: { tokens: Int32Array; completionMask: Float32Array; length: number },
  row: number,
  length: number,
): Row {
  const from = row * batch.length;
  return {
    ids: [...batch.tokens.subarray(from, from + length)],
    mask: [...batch.completionMask.subarray(from, from + length)],
  };
}

/** TRL's mask has the first token too, which the shift by one takes away. */
const scored = ({ ids, mask, label }: Row): Row => ({
  ids,
  mask: [0, ...mask.slice(1)],
  ...(label === undefined ? {} : { label }),
});

const KINDS: Record<string, TextKind[]> = {
  sft: ["prompt-completion", "language-modelling"],
  dpo: ["preference"],
  kto: ["unpaired"],
};

const byTokens = "dpo: texts without prompt";

test.each(entries.filter(({ name }) => name !== byTokens))(
  "$name",
  async ({ name, examples, options, rows, pairs }) => {
    const data = await readAll(examples, tokenizer, {
      kinds: KINDS[name.split(":")[0]],
      ...(options.max_length === undefined ? {} : { maxLength: options.max_length }),
      ...(options.truncation_mode === undefined ? {} : { truncation: options.truncation_mode }),
    });
    const made: unknown[] = [];
    for (let i = 0; i < data.rows.length; i++) {
      if (data.kind === "preference") {
        const row = data.rows.at(i)!;
        const batch = writePreferences([row], tokenizer.padId, makeSequenceBatch(2, 128));
        const lengths = [row.chosen.length, row.rejected.length].map((length) => row.prompt.length + length);
        made.push(lengths.map((length, side) => rowOf(batch, side, length)));
      } else if (data.kind !== "prompt-only") {
        const row = data.rows.at(i)!;
        const batch = writeRows([row], tokenizer.padId, makeSequenceBatch(1, 128));
        const label = row.label === undefined ? {} : { label: row.label };
        made.push({ ...rowOf(batch, 0, row.prompt.length + row.completion.length), ...label });
      }
    }
    // Unpaired here one after the other, in TRL all chosen first.
    const order =
      name === "kto: preferences"
        ? (list: unknown[]) => [0, 1].flatMap((side) => list.filter((_, i) => i % 2 === side))
        : (list: unknown[]) => list;
    expect(order(made)).toEqual(rows === undefined ? pairs!.map((pair) => pair.map(scored)) : rows.map(scored));
  },
);

test("texts without a prompt: the same tokens, split at a token's end where TRL splits at a character", async () => {
  const { examples, pairs } = entries.find(({ name }) => name === byTokens)!;
  const data = await readAll(examples, tokenizer);
  if (data.kind !== "preference") throw new Error(data.kind);
  for (let i = 0; i < examples.length; i++) {
    const { prompt, chosen, rejected } = data.rows.at(i)!;
    const [one, other] = pairs![i];
    for (const [row, answer, field] of [
      [one, chosen, "chosen"],
      [other, rejected, "rejected"],
    ] as const) {
      expect([...prompt, ...answer]).toEqual([...tokenizer.encode(examples[i][field] as string), tokenizer.eosId]);
      // What both begin with in TRL begins with the prompt here.
      expect(row.ids.slice(0, prompt.length)).toEqual(prompt);
    }
  }
});
