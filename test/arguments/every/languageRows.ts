/** Valid arguments of the functions of "ascent-rl/language", on a model of a few dozen numbers. */

import {
  characterTokenizer,
  encodeLanguageModel,
  makeLanguageModel,
  makeSequenceBatch,
  readTextData,
  sentenceWorld,
} from "../../../src/language/index.ts";
import type { LanguageModelDescription } from "../../../src/language/model/description.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { input } from "../../../src/tensor/graph.ts";
import { also, maybe, options, parts, settings } from "./harness.ts";

export const tinyDescription: LanguageModelDescription = {
  ...{
    family: "gpt2",
    vocabularySize: 3,
    contextLength: 2,
    width: 2,
    layers: 1,
    heads: 1,
    keyValueHeads: 1,
    headSize: 2,
  },
  ...{ hiddenSize: 2, norm: "layer", normEpsilon: 1e-5, positions: "learned", activation: "geluTanh", gated: false },
  ...{ tiedHead: true, attentionBias: "all", feedForwardBias: true, queryKeyNorm: false, head: "language" },
};

export async function languageRows(): Promise<Record<string, () => unknown[]>> {
  const engine = await createEngine();
  const model = makeLanguageModel(engine, tinyDescription, { seed: 0 });
  const files = encodeLanguageModel(model);
  const sentences = sentenceWorld({ letters: 1, length: 1 });
  const sentenceModel = makeLanguageModel(engine, sentences.model, { seed: 0 });
  const described = () =>
    settings({
      ...tinyDescription,
      lora: maybe(settings({ rank: 1, alpha: 1, targets: ["c_attn"], dropout: maybe(0) })),
      specialTokens: also({ eos: 2 }, "nothing", "object"),
    });
  const tokenizer = characterTokenizer("ab");
  const batch = makeSequenceBatch(2, 4);
  const row = { prompt: [3], completion: [4] };
  const pair = { prompt: [3], chosen: [4], rejected: [3] };
  const tokenizerFiles = tokenizer.files();
  const { report } = await readTextData([{ fields: { text: "ab" }, place: "line 1" }], tokenizer);
  const lora = { rank: 1, alpha: 1, targets: ["c_attn"] };
  const withAdapter = makeLanguageModel(engine, { ...tinyDescription, lora }, { seed: 0 });
  return {
    batchOrder: () => [
      [3, 4],
      settings({
        ...{ rows: 2, seed: 0, shuffle: maybe(true) },
        ...{ buckets: maybe(2), multipleOf: maybe(4), longest: maybe(8) },
      }),
    ],
    bucketLengths: () => [[3, 4], options({ buckets: 2, multipleOf: 4, longest: 8 })],
    bytePairTokenizer: () => [
      also("ab ab", "list"),
      settings({
        vocabularySize: 300,
        ...{
          special: maybe(["<sep>"]),
          minFrequency: maybe(1),
          addBos: maybe(true),
          chatTemplate: maybe("{{ messages }}"),
        },
      }),
    ],
    characterTokenizer: () => ["ab", options({ special: ["<sep>"], addBos: true, chatTemplate: "{{ messages }}" })],
    completionTokens: () => [batch],
    describeReport: () => [report],
    jsonLineRecords: () => [also(["{}"], "text"), "a.jsonl"],
    jsonRecords: () => [also(["{}"], "text"), "a.json"],
    makeSequenceBatch: () => [2, 4],
    parquetRecords: () => [
      new Uint8Array(1),
      "a.parquet",
      options({ columns: ["text"], decompressors: also({}, "object") }),
    ],
    readTextData: () => [
      also([{ fields: { text: "ab" }, place: "line 1" }]),
      tokenizer,
      options({
        ...{ maxLength: 4, truncation: "drop", kinds: ["language-modelling"] },
        ...{ maxPromptLength: 4, addEos: true, limit: 1, keep: ["id"] },
      }),
    ],
    shownText: () => [tokenizer, [3], maybe(10)],
    splitBatch: () => [batch, 1, maybe(2)],
    textTokenizer: () => [
      tokenizerFiles["tokenizer.json"],
      also(tokenizerFiles["tokenizer_config.json"], "object"),
      maybe("{{ messages }}"),
    ],
    tokenWindows: () => [[3, 4], 2],
    unpairPreferences: () => [[pair]],
    writePreferences: () => [[pair], 0, batch],
    writeRows: () => [[row], 0, batch],
    scoringModel: () => [model, settings({ seed: 0, name: maybe("scores") })],
    addAdapter: () => [model, settings({ ...lora, dropout: maybe(0) }), settings({ seed: 0, name: maybe("model") })],
    mergeAdapter: () => [withAdapter, options({ name: "merged" })],
    atLastReal: () => [input("values", [2, 3]), input("mask", [2, 3])],
    copyLanguageModel: () => [model, settings({ name: "copy" })],
    decodeLanguageModel: () => [engine, parts(files), options({ name: "model" })],
    encodeLanguageModel: () => [model, options({ dtype: "float16", maxShardBytes: 1e9, base: "folder" })],
    languageNetwork: () => [described(), maybe("network")],
    makeGenerator: () => [
      model,
      settings({
        ...{ rows: 1, promptLength: 1, maxNewTokens: 1, temperature: maybe(1), topK: maybe(0), topP: maybe(1) },
        ...{ greedy: maybe(false), stopTokens: maybe([0]), adapter: maybe(true) },
      }),
    ],
    additionWorld: () => [options({ length: 2 })],
    bestOfNGenerator: () => [
      model,
      also(() => [1], "list"),
      settings({
        ...{ n: 2, rows: 1, promptLength: 1, maxNewTokens: 1, temperature: maybe(1), topK: maybe(0), topP: maybe(1) },
        ...{ greedy: maybe(false), stopTokens: maybe([0]), adapter: maybe(true) },
      }),
    ],
    listedLogProbs: () => [sentenceModel, sentences],
    namesWorld: () => [],
    randomWalks: () => [options({ nodes: 21, maxLength: 10, graphSeed: 1 })],
    reverseWorld: () => [options({ length: 2 })],
    sentenceIndex: () => [sentences, [2]],
    sentenceWorld: () => [options({ letters: 1, length: 1, worldSeed: 0, rewardScale: 1 })],
    sortWorld: () => [options({ length: 2 })],
    textReward: () => [sentences.tokenizer, () => [1]],
    textWorldNamed: () => ["sort"],
    makeLanguageModel: () => [engine, described(), settings({ seed: 0, name: maybe("model") })],
    sampleToken: () => [[0, 1], 0.5, options({ temperature: 1, topK: 0, topP: 1, greedy: false })],
    tokenProbabilities: () => [[0, 1], options({ temperature: 1, topK: 0, topP: 1, greedy: false })],
  };
}
