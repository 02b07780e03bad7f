/** Worlds of text: tasks with a tokenizer, a model, demonstrations and a reward that is a formula. */

export { listedLogProbs } from "./listedSentences.ts";
export { namesWorld } from "./names.ts";
export { type RandomWalkOptions, type RandomWalkWorld, randomWalks, type WalkGraph } from "./randomWalks.ts";
export { additionWorld, type RewritingOptions, reverseWorld, sortWorld } from "./rewriting.ts";
export { type SentenceOptions, type SentenceWorld, sentenceIndex, sentenceWorld } from "./sentences.ts";
export type { CompletionMeasure, TextWorld } from "./textWorld.ts";
export { type TextWorldName, textWorldNamed, textWorldNames } from "./worldRegistry.ts";
