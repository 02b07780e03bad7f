/** A tiny model, a few rows, and learners of every algorithm on them: seconds, not minutes. */

import type { LanguageAlgorithmName } from "../../../src/algorithms/language/byName.ts";
import type { LanguageMaterial } from "../../../src/algorithms/language/languageAlgorithm.ts";
import { languageAlgorithms } from "../../../src/algorithms/language/languageRegistry.ts";
import { type PreferenceRow, type PromptCompletion, unpairPreferences } from "../../../src/language/data/rows.ts";
import { addAdapter } from "../../../src/language/model/adapter.ts";
import type { LanguageModelDescription } from "../../../src/language/model/description.ts";
import { type LanguageModel, makeLanguageModel } from "../../../src/language/model/languageModel.ts";
import type { LanguageLearner } from "../../../src/learners/languageLearner.ts";
import { finish } from "../../../src/pauses.ts";
import { RandomStream } from "../../../src/random/index.ts";
import { createEngine, type Engine } from "../../../src/tensor/engine.ts";

export const tiny: LanguageModelDescription = {
  ...{ family: "gpt2", vocabularySize: 11, contextLength: 12, width: 8, layers: 2, heads: 2, keyValueHeads: 2 },
  ...{ headSize: 4, hiddenSize: 16, norm: "layer", normEpsilon: 1e-5, positions: "learned", activation: "geluTanh" },
  ...{
    gated: false,
    tiedHead: true,
    attentionBias: "all",
    feedForwardBias: true,
    queryKeyNorm: false,
    head: "language",
  },
};

export const tinyLlama: LanguageModelDescription = {
  ...tiny,
  ...{ family: "llama", norm: "rms", positions: { rotaryBase: 500 }, activation: "silu", gated: true },
  ...{ tiedHead: false, attentionBias: "none", feedForwardBias: false },
};

export const lora = { rank: 2, alpha: 4, targets: ["c_attn"] };

/** Larger starting values than GPT-2's, so that a reference and a policy of another seed differ by something to see. */
export function tinyModel(engine: Engine, seed = 1, description = tiny, scale = 8): LanguageModel {
  const model = makeLanguageModel(engine, description, { seed });
  for (const name of model.block.names) {
    const values = model.block.values(name);
    if (!/ln_|norm|bias/.test(name)) values.set(values.map((x) => x * scale));
  }
  return model;
}

/** Pairs of several lengths, their prompts too. */
export function somePairs(count: number, seed = 3): PreferenceRow[] {
  const random = new RandomStream(seed, 2000);
  const tokens = (length: number) => Array.from({ length }, () => 3 + Math.floor(8 * random.uniform()));
  return Array.from({ length: count }, (_, i) => ({
    prompt: [1, ...tokens(i % 3)],
    chosen: [...tokens(1 + (i % 4)), 2],
    rejected: [...tokens(1 + ((i + 2) % 5)), 2],
  }));
}

/** What each algorithm learns from, out of pairs. */
export function rowsFor(name: LanguageAlgorithmName, pairs: readonly PreferenceRow[]): readonly object[] {
  const from = languageAlgorithms[name].learnsFrom;
  if (from === "preference") return pairs;
  if (from === "unpaired") return unpairPreferences(pairs);
  return pairs.map(({ prompt, chosen }): PromptCompletion => ({ prompt, completion: chosen }));
}

export interface Made {
  learner: LanguageLearner;
  model: LanguageModel;
}

export interface Making {
  name: LanguageAlgorithmName;
  pairs?: readonly PreferenceRow[];
  options?: Readonly<Record<string, unknown>>;
  model?: LanguageModel;
  reference?: LanguageModel;
  adapter?: boolean;
  steps?: number;
}

export const dataAlgorithms: readonly LanguageAlgorithmName[] = ["sft", "reward-model", "dpo", "kto", "cpo", "orpo"];

export async function make({ name, pairs = somePairs(10), options, steps = 40, ...given }: Making): Promise<Made> {
  const engine = given.model?.engine ?? (await createEngine());
  const { head } = languageAlgorithms[name];
  const base = given.model ?? tinyModel(engine, 1, { ...tiny, head });
  const model = given.adapter ? addAdapter(base, lora, { seed: 5 }) : base;
  const material: LanguageMaterial<never> = {
    model,
    rows: rowsFor(name, pairs) as never[],
    ...(given.reference && { reference: given.reference }),
  };
  const own = { batchSize: 4, learningRate: 0.01, ...options };
  const making = languageAlgorithms[name].making as (
    material: LanguageMaterial<never>,
    options: Readonly<Record<string, unknown>>,
    steps: number,
  ) => ReturnType<(typeof languageAlgorithms)["dpo"]["making"]>;
  return { learner: finish(making(material, own, steps)), model };
}

export function iterate(learner: LanguageLearner, times: number) {
  return Array.from({ length: times }, () => learner.iterate());
}

export function numbersOf({ block, adapterBlock }: LanguageModel): Float32Array {
  return Float32Array.from([...block.flat(), ...(adapterBlock?.flat() ?? [])]);
}
