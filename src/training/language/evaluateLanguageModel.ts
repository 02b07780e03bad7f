/**
 * How well a language model does on a world of text: completions of prompts it was not trained on, by the world's reward and its other
 * measures; of a model that scores, whether it prefers what the world prefers.
 */

import {
  checkArguments,
  checkOptions,
  named,
  type OptionChecks,
  optional,
  seed as seedCheck,
  signal as signalCheck,
  trueOrFalse,
  wholeNumber,
} from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import { type ReturnSummary, summarise } from "../../estimators/returnSummary.ts";
import { makeGenerator } from "../../language/generation/generator.ts";
import { blocksOf, type LanguageModel, languageModelCheck } from "../../language/model/languageModel.ts";
import type { TextWorld } from "../../language/worlds/textWorld.ts";
import { othersFirst } from "../../pauses.ts";
import { deriveSeed, streams } from "../../random/index.ts";
import { compile } from "../../tensor/compile.ts";
import { input } from "../../tensor/graph.ts";
import { takeLast } from "../../tensor/ops/gather.ts";
import { isWorld, type WorldSource, worldOf } from "./material.ts";

export interface EvaluateLanguageOptions {
  /** Prompts, or pairs of a model that scores. Default 100. */
  samples?: number;
  /** Of the prompts and of what is drawn; never those of a training with the same seed. Default 0. */
  seed?: number;
  /** The most probable tokens, or drawn ones (default false). */
  greedy?: boolean;
  /** Ends the evaluation in its midst, with the signal's reason thrown. */
  signal?: AbortSignal;
}

const evaluateOptions: OptionChecks<EvaluateLanguageOptions> = {
  samples: optional(wholeNumber(1)),
  seed: optional(seedCheck),
  greedy: optional(trueOrFalse),
  signal: optional(signalCheck),
};

/** Means over the samples; with `accuracy` alone of a model that scores. */
export interface LanguageEvaluation {
  samples: number;
  /** Of the world's reward. */
  reward?: ReturnSummary;
  /** Means of the world's other measures, by their names. */
  measures?: Record<string, number>;
  /** Mean tokens of a completion. */
  length?: number;
  /** Share of the world's preferences that the model has too. */
  accuracy?: number;
}

/** Completions, or pairs, that are worked on at a time. */
const ROWS = 32;

/**
 * @param world or its name.
 * @throws AscentError "option" for a world that is none, or whose tokens or lengths the model does not have.
 */
export async function evaluateLanguageModel(
  model: LanguageModel,
  world: WorldSource,
  options: EvaluateLanguageOptions = {},
): Promise<LanguageEvaluation> {
  const worldCheck = { ...named("a world of text, or the name of one"), fits: isWorld };
  checkArguments("evaluateLanguageModel", { model: languageModelCheck, world: worldCheck }, { model, world });
  checkOptions("evaluateLanguageModel", evaluateOptions, options);
  const { samples = 100, greedy = false, signal } = options;
  const where = worldOf(world) as TextWorld;
  const seed = deriveSeed(options.seed ?? 0, streams.evaluation, 0, 0);
  return model.network.description.head === "score"
    ? scoring(model, where, samples, seed, signal)
    : completing(model, where, { samples, seed, greedy, signal });
}

async function completing(
  model: LanguageModel,
  world: TextWorld,
  { samples, seed, greedy, signal }: { samples: number; seed: number; greedy: boolean; signal?: AbortSignal },
): Promise<LanguageEvaluation> {
  const prompts = world.prompts(samples, seed);
  const { maxNewTokens, tokenizer } = world;
  const promptLength = prompts.reduce((most, { length }) => Math.max(most, length), 1);
  const stopTokens = tokenizer.eosId === undefined ? [] : [tokenizer.eosId];
  const rows = Math.min(ROWS, prompts.length);
  const generator = makeGenerator(model, { maxNewTokens, promptLength, stopTokens, greedy, rows });
  const rewards: number[] = [];
  const measures: Record<string, number> = {};
  let tokens = 0;
  for (let start = 0; start < prompts.length; start += rows) {
    await othersFirst();
    signal?.throwIfAborted();
    const some = prompts.slice(start, start + rows);
    generator.generate(some, { seed, first: start }).forEach((found, i) => {
      const completion = Array.from(found.tokens);
      rewards.push(world.reward(some[i], completion));
      tokens += completion.length;
      for (const [name, measure] of Object.entries(world.measures)) {
        measures[name] = (measures[name] ?? 0) + measure(some[i], completion) / prompts.length;
      }
    });
  }
  return { samples: rewards.length, reward: summarise(rewards), measures, length: tokens / rewards.length };
}

async function scoring(
  model: LanguageModel,
  world: TextWorld,
  samples: number,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<LanguageEvaluation> {
  const pairs = world.preferences?.(samples, seed);
  if (pairs === undefined) {
    throw new AscentError("option", {
      what: `The world "${world.name}" has no preferences to hold scores against`,
      fix: "Evaluate on another world.",
    });
  }
  const texts = pairs.flatMap(({ prompt, chosen, rejected }) => [
    [...prompt, ...chosen],
    [...prompt, ...rejected],
  ]);
  const length = texts.reduce((most, text) => Math.max(most, text.length), 1);
  const tokens = input("tokens", [ROWS, length], "i32");
  const scores = model.network.scores(model.network.hidden({ tokens }));
  const program = compile(model.engine, {
    name: "scores",
    outputs: { score: takeLast(scores, input("last", [ROWS], "i32")) },
    parameters: blocksOf(model),
  });
  const found = new Float64Array(texts.length);
  for (let start = 0; start < texts.length; start += ROWS) {
    await othersFirst();
    signal?.throwIfAborted();
    const [places, last] = [program.inputInts("tokens"), program.inputInts("last")];
    places.fill(0);
    last.fill(0);
    const some = texts.slice(start, start + ROWS);
    some.forEach((text, i) => {
      places.set(text, i * length);
      last[i] = text.length - 1;
    });
    program.run();
    found.set(program.output("score").subarray(0, some.length), start);
  }
  const right = pairs.filter((_, i) => found[2 * i] > found[2 * i + 1]).length;
  return { samples: pairs.length, accuracy: right / pairs.length };
}
