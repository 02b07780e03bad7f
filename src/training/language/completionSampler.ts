/** Completions to look at while a model is trained: of the same few prompts each time, with random numbers of their own. */

import type { PromptCompletion, Rows } from "../../language/data/rows.ts";
import { makeGenerator } from "../../language/generation/generator.ts";
import type { LanguageModel } from "../../language/model/languageModel.ts";
import type { TextWorld } from "../../language/worlds/textWorld.ts";
import type { SampleCompletion } from "../../learners/languageLearner.ts";
import { givingWay } from "../../pauses.ts";
import { deriveSeed, streams } from "../../random/index.ts";

/** Prompts looked at. */
const PROMPTS = 3;
/** Tokens of a completion where no world says how long one may be. */
const LONGEST = 64;

export interface CompletionSampler {
  /** Whether so many samples are again `every` more than at the last look. */
  due(steps: number): boolean;
  /** Those of so many samples; the same however often the run was interrupted. */
  sample(steps: number): Promise<readonly SampleCompletion[]>;
}

export interface SampledFrom {
  readonly model: LanguageModel;
  readonly world: TextWorld | undefined;
  /** Rows with a prompt, or prompts; looked at where there is no world. */
  readonly rows: Rows<unknown>;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Undefined where there is nothing to complete: of a model that scores, or data without prompts.
 *
 * @param begun samples that the run has made already.
 */
export function completionSampler(from: SampledFrom, every: number, begun: number): CompletionSampler | undefined {
  const { model, world, options } = from;
  const { head, contextLength } = model.network.description;
  const seed = deriveSeed(options["seed"] as number, streams.evaluation, 1, 0);
  const all = world?.prompts(PROMPTS, seed) ?? promptsOf(from.rows);
  const prompts = all.filter((prompt) => prompt.length > 0 && prompt.length < contextLength);
  if (head !== "language" || prompts.length === 0) return undefined;
  const promptLength = Math.max(...prompts.map((prompt) => prompt.length));
  const maxNewTokens = Math.min(world?.maxNewTokens ?? LONGEST, contextLength - promptLength);
  let generator: ReturnType<typeof makeGenerator> | undefined;
  const lookAt = (steps: number) => Math.floor(steps / every);
  let next = (lookAt(begun) + 1) * every;
  return {
    due(steps) {
      if (steps < next) return false;
      next = (lookAt(steps) + 1) * every;
      return true;
    },
    async sample(steps) {
      const eos = model.tokenizer?.eosId ?? world?.tokenizer.eosId;
      generator ??= makeGenerator(model, {
        ...{ maxNewTokens, promptLength, rows: prompts.length },
        ...(eos !== undefined && { stopTokens: [eos] }),
      });
      const found = await givingWay(generator.generating(prompts, { seed, first: lookAt(steps) * prompts.length }));
      return found.map(({ tokens }, i) => {
        const completion = Array.from(tokens);
        return { prompt: prompts[i], completion, ...(world && { reward: world.reward(prompts[i], completion) }) };
      });
    },
  };
}

function promptsOf(rows: Rows<unknown>): readonly (readonly number[])[] {
  const some = Array.from({ length: Math.min(PROMPTS, rows.length) }, (_, i) => rows.at(i));
  return some.map((row) => (Array.isArray(row) ? (row as number[]) : (row as PromptCompletion).prompt));
}
