/** What the tests of language models share: the recorded models, and small ones of every family. */

import { readdirSync, readFileSync } from "node:fs";
import type { LanguageModelDescription } from "../../../src/language/model/description.ts";
import type { LanguageModel } from "../../../src/language/model/languageModel.ts";
import { decodeLanguageModel } from "../../../src/language/model/modelFiles.ts";
import type { Engine } from "../../../src/tensor/engine.ts";

const models = new URL("../../golden/preferences/models/", import.meta.url);

export const recordedModels = readdirSync(models).sort();

/** The files of a recorded model, by name. */
export function recordedFiles(name: string): Record<string, Uint8Array> {
  const folder = new URL(`${name}/`, models);
  return Object.fromEntries(
    readdirSync(folder).map((file) => [file, new Uint8Array(readFileSync(new URL(file, folder)))]),
  );
}

export function recordedModel(engine: Engine, name: string): LanguageModel {
  return decodeLanguageModel(engine, recordedFiles(name));
}

const gpt2: LanguageModelDescription = {
  ...{ family: "gpt2", vocabularySize: 11, contextLength: 8, width: 8, layers: 2, heads: 2, keyValueHeads: 2 },
  ...{ headSize: 4, hiddenSize: 12, norm: "layer", normEpsilon: 1e-5, positions: "learned", activation: "geluTanh" },
  ...{
    gated: false,
    tiedHead: true,
    attentionBias: "all",
    feedForwardBias: true,
    queryKeyNorm: false,
    head: "language",
  },
};

const llama: LanguageModelDescription = {
  ...gpt2,
  ...{
    family: "llama",
    keyValueHeads: 1,
    norm: "rms",
    positions: { rotaryBase: 100 },
    activation: "silu",
    gated: true,
  },
  ...{ tiedHead: false, attentionBias: "none", feedForwardBias: false },
};

/** One small description of every kind of part. */
export const smallDescriptions: Readonly<Record<string, LanguageModelDescription>> = {
  gpt2,
  "gpt2, untied, erf": { ...gpt2, tiedHead: false, activation: "gelu" },
  "gpt2, score": { ...gpt2, head: "score" },
  llama,
  "llama, all biases": { ...llama, attentionBias: "all", feedForwardBias: true, tiedHead: true },
  qwen2: { ...llama, family: "qwen2", attentionBias: "queryKeyValue" },
  qwen3: { ...llama, family: "qwen3", queryKeyNorm: true },
};
