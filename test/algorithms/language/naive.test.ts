/** Learners against the plainest thing that could be done: a row at a time, without padding, and Adam written out. */

import { expect, test } from "vitest";
import type { LanguageModel } from "../../../src/language/model/languageModel.ts";
import { preferenceLoss } from "../../../src/objectives/preferences/preferenceLoss.ts";
import { compile } from "../../../src/tensor/compile.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { grad } from "../../../src/tensor/grad.ts";
import { constant, type Tensor } from "../../../src/tensor/graph.ts";
import { reshape, sliceAxis } from "../../../src/tensor/ops/layout.ts";
import { sum } from "../../../src/tensor/ops/reduce.ts";
import { iterate, make, numbersOf, somePairs, tinyModel } from "./support.ts";

const pairs = somePairs(6);

function logProb({ network }: LanguageModel, prompt: readonly number[], completion: readonly number[]): Tensor {
  const tokens = [...prompt, ...completion];
  const all = network.tokenLogProbs({ tokens: constant(tokens, [1, tokens.length], "i32") });
  return reshape(sum(sliceAxis(all, 1, prompt.length - 1, completion.length)), [1]);
}

test("five updates of DPO by AdamW with a falling rate, cut gradients and decay", async () => {
  const engine = await createEngine();
  const reference = tinyModel(engine, 2);
  const model = tinyModel(engine, 1);
  const settings = { weightDecay: 0.1, maxGradNorm: 0.5, learningRate: { kind: "linear", from: 0.02 } } as const;
  const { learner } = await make({
    name: "dpo",
    ...{ pairs, reference, model: tinyModel(engine, 1), steps: 60 },
    options: { ...settings, batchSize: 6, microBatchSize: 4, beta1: 0.8, beta2: 0.9 },
  });
  const programs = pairs.map(({ prompt, chosen, rejected }) => {
    const side = (completion: readonly number[]) => ({
      logProb: logProb(model, prompt, completion),
      referenceLogProb: logProb(reference, prompt, completion),
    });
    const loss = preferenceLoss({ chosen: side(chosen), rejected: side(rejected) });
    const outputs = { loss, gradient: grad(loss, [...model.block.tensors]) };
    return compile(engine, { outputs, parameters: [model.block, reference.block] });
  });
  const weights = model.block.flat();
  const [mean, square] = [new Float64Array(weights.length), new Float64Array(weights.length)];
  for (let step = 1; step <= 5; step++) {
    const gradient = new Float64Array(weights.length);
    let loss = 0;
    for (const program of programs) {
      program.run();
      loss += program.scalar("loss") / pairs.length;
      program.output("gradient").forEach((g, i) => {
        gradient[i] += g / pairs.length;
      });
    }
    const norm = Math.sqrt(gradient.reduce((total, g) => total + g * g, 0));
    const rate = 0.02 * (1 - ((step - 1) * 6) / 60);
    gradient.forEach((raw, i) => {
      const g = raw * Math.min(1, 0.5 / norm);
      mean[i] = 0.8 * mean[i] + 0.2 * g;
      square[i] = 0.9 * square[i] + 0.1 * g * g;
      const [m, v] = [mean[i] / (1 - 0.8 ** step), square[i] / (1 - 0.9 ** step)];
      weights[i] -= rate * (m / (Math.sqrt(v) + 1e-8) + 0.1 * weights[i]);
    });
    const figures = learner.iterate();
    expect(figures["loss"]).toBeCloseTo(loss, 5);
    expect(figures["gradientNorm"]).toBeCloseTo(norm, 4);
    expect(figures["learningRate"]).toBeCloseTo(rate, 12);
  }
  const trained = numbersOf(learner.model());
  expect(Math.max(...trained.map((x, i) => Math.abs(x - weights[i])))).toBeLessThan(2e-3);
  const apart = trained.map((x, i) => (x - weights[i]) ** 2).reduce((a, b) => a + b, 0);
  expect(Math.sqrt(apart / trained.length)).toBeLessThan(1e-4);
});

test("a warm-up raises the rate to its schedule over its share of the run", async () => {
  const { learner } = await make({
    name: "sft",
    options: { batchSize: 5, warmup: 0.5, learningRate: 0.1 },
    steps: 40,
  });
  const rates = iterate(learner, 8).map(({ learningRate }) => learningRate);
  [1, 2, 3, 4, 4, 4, 4, 4].forEach((quarter, i) => {
    expect(rates[i]).toBeCloseTo((0.1 * quarter) / 4, 12);
  });
});
