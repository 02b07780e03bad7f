/**
 * A small transformer on a world of text: it learns to write from demonstrations (sft), then to please, by grpo on completions of its
 * own or by dpo on pairs. What it writes before and after, to the same prompts with the same random numbers.
 */
import { createEngine, createLanguageLearner, type Engine } from "ascent-rl";
import { meanInterval } from "ascent-rl/estimators";
import {
  decodeLanguageModel,
  encodeLanguageModel,
  type LanguageModel,
  makeGenerator,
  type TextWorld,
  textWorldNamed,
} from "ascent-rl/language";
import type { Study } from "../../../studies/study.ts";

export type WritingWorld = "names" | "random-walks";
export type WritingMethod = "grpo" | "dpo";

export interface WritingInput {
  world: WritingWorld;
  method: WritingMethod;
  /** β of the method. */
  beta: number;
  seed: number;
}

export interface Sample {
  prompt: string;
  text: string;
  reward: number;
  /** The world's first measure, which nothing is trained on. */
  measure: number;
}

export interface Written {
  /** The first ones. */
  samples: readonly Sample[];
  /** Of all prompts looked at: means with 95 % intervals. */
  count: number;
  reward: Interval;
  measure: Interval;
}

export interface Interval {
  value: number;
  low: number;
  high: number;
}

export interface WritingOutput {
  /** What it was computed for. */
  of: WritingInput;
  phase: "demonstrations" | "training" | "done";
  /** Of the phase. */
  share: number;
  /** Name of the measure. */
  measure: string;
  /** After sft; undefined before. */
  before: Written | undefined;
  /** As it writes now. */
  after: Written | undefined;
  /** Samples that the method has learnt from, at each look; and what it wrote there. */
  steps: Float64Array;
  reward: readonly Interval[];
  measured: readonly Interval[];
  /** Learnt from in all. */
  total: number;
}

/** Builds round differently; this one runs everywhere, so that every page shows the same numbers. */
const KERNELS = "simd";
/** Prompts of a look, and how many of them are shown. */
const LOOKS_AT = 128;
const SHOWN = 8;
/** Looks in a training. */
const LOOKS = 12;
const ROWS = 32;

export const study: Study<WritingInput, WritingOutput> = async function* (input) {
  const { world: name, method, beta, seed } = input;
  const world = textWorldNamed(name);
  const [measure] = Object.keys(world.measures);
  const progress = {
    ...{ of: input, measure, before: undefined, after: undefined, total: 0 },
    ...{ steps: new Float64Array(0), reward: [], measured: [] },
  };
  yield { ...progress, phase: "demonstrations", share: 0 };
  const files = yield* taught(name, seed, (share) => ({ ...progress, phase: "demonstrations", share }));
  const engine = await createEngine({ build: KERNELS });
  const model = await decodeLanguageModel(engine, files);
  const look = looker(model, world, measure, seed);
  const before = look();
  const { learner, steps: total } = await createLanguageLearner(method, {
    engine,
    model,
    world,
    seed,
    options: { beta },
  });
  const points = [{ steps: 0, written: before }];
  const output = (phase: "training" | "done"): WritingOutput => ({
    ...{ of: input, phase, share: Math.min(1, learner.steps / total), measure, before, total },
    after: points[points.length - 1].written,
    steps: Float64Array.from(points, ({ steps }) => steps),
    reward: points.map(({ written }) => written.reward),
    measured: points.map(({ written }) => written.measure),
  });
  yield output("training");
  for (let k = 1; k <= LOOKS; k++) {
    while (learner.steps < (total * k) / LOOKS) {
      await learner.iterate();
      yield output("training");
    }
    points.push({ steps: learner.steps, written: look() });
    yield output(k === LOOKS ? "done" : "training");
  }
};

type Files = ReturnType<typeof encodeLanguageModel>;

/** What has been taught stays taught: another β begins from there. */
const known = new Map<string, Files>();

async function* taught(
  world: WritingWorld,
  seed: number,
  at: (share: number) => WritingOutput,
): AsyncGenerator<WritingOutput, Files> {
  const key = `${world} ${seed}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const engine: Engine = await createEngine({ build: KERNELS });
  const { learner, model, steps } = await createLanguageLearner("sft", { engine, world, seed });
  while (learner.steps < steps) {
    await learner.iterate();
    yield at(learner.steps / steps);
  }
  const files = encodeLanguageModel(model);
  known.set(key, files);
  return files;
}

function looker(model: LanguageModel, world: TextWorld, measure: string, seed: number): () => Written {
  const prompts = world.prompts(LOOKS_AT, seed + 1_000_000);
  const { tokenizer, maxNewTokens } = world;
  const promptLength = prompts.reduce((most, { length }) => Math.max(most, length), 1);
  const stopTokens = tokenizer.eosId === undefined ? [] : [tokenizer.eosId];
  const generator = makeGenerator(model, { rows: ROWS, promptLength, maxNewTokens, stopTokens });
  const read = (tokens: ArrayLike<number>) => tokenizer.decode(Array.from(tokens), { skipSpecial: true });
  return () => {
    const samples = generator.generate(prompts, { seed }).map(({ tokens }, i) => {
      const completion = Array.from(tokens);
      return {
        ...{ prompt: read(prompts[i]), text: read(completion) },
        ...{ reward: world.reward(prompts[i], completion), measure: world.measures[measure](prompts[i], completion) },
      };
    });
    const mean = (of: (sample: Sample) => number): Interval => {
      const { value, low, high } = meanInterval(samples.map(of));
      return { value, low, high };
    };
    return {
      ...{ samples: samples.slice(0, SHOWN), count: samples.length },
      ...{ reward: mean(({ reward }) => reward), measure: mean((sample) => sample.measure) },
    };
  };
}
