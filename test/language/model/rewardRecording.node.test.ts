/** The recorded reward model: scores of TRL's first batch, at the last real token of each row, by GPT2ForSequenceClassification. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { atLastReal } from "../../../src/language/model/lastReal.ts";
import { compile } from "../../../src/tensor/compile.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { input } from "../../../src/tensor/graph.ts";
import { recordedModel } from "./support.ts";

test("gpt2-reward", async () => {
  const model = recordedModel(await createEngine(), "gpt2-reward");
  const path = new URL("../../golden/preferences/losses/reward.json", import.meta.url);
  const { batches, configs } = JSON.parse(readFileSync(path, "utf8"));
  const { input_ids: rows, attention_mask: masks } = batches.no_margin[0] as Record<string, number[][]>;
  const { chosen, rejected } = configs.plain.first_batch_rewards as Record<string, number[]>;
  const shape = [rows.length, rows[0].length];
  const batch = { tokens: input("tokens", shape, "i32"), mask: input("mask", shape) };
  const scores = atLastReal(model.network.scores(model.network.hidden(batch)), batch.mask);
  const program = compile(model.engine, { outputs: { scores }, parameters: [model.block] });
  program.inputInts("tokens").set(rows.flat());
  program.input("mask").set(masks.flat());
  program.run();
  const recorded = [...chosen, ...rejected];
  program.output("scores").forEach((score, i) => {
    expect(Math.abs(score - recorded[i]), `row ${i}`).toBeLessThan(1e-4);
  });
});
