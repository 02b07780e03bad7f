/** A run that trains a language model on a world of text: from its preset, or from weights that were trained on it before. */
import {
  AscentError,
  createEngine,
  createLanguageLearner,
  languageAlgorithmNamed,
  languageAlgorithms,
  type SampleCompletion,
} from "ascent-rl";
import {
  decodeLanguageModel,
  encodeLanguageModel,
  makeGenerator,
  makeLanguageModel,
  shownText,
  type TextWorld,
  textWorldNamed,
} from "ascent-rl/language";
import type { Sample } from "../protocol.ts";
import { givenOptions, type RunSettings } from "../runSettings.ts";
import type { decodeSnapshot } from "./snapshot.ts";
import type { Trained } from "./trained.ts";

interface LanguageStart {
  resume?: ReturnType<typeof decodeSnapshot>;
  /** model.safetensors of the world's model. */
  initialPolicy?: Uint8Array;
}

const WEIGHTS = "model.safetensors";
/** Completions looked at, and the milliseconds between two looks. */
const LOOKED_AT = 3;
const EVERY = 1500;
/** Of the prompts that are looked at, and of what is drawn for them. */
const SEED = 1_000_003;

export function trainsLanguageModels(algorithm: string): boolean {
  return Object.hasOwn(languageAlgorithms, algorithm);
}

export async function languageRun(settings: RunSettings, { resume, initialPolicy }: LanguageStart): Promise<Trained> {
  const { algorithm, environment, steps, seed, options, changes } = settings;
  if (changes !== undefined && changes.length > 0) throw unchangeable(algorithm);
  const engine = await createEngine({ build: (resume?.kernels as RunSettings["kernels"]) ?? settings.kernels });
  const world = textWorldNamed(environment);
  const created = await createLanguageLearner(languageAlgorithmNamed(algorithm).name, {
    world,
    // Those of a state that is gone on with come with it.
    ...(initialPolicy && { model: modelWith(initialPolicy) }),
    steps,
    seed,
    options: givenOptions(options),
    engine,
    ...(resume && { resumeFrom: resume.snapshot }),
  });
  const { learner } = created;

  function modelWith(weights: Uint8Array) {
    const files = encodeLanguageModel(makeLanguageModel(engine, world.model, { seed }));
    const model = decodeLanguageModel(engine, { ...files, [WEIGHTS]: weights });
    model.tokenizer = world.tokenizer;
    return model;
  }

  return {
    learner,
    facts: {
      total: created.steps,
      steps: learner.steps,
      options: JSON.parse(JSON.stringify(created.options)),
      kernels: engine.build as "simd" | "fma",
      exactResume: learner.exactResume,
      trains: "language model",
    },
    options: () => created.options,
    changes: () => [],
    change: () => {
      throw unchangeable(algorithm);
    },
    file: () => encodeLanguageModel(learner.model())[WEIGHTS] as Uint8Array<ArrayBuffer>,
    samples: sampler(world, created),
    close: () => learner.close?.(),
  };
}

function unchangeable(algorithm: string): AscentError {
  return new AscentError("option", {
    what: `${algorithm}: settings of language models cannot change in the midst of a run`,
    fix: "Start another run with them.",
  });
}

type Created = Awaited<ReturnType<typeof createLanguageLearner>>;

/** What the last iteration learnt from where the algorithm samples; else completions of a few prompts, always the same ones. */
function sampler(world: TextWorld, { learner, model }: Created): Trained["samples"] {
  const prompts = world.prompts(LOOKED_AT, SEED).map((prompt) => [...prompt]);
  const promptLength = Math.max(...prompts.map((prompt) => prompt.length));
  let generator: ReturnType<typeof makeGenerator> | undefined;
  let last = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - last < EVERY) return undefined;
    const own = learner.samples?.();
    if (own === undefined && model.network.description.head !== "language") return undefined;
    const found = own?.slice(0, LOOKED_AT) ?? drawn();
    last = performance.now();
    return found.map((sample) => asText(world, sample));
  };

  function drawn(): readonly SampleCompletion[] {
    const { eosId } = world.tokenizer;
    generator ??= makeGenerator(model, {
      ...{ maxNewTokens: world.maxNewTokens, promptLength, rows: LOOKED_AT },
      ...(eosId !== undefined && { stopTokens: [eosId] }),
    });
    return generator.generate(prompts, { seed: SEED }).map(({ tokens }, i) => {
      const completion = Array.from(tokens);
      return { prompt: prompts[i], completion, reward: world.reward(prompts[i], completion) };
    });
  }
}

function asText({ tokenizer }: TextWorld, { prompt, completion, reward }: SampleCompletion): Sample {
  const text = (tokens: readonly number[]) => shownText(tokenizer, tokens);
  return { prompt: text(prompt), completion: text(completion), ...(reward !== undefined && { reward }) };
}
