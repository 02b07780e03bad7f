/**
 * A training step of a small GPT: cross-entropy of the next token over 16 × 128 tokens, gradients, global-norm clip, AdamW. The
 * scripts of bench/peers are the same in PyTorch, jax and jax-js, from the same weights and tokens.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeLanguageModel } from "../../src/language/index.ts";
import { RandomStream } from "../../src/random/stream.ts";
import { compile } from "../../src/tensor/compile.ts";
import { createEngine, type Engine } from "../../src/tensor/engine.ts";
import { grad } from "../../src/tensor/grad.ts";
import { clipScale, norm } from "../../src/tensor/gradientNorms.ts";
import { input } from "../../src/tensor/graph.ts";
import { neg } from "../../src/tensor/ops/elementwise.ts";
import { mean } from "../../src/tensor/ops/reduce.ts";
import { Optimiser } from "../../src/tensor/optimisers.ts";
import { smallGpt } from "./smallGpt.ts";

export const ROWS = 16;
export const LENGTH = 128;
export const TOKENS = ROWS * LENGTH;
/** Multiplications and additions of a step's matrix products, attention's whole squares counted. */
export const FLOP = 11.6e9;

export const LEARNING_RATE = 3e-4;
export const MAXIMUM_NORM = 1;
export const WEIGHT_DECAY = 0.01;

/** The GELU with the error function, which is what PyTorch's and jax's scripts have without more words, and GPT-2's own with tanh. */
export type Activation = "gelu" | "geluTanh";

/** Rows of 129 tokens: all but the last are read, all but the first predicted. */
export function tokensOf(seed: number): Int32Array {
  const random = new RandomStream(seed, 0);
  return Int32Array.from({ length: ROWS * (LENGTH + 1) }, () => Math.floor(random.uniform() * smallGpt.vocabularySize));
}

/** Puts what the step starts from into a folder, for the same in other libraries: bench/peers/gpt_given.py. */
export async function writeGiven(folder: string, activation: Activation): Promise<void> {
  const { block } = makeLanguageModel(await createEngine(), smallGpt, { seed: 1 });
  const weights = block.tensors.map(({ attributes, shape }) => [attributes.name, shape]);
  const numbers = block.names.flatMap((name) => Array.from(block.values(name)));
  const { heads, layers, normEpsilon } = smallGpt;
  const approximate = activation === "geluTanh" ? "tanh" : "none";
  const rates = { learningRate: LEARNING_RATE, weightDecay: WEIGHT_DECAY, maximumNorm: MAXIMUM_NORM };
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "settings.json"),
    JSON.stringify({ rows: ROWS, heads, layers, normEpsilon, approximate, ...rates, weights }),
  );
  writeFileSync(join(folder, "weights.bin"), new Uint8Array(Float32Array.from(numbers).buffer));
  writeFileSync(join(folder, "tokens.bin"), new Uint8Array(tokensOf(2).buffer));
}

export function makeGptStep(engine: Engine, activation: Activation) {
  const model = makeLanguageModel(engine, { ...smallGpt, activation }, { seed: 1 });
  const { network, block } = model;
  const tokens = input("tokens", [ROWS, LENGTH], "i32");
  const targets = input("targets", [ROWS, LENGTH], "i32");
  const loss = neg(mean(network.targetLogProbs(network.hidden({ tokens }), targets)));
  const outputs = { loss, gradient: grad(loss, block.tensors) };
  const program = compile(engine, { name: "gpt", outputs, parameters: [block] });
  const gradient = program.outputRegion("gradient");
  const optimiser = new Optimiser(engine, block.region, { kind: "adamw", weightDecay: WEIGHT_DECAY });
  const all = tokensOf(2);
  program.inputInts("tokens").forEach((_, i, list) => {
    list[i] = all[Math.floor(i / LENGTH) * (LENGTH + 1) + (i % LENGTH)];
  });
  program.inputInts("targets").forEach((_, i, list) => {
    list[i] = all[Math.floor(i / LENGTH) * (LENGTH + 1) + (i % LENGTH) + 1];
  });
  return {
    model,
    program,
    /** Forward, backward, clip, AdamW. @returns the loss before the step. */
    step(): number {
      program.run();
      optimiser.step(gradient, LEARNING_RATE, clipScale(norm(gradient), MAXIMUM_NORM));
      return program.scalar("loss");
    },
  };
}
