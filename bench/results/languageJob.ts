/** One run of the table of language models: a world's model from nothing, SFT, then the algorithm. Runs in a process of its own. */

import type { LanguageModel } from "../../src/language/model/languageModel.ts";
import type { TextWorldName } from "../../src/language/worlds/index.ts";
import { evaluateLanguageModel } from "../../src/training/language/evaluateLanguageModel.ts";
import { trainLanguageModel } from "../../src/training/language/trainLanguageModel.ts";

export interface LanguageJob {
  world: TextWorldName;
  algorithm: "rlhf" | "rloo" | "grpo" | "best-of-n";
  seed: number;
  /** Prompts to train on, and of how many of them SFT sees the demonstrations. */
  prompts: number;
  demonstrations: number;
  /** The world's reward, or one of its measures. */
  measure: string;
}

export interface LanguageOutcome {
  /** On 500 prompts of another seed: of sampled completions, and of the most probable tokens. */
  before: Measured;
  after: Measured;
  /** Completions of the run. */
  steps: number;
  curve: { steps: number[]; reward: number[] };
  seconds: number;
}

export interface Measured {
  sampled: number;
  greedy: number;
}

const EVALUATED = 500;

export async function runLanguageJob(job: LanguageJob): Promise<LanguageOutcome> {
  const { world, algorithm, seed } = job;
  const begin = performance.now();
  const sft = await trainLanguageModel("sft", { world, seed, worldRows: job.demonstrations });
  const { model } = sft;
  const before = await measured(model, job);
  const curve: LanguageOutcome["curve"] = { steps: [], reward: [] };
  const { metrics } = await trainLanguageModel(algorithm, {
    ...{ world, model, seed, worldRows: job.prompts },
    onIteration: ({ steps, reward }) => {
      curve.steps.push(steps);
      curve.reward.push(reward);
    },
  });
  const after = await measured(model, job);
  return { before, after, steps: metrics.steps, curve, seconds: (performance.now() - begin) / 1000 };
}

async function measured(model: LanguageModel, { world, seed, measure }: LanguageJob): Promise<Measured> {
  const of = async (greedy: boolean) => {
    const { reward, measures } = await evaluateLanguageModel(model, world, { seed, samples: EVALUATED, greedy });
    return measure === "reward" ? (reward?.mean ?? Number.NaN) : (measures?.[measure] ?? Number.NaN);
  };
  return { sampled: await of(false), greedy: await of(true) };
}
