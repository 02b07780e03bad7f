/**
 * A learner of a language model from completions of its own: prompts in their order, completions of each, their rewards, and then the
 * algorithm's own part; saving and loading. A completion is an episode, its tokens are the steps; `steps` counts completions.
 */

import { z } from "zod";
import { copyExact, type JsonValue } from "../../../files/exactJson.ts";
import { partsOfSnapshot, requireArrays, requireFit, requireForm, requireSame } from "../../../files/savedState.ts";
import { type Completion, makeGenerator } from "../../../language/generation/generator.ts";
import type { LanguageModel } from "../../../language/model/languageModel.ts";
import { rewardFigures } from "../../../language/rewards/rewardFigures.ts";
import { namedRewards, type RewardSource } from "../../../language/rewards/rewardSource.ts";
import { rewardScorer } from "../../../language/rewards/scoring.ts";
import { iterations } from "../../../learners/iterations.ts";
import type { LanguageLearner, SampleCompletion } from "../../../learners/languageLearner.ts";
import type { Figures, IterationTimes, Metrics } from "../../../learners/learner.ts";
import { timed, type Work } from "../../../pauses.ts";
import type { ParameterBlock } from "../../../tensor/parameters.ts";
import { rateOf } from "../commonOptions.ts";
import { trainedBlock } from "../partProgram.ts";
import { requireSameModel } from "../requireSameModel.ts";
import { completionBatch, lengthFigures, type ScoredBatch, tokenTotal } from "./completionBatch.ts";
import type { CompletionUpdate } from "./completionUpdate.ts";
import { type CompletionChoice, stopTokensOf } from "./options.ts";
import type { PreparedPrompts } from "./preparedPrompts.ts";
import { promptOrder } from "./promptOrder.ts";

export interface CompletionParts {
  readonly algorithm: string;
  readonly model: LanguageModel;
  readonly prompts: PreparedPrompts;
  readonly reward: RewardSource;
  readonly options: CompletionChoice;
  /** Completions of each prompt. */
  readonly groupSize: number;
  /** Samples from another model than the one that learns; default: from it. */
  readonly sampler?: LanguageModel;
  readonly annealSteps: number;
  readonly update: CompletionUpdate;
  /** Trained beside the model's own, by the names they have in checkpoints. */
  readonly blocks?: Readonly<Record<string, ParameterBlock>>;
  /** What else a checkpoint holds, live. */
  arrays?(): Record<string, Float32Array>;
  /** Small state of the algorithm's own. */
  readonly extra?: { save(): JsonValue; load(state: unknown): void };
  /** Learns from the completions. @param rate the learning rate. */
  learn(batch: ScoredBatch, rate: number): Work<Figures>;
  /** Called behind each iteration. */
  iterated?(iterations: number): void;
}

/** Lengths that programs are made for: all of the longest there can be, and half of it where that is worth a program. */
const WORTH_HALVING = 64;
/** Of one run of the generator. */
const MOST_ROWS = 64;
/** Shown of an iteration, of prompts as different as can be. */
const SAMPLES = 8;

const whole = z.int().min(0);
const savedForm = z.object({
  annealSteps: z.int().min(1),
  ...{ steps: whole, iterations: whole, tokens: whole, prompts: whole, taken: whole, shuffled: whole },
  optimiserSteps: z.array(whole),
  extra: z.unknown(),
});

export function completionLearner(parts: CompletionParts): LanguageLearner {
  const { algorithm, model, options, groupSize, annealSteps, update, blocks = {}, prompts } = parts;
  const scorer = rewardScorer(namedRewards(algorithm, parts.reward));
  const perIteration = options.nPrompts * groupSize;
  const { longest, maxNewTokens } = prompts;
  const generator = makeGenerator(parts.sampler ?? model, {
    rows: Math.min(perIteration, MOST_ROWS),
    promptLength: longest,
    maxNewTokens,
    ...{ temperature: options.temperature, topK: options.topK, topP: options.topP },
    stopTokens: stopTokensOf(algorithm, model, options.stopTokens),
  });
  const order = promptOrder(prompts.rows.length, options.seed);
  const times: IterationTimes = { act: 0, env: 0, learn: 0 };
  let [steps, iterationsMade, tokens] = [0, 0, 0];
  let shown: readonly SampleCompletion[] = [];

  function lengthFor(picked: readonly (readonly number[])[], drawn: readonly Completion[]): number {
    const most = longest + maxNewTokens;
    const needed = drawn.reduce((length, { tokens }, i) => Math.max(length, picked[i].length + tokens.length), 0);
    const half = Math.ceil(most / 2);
    return most >= WORTH_HALVING && needed <= half ? half : most;
  }

  function* sampled(): Work<ScoredBatch> {
    const numbers = order.next(options.nPrompts);
    const picked = Array.from(numbers, (number) => prompts.rows.at(number) as readonly number[]).flatMap((prompt) =>
      Array.from({ length: groupSize }, () => prompt),
    );
    const drawing = generator.generating(picked, { seed: options.seed, first: steps });
    const drawn = yield* timed(drawing, (milliseconds) => {
      times.act += milliseconds;
    });
    const batch = completionBatch(picked, drawn, lengthFor(picked, drawn));
    const scores = yield* timed(scorer.scoring(batch.prompts, batch.completions), (milliseconds) => {
      times.env += milliseconds;
    });
    return { ...batch, scores };
  }

  function* iteration(): Work<Metrics> {
    times.act = 0;
    times.env = 0;
    times.learn = 0;
    const { taken } = order;
    let batch: ScoredBatch;
    try {
      batch = yield* sampled();
    } catch (error) {
      // Nothing has been learnt: the same prompts are next once more.
      order.taken = taken;
      throw error;
    }
    const made = steps + perIteration;
    const rate = rateOf(options, steps / annealSteps, made / annealSteps);
    const figures = yield* timed(parts.learn(batch, rate), (milliseconds) => {
      times.learn += milliseconds;
    });
    steps = made;
    iterationsMade++;
    tokens += batch.prompts.reduce((sum, prompt) => sum + prompt.length, 0) + tokenTotal(batch);
    parts.iterated?.(iterationsMade);
    shown = someOf(batch);
    const { loss, ...others } = figures;
    return {
      steps,
      loss,
      ...rewardFigures(batch.scores),
      ...others,
      ...lengthFigures(batch),
      num_tokens: tokens,
      epoch: order.taken / prompts.rows.length,
      learningRate: rate,
    };
  }

  const own = iterations(algorithm, iteration);
  const arrays = (): Record<string, Float32Array> => {
    const all: Record<string, Float32Array> = { model: trainedBlock(model).flat() };
    for (const [name, block] of Object.entries(blocks)) all[name] = block.flat();
    update.optimisers.forEach((optimiser, i) => {
      optimiser.state().forEach((state, k) => {
        all[`optimiser.${i}.${k}`] = state;
      });
    });
    return { ...all, ...parts.arrays?.() };
  };
  const identity = (): JsonValue => JSON.parse(JSON.stringify(model.network.description)) as JsonValue;

  return {
    algorithm,
    get steps() {
      return steps;
    },
    stepsPerIteration: perIteration,
    times,
    exactResume: true,
    iterate: own.iterate,
    iteration: own.iteration,
    save() {
      own.requireSavable();
      const saved = {
        ...{ annealSteps, steps, iterations: iterationsMade, tokens, taken: order.taken },
        prompts: prompts.rows.length,
        shuffled: update.shuffling.counter,
        optimiserSteps: update.optimisers.map((optimiser) => optimiser.steps),
        extra: parts.extra?.save() ?? null,
      };
      const stored = Object.entries(arrays()).map(([name, data]) => [
        name,
        { shape: [data.length], data: data.slice() },
      ]);
      return {
        arrays: Object.fromEntries(stored),
        state: copyExact({ algorithm, description: identity(), ...saved }),
      };
    },
    load(snapshot) {
      own.requireLoadable();
      const { arrays: kept, state } = partsOfSnapshot(snapshot);
      requireSame("algorithm", state["algorithm"], algorithm);
      requireSameModel(algorithm, state["description"], identity());
      const targets = arrays();
      requireArrays(kept, targets);
      const saved = requireForm(savedForm, state);
      requireFit("prompts", saved.prompts, prompts.rows.length);
      requireFit("optimiserSteps", saved.optimiserSteps.length, update.optimisers.length);
      // Throws before it has changed anything.
      parts.extra?.load(saved.extra);
      for (const [name, target] of Object.entries(targets)) target.set(kept[name] as Float32Array);
      update.optimisers.forEach((optimiser, i) => {
        optimiser.steps = saved.optimiserSteps[i];
      });
      update.shuffling.counter = saved.shuffled;
      order.taken = saved.taken;
      steps = saved.steps;
      iterationsMade = saved.iterations;
      tokens = saved.tokens;
      own.loaded();
    },
    model: () => model,
    samples: () => shown,
  };
}

function someOf({ rows, prompts, completions, scores }: ScoredBatch): readonly SampleCompletion[] {
  const count = Math.min(SAMPLES, rows);
  return Array.from({ length: count }, (_, i) => {
    const row = Math.floor((i * rows) / count);
    return { prompt: prompts[row], completion: completions[row], reward: scores.rewards[row] };
  });
}
