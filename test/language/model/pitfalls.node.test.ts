/** Mistakes that others' language models were found to have, each with where it was reported: what a model does instead. */

import { describe, expect, test } from "vitest";
import { addAdapter, mergeAdapter } from "../../../src/language/model/adapter.ts";
import { blocksOf, type LanguageModel } from "../../../src/language/model/languageModel.ts";
import { atLastReal } from "../../../src/language/model/lastReal.ts";
import { decodeLanguageModel } from "../../../src/language/model/modelFiles.ts";
import { compile } from "../../../src/tensor/compile.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { input, type Tensor } from "../../../src/tensor/graph.ts";
import { outputsOf, recordedFiles, recordedModel } from "./support.ts";

const engine = await createEngine();
const row = [5, 17, 88, 41, 9];

/** What a graph on a batch gives for rows of tokens with their masks. */
function run(
  model: LanguageModel,
  rows: readonly number[][],
  masks: readonly number[][],
  graph: (batch: { tokens: Tensor; mask: Tensor }) => Tensor,
): number[] {
  const shape = [rows.length, rows[0].length];
  const batch = { tokens: input("tokens", shape, "i32"), mask: input("mask", shape) };
  const program = compile(engine, { outputs: { y: graph(batch) }, parameters: blocksOf(model) });
  program.inputInts("tokens").set(rows.flat());
  program.input("mask").set(masks.flat());
  program.run();
  return [...program.output("y")];
}

const expectNear = (actual: ArrayLike<number>, expected: ArrayLike<number>, within = 1e-5) => {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i] - expected[i]), `${i}`).toBeLessThan(within);
};

describe.each(["gpt2-policy", "qwen3"])("%s", (name) => {
  const model = recordedModel(engine, name);

  test("padding on the left moves no positions: log-probabilities are the same (trl #454, #469, #6800; OpenRLHF #217)", () => {
    const { network } = model;
    const plain = run(model, [row], [row.map(() => 1)], (batch) => network.tokenLogProbs(batch));
    const left = run(model, [[0, 0, 0, ...row]], [[0, 0, 0, 1, 1, 1, 1, 1]], (batch) => network.tokenLogProbs(batch));
    const right = run(model, [[...row, 0, 0, 0]], [[1, 1, 1, 1, 1, 0, 0, 0]], (batch) => network.tokenLogProbs(batch));
    expectNear(left.slice(3), plain);
    expectNear(right.slice(0, 4), plain);
  });

  test("a temperature divides logits, not log-probabilities (prime-rl #697, trl #4159)", () => {
    const { network } = model;
    const vocabulary = network.description.vocabularySize;
    const logits = outputsOf(model, row);
    const warm = run(model, [row], [row.map(() => 1)], (batch) => network.tokenLogProbs(batch, { temperature: 0.6 }));
    const expected = row.slice(1).map((token, t) => {
      const own = Array.from(logits.slice(t * vocabulary, (t + 1) * vocabulary), (x) => x / 0.6);
      const most = Math.max(...own);
      return own[token] - most - Math.log(own.reduce((sum, x) => sum + Math.exp(x - most), 0));
    });
    expectNear(warm, expected);
  });

  test("an adapter that was trained before is merged, so that its model and not the bare base is the reference (trl #495, #5222)", () => {
    const trained = addAdapter(
      model,
      { rank: 2, alpha: 4, targets: [name === "qwen3" ? "q_proj" : "c_attn"] },
      { seed: 1 },
    );
    const numbers = trained.adapterBlock!.flat();
    for (let i = 0; i < numbers.length; i++) numbers[i] = ((i * 7) % 11) / 30 - 0.15;
    const start = outputsOf(trained, row);
    const bare = outputsOf(trained, row, false);
    expect(Math.max(...start.map((x, i) => Math.abs(x - bare[i])))).toBeGreaterThan(0.01);
    const again = addAdapter(mergeAdapter(trained), trained.network.description.lora!, { seed: 2 });
    expectNear(outputsOf(again, row, false), start);
    expectNear(outputsOf(again, row), start);
  });
});

test("dropout that a config.json asks for is not there: a model gives the same twice (trl #744, #2042)", () => {
  const files = recordedFiles("gpt2-policy");
  const config = JSON.parse(new TextDecoder().decode(files["config.json"]));
  const dropping = { ...config, attn_pdrop: 0.5, embd_pdrop: 0.5, resid_pdrop: 0.5 };
  const bytes = new TextEncoder().encode(JSON.stringify(dropping));
  const model = decodeLanguageModel(engine, { ...files, "config.json": bytes });
  expect(outputsOf(model, row)).toEqual(outputsOf(recordedModel(engine, "gpt2-policy"), row));
});

test("a score is read at the last real token where the padding is the end token too (trl #937, #2758, #2778)", () => {
  const model = recordedModel(engine, "gpt2-reward");
  const end = 2;
  const score = (tokens: number[], mask: number[]) =>
    run(model, [tokens], [mask], (batch) =>
      atLastReal(model.network.scores(model.network.hidden(batch)), batch.mask),
    )[0];
  const plain = score([...row, end], [1, 1, 1, 1, 1, 1]);
  expect(score([...row, end, end, end], [1, 1, 1, 1, 1, 1, 0, 0])).toBeCloseTo(plain, 5);
  expect(score([end, end, ...row, end], [0, 0, 1, 1, 1, 1, 1, 1])).toBeCloseTo(plain, 5);
});
