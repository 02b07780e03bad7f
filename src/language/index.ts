/** Language models: transformers described by plain objects, on the library's own engine. */
export type { GenerationOptions, GeneratorOptions } from "./generation/generationOptions.ts";
export { type Completion, type GenerationRandom, makeGenerator, type TextGenerator } from "./generation/generator.ts";
export { sampleToken, tokenProbabilities } from "./generation/sampling.ts";
export type { SamplingOptions } from "./generation/samplingOptions.ts";
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
export {
  additionWorld,
  type CompletionMeasure,
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
