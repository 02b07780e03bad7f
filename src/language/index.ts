/** Language models: transformers described by plain objects, on the library's own engine. */
export {
  type BatchPart,
  completionTokens,
  makeSequenceBatch,
  type SequenceBatch,
  splitBatch,
  writePreferences,
  writeRows,
} from "./data/batches.ts";
export {
  type BatchOrder,
  type BatchOrderOptions,
  type BatchPosition,
  batchOrder,
  type OrderedBatch,
} from "./data/batchOrder.ts";
export { type BucketOptions, bucketLengths } from "./data/buckets.ts";
export { type DataReport, describeReport } from "./data/dataReport.ts";
export type { TextKind } from "./data/examples.ts";
export { jsonRecords } from "./data/records/json.ts";
export { jsonLineRecords } from "./data/records/jsonLines.ts";
export {
  type Decompressors,
  type ParquetOptions,
  type PartialFile,
  parquetRecords,
} from "./data/records/parquet.ts";
export type { Chunks, TextRecord } from "./data/records/record.ts";
export { type PreferenceRow, type PromptCompletion, type Rows, unpairPreferences } from "./data/rows.ts";
export { type RowOf, readTextData, type TextData, type TextDataOptions } from "./data/textData.ts";
export { tokenWindows } from "./data/windows.ts";
export type { GenerationOptions, GeneratorOptions } from "./generation/generationOptions.ts";
export { type Completion, type GenerationRandom, makeGenerator, type TextGenerator } from "./generation/generator.ts";
export { sampleToken, tokenProbabilities } from "./generation/sampling.ts";
export type { SamplingOptions } from "./generation/samplingOptions.ts";

export { addAdapter, mergeAdapter } from "./model/adapter.ts";
export type { LanguageModelDescription, LanguageModelFamily, LoraDescription } from "./model/description.ts";
export {
  copyLanguageModel,
  type LanguageModel,
  type MakeLanguageModelOptions,
  makeLanguageModel,
} from "./model/languageModel.ts";
export { atLastReal } from "./model/lastReal.ts";
export {
  type DecodeLanguageModelOptions,
  decodeLanguageModel,
  type EncodeLanguageModelOptions,
  encodeLanguageModel,
} from "./model/modelFiles.ts";
export { type AdapterOptions, type LanguageNetwork, languageNetwork, type TokenBatch } from "./model/network.ts";
export { scoringModel } from "./model/scoringModel.ts";
export { type BestCompletion, type BestOfNGenerator, bestOfNGenerator } from "./rewards/bestOfNGenerator.ts";
export { type RewardFunction, type RewardSource, textReward, type WeightedReward } from "./rewards/rewardSource.ts";
export { type BytePairTokenizerOptions, bytePairTokenizer } from "./tokenizer/bytePairTokenizer.ts";
export { type CharacterTokenizerOptions, characterTokenizer } from "./tokenizer/characterTokenizer.ts";
export type { ChatMessage } from "./tokenizer/chatTemplate.ts";
export { shownText } from "./tokenizer/shownText.ts";
export {
  type ChatOptions,
  type DecodeOptions,
  type EncodeOptions,
  type TextTokenizer,
  textTokenizer,
} from "./tokenizer/textTokenizer.ts";
export {
  additionWorld,
  type CompletionMeasure,
  listedLogProbs,
  namesWorld,
  type RandomWalkOptions,
  type RandomWalkWorld,
  type RewritingOptions,
  randomWalks,
  reverseWorld,
  type SentenceOptions,
  type SentenceWorld,
  sentenceIndex,
  sentenceWorld,
  sortWorld,
  type TextWorld,
  type TextWorldName,
  textWorldNamed,
  textWorldNames,
  type WalkGraph,
} from "./worlds/index.ts";
