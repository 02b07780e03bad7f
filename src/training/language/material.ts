/** What a learner of a language model is made from, out of what a user gives: a model or a world's preset, rows or a world's, a reference. */

import type { LanguageAlgorithm } from "../../algorithms/language/languageAlgorithm.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import type { TextKind } from "../../language/data/examples.ts";
import { type PreferenceRow, type PromptCompletion, type Rows, unpairPreferences } from "../../language/data/rows.ts";
import type { TextData } from "../../language/data/textData.ts";
import { type LanguageModel, makeLanguageModel } from "../../language/model/languageModel.ts";
import { scoringModel } from "../../language/model/scoringModel.ts";
import type { TextWorld } from "../../language/worlds/textWorld.ts";
import { type TextWorldName, textWorldNamed } from "../../language/worlds/worldRegistry.ts";
import type { Engine } from "../../tensor/engine.ts";

export type WorldSource = TextWorld | TextWorldName;

/** Tokens to learn from, or what `readTextData` made of a file. */
export type LanguageData = TextData | Rows<PromptCompletion | PreferenceRow | readonly number[]>;

/** Whether a value is a world, or a text that may name one. */
export function isWorld(x: unknown): boolean {
  return typeof x === "string" || (typeof x === "object" && x !== null && "tokenizer" in x && "prompts" in x);
}

/** Rows drawn from a world. */
export const WORLD_ROWS = 1000;

export function worldOf(source: WorldSource | undefined): TextWorld | undefined {
  return typeof source === "string" ? textWorldNamed(source) : source;
}

/**
 * The model to train: the one given, or the world's preset from scratch; of an algorithm that trains scores, with a head for them.
 *
 * @throws AscentError "option" where there is neither, or model and world speak of other tokens.
 */
export function modelFor(
  algorithm: LanguageAlgorithm,
  engine: Engine,
  { model, world, seed }: { model?: LanguageModel; world: TextWorld | undefined; seed: number },
): LanguageModel {
  if (model === undefined) {
    if (world === undefined) {
      throw new AscentError("option", {
        what: `${algorithm.name} needs a model`,
        fix: "Give a folder with --model, or a world with --world, whose preset starts from nothing (in code: model, world).",
      });
    }
    const made = makeLanguageModel(engine, { ...world.model, head: algorithm.head }, { seed });
    made.tokenizer = world.tokenizer;
    return made;
  }
  requireSameTokens(model, world);
  const { head } = model.network.description;
  if (head === algorithm.head) return model;
  if (algorithm.head === "score") return scoringModel(model, { seed });
  throw new AscentError("option", {
    what: `${algorithm.name} trains a model that predicts tokens`,
    got: `head "${head}"`,
    expected: 'head "language"',
    fix: "Give the language model, not the reward model made from it.",
  });
}

function requireSameTokens({ network }: LanguageModel, world: TextWorld | undefined): void {
  const { vocabularySize } = network.description;
  if (world === undefined || world.tokenizer.vocabularySize <= vocabularySize) return;
  throw new AscentError("option", {
    what: `The world "${world.name}" has tokens that the model does not have`,
    got: `a model of ${vocabularySize} tokens`,
    expected: `${world.tokenizer.vocabularySize}`,
    fix: "Give a model that was trained on this world, or leave the model out.",
  });
}

/** Kinds of data that the algorithm learns from, the first preferred. */
export function kindsOf({ learnsFrom, alsoFrom = [] }: LanguageAlgorithm): readonly TextKind[] {
  return [learnsFrom, ...alsoFrom];
}

/**
 * The rows to learn from: those given, or the world's.
 *
 * @param count of rows drawn from the world, with the run's seed.
 * @throws AscentError "option" for data of another kind, or where there are none.
 */
export function rowsFor(
  algorithm: LanguageAlgorithm,
  { data, world, count, seed }: { data?: LanguageData; world: TextWorld | undefined; count: number; seed: number },
): Rows<never> {
  if (data !== undefined) return ("kind" in data ? rowsOf(algorithm, data) : data) as Rows<never>;
  if (world === undefined) {
    throw new AscentError("option", {
      what: `${algorithm.name} learns from ${algorithm.learnsFrom} data, and there are none`,
      fix: "Give a file with --data, or a world with --world (in code: data, world).",
    });
  }
  return drawn(algorithm.learnsFrom, world, count, seed) as unknown as Rows<never>;
}

function rowsOf(algorithm: LanguageAlgorithm, { kind, rows }: TextData): Rows<unknown> {
  if (kindsOf(algorithm).includes(kind)) return rows;
  throw new AscentError("option", {
    what: `${algorithm.name} does not learn from such data`,
    got: kind,
    expected: kindsOf(algorithm).join(" or "),
    fix: "Read the file with kinds: [what is expected], or choose the algorithm for it.",
  });
}

function drawn(kind: TextKind, world: TextWorld, count: number, seed: number): readonly unknown[] {
  if (kind === "prompt-only") return world.prompts(count, seed);
  if (kind === "prompt-completion") return world.demonstrations(count, seed);
  const pairs = world.preferences?.(kind === "unpaired" ? Math.ceil(count / 2) : count, seed);
  if (pairs !== undefined) return kind === "unpaired" ? unpairPreferences(pairs) : pairs;
  throw new AscentError("option", {
    what: `The world "${world.name}" has no preferences`,
    got: describeValue(kind),
    expected: "demonstrations or prompts",
    fix: "Choose sft or an algorithm that learns from prompts, or another world.",
  });
}
