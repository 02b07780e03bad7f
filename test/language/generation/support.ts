/** The long way to a completion: the whole forward pass for every token. */

import { sampleToken } from "../../../src/language/generation/sampling.ts";
import type { SamplingOptions } from "../../../src/language/generation/samplingOptions.ts";
import type { LanguageModelDescription } from "../../../src/language/model/description.ts";
import { type LanguageModel, makeLanguageModel } from "../../../src/language/model/languageModel.ts";
import { RandomStream, streams } from "../../../src/random/index.ts";
import { compile } from "../../../src/tensor/compile.ts";
import type { Engine } from "../../../src/tensor/engine.ts";
import { input } from "../../../src/tensor/graph.ts";

/** A model whose logits differ enough for samples to mean something; its adapter, if any, is not zero. */
export function livelyModel(engine: Engine, description: LanguageModelDescription, seed = 1): LanguageModel {
  const model = makeLanguageModel(engine, description, { seed });
  const random = new RandomStream(seed, streams.user);
  for (const block of [model.block, model.adapterBlock]) {
    const values = block?.flat() ?? new Float32Array(0);
    for (const [i, x] of values.entries()) values[i] = x + 0.3 * random.normal();
  }
  return model;
}

/** Logits at every position of a sequence [length × vocabulary]. */
export function fullForward(model: LanguageModel, sequence: readonly number[], adapter = true): Float32Array {
  const { engine, network, block, adapterBlock } = model;
  const tokens = input("tokens", [1, sequence.length], "i32");
  const program = compile(engine, {
    outputs: { logits: network.logits(network.hidden({ tokens }, { adapter })) },
    parameters: adapterBlock === undefined ? [block] : [block, adapterBlock],
  });
  program.inputInts("tokens").set(sequence);
  program.run();
  return program.output("logits").slice();
}

export function naively(
  model: LanguageModel,
  prompt: readonly number[],
  options: SamplingOptions & { maxNewTokens: number; stopTokens?: readonly number[]; adapter?: boolean },
  random: { seed: number; index: number },
): { tokens: number[]; logProbs: number[] } {
  const { vocabularySize } = model.network.description;
  const { maxNewTokens, stopTokens = [], adapter, ...sampling } = options;
  const stream = new RandomStream(random.seed, streams.tokens, random.index);
  const result = { tokens: [] as number[], logProbs: [] as number[] };
  while (result.tokens.length < maxNewTokens) {
    const logits = fullForward(model, [...prompt, ...result.tokens], adapter).slice(-vocabularySize);
    const { token, logProb } = sampleToken(logits, stream.uniform(), sampling);
    result.tokens.push(token);
    result.logProbs.push(logProb);
    if (stopTokens.includes(token)) break;
  }
  return result;
}
