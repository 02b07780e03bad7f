/**
 * Completions of prompts, token by token: prompts go through the network once, then one token a row with a cache of keys and
 * values. A completion depends on the model, its prompt, the seed and its number alone: not on the others, their order, how
 * many are worked on at a time, or what prompts are padded to. Rows that have ended leave the batch when a smaller program can
 * take the rest.
 */

import { checkArguments, checkOptions, seed, wholeNumber } from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import { due, finish, type Work } from "../../pauses.ts";
import { RandomStream, streams } from "../../random/index.ts";
import { type LanguageModel, languageModelCheck } from "../model/languageModel.ts";
import { checkGeneratorOptions, checkPrompts, type GeneratorOptions } from "./generationOptions.ts";
import { KeyValueCache } from "./keyValueCache.ts";
import { ModelCompiler } from "./modelCompiler.ts";
import { PromptRunner } from "./promptRunner.ts";
import { TokenSampler } from "./sampling.ts";
import { rowSizes, sizeFor } from "./sizes.ts";
import { TokenRunner } from "./tokenRunner.ts";

export interface Completion {
  /** Without the prompt; the stop token, if one came, is the last. */
  tokens: Int32Array;
  /** Of each token, in the distribution it was drawn from: temperature and filters applied, so 0 under greedy decoding. */
  logProbs: Float32Array;
  /** By a stop token; otherwise by its length. */
  stopped: boolean;
}

/** Where a call's random numbers come from: completion i draws from the stream (seed, first + i), token t its number t. */
export interface GenerationRandom {
  seed: number;
  /** Default 0. Count it on from call to call, by the number of prompts. */
  first?: number;
}

export interface TextGenerator {
  /**
   * One completion for each prompt, in their order; equal prompts go through the network once. With the model's numbers as they
   * are at the call.
   *
   * @param prompts lists of token ids, each of 1 to `promptLength`; as many as there are.
   * @throws AscentError "shape" for an empty prompt or one that is too long, "option" for tokens outside the vocabulary,
   *   "non-finite" where the model's logits are, "state" while another call of this generator has not ended.
   */
  generate(prompts: readonly (readonly number[])[], random: GenerationRandom): Completion[];
  /** The same as work that gives way to others now and then: see `givingWay`. */
  generating(prompts: readonly (readonly number[])[], random: GenerationRandom): Work<Completion[]>;
}

/**
 * What generates from a model under fixed options. It takes memory for good: make one and use it again.
 *
 * @throws AscentError "option" for options out of range, prompt and completion longer than the model's context, or a model
 *   without logits; "state" where the engine's memory is too small.
 */
export function makeGenerator(model: LanguageModel, options: GeneratorOptions): TextGenerator {
  checkArguments("makeGenerator", { model: languageModelCheck }, { model });
  const stopTokens = checkGeneratorOptions("makeGenerator", model.network.description, options);
  return new Batches(model, options, stopTokens);
}

class Batches implements TextGenerator {
  readonly #model: LanguageModel;
  readonly #options: GeneratorOptions;
  readonly #sizes: readonly number[];
  readonly #compiler: ModelCompiler;
  readonly #cache: KeyValueCache;
  readonly #prompts: PromptRunner;
  readonly #tokens: TokenRunner;
  readonly #sampler: TokenSampler;
  /** 1 for a token that ends a completion. */
  readonly #stops: Uint8Array;
  /** By number in the batch [rows × maxNewTokens]. */
  readonly #drawn: Int32Array;
  readonly #logProbs: Float32Array;
  readonly #counts: Int32Array;
  /** By place in the cache: whose row it is, −1 for nobody's, and how many tokens of it are there. */
  readonly #owners: Int32Array;
  readonly #positions: Int32Array;
  #busy = false;

  constructor(model: LanguageModel, options: GeneratorOptions, stopTokens: readonly number[]) {
    const { rows, promptLength, maxNewTokens, adapter = true } = options;
    const { description } = model.network;
    this.#model = model;
    this.#options = options;
    this.#sizes = rowSizes(rows);
    const places = this.#sizes[this.#sizes.length - 1];
    this.#compiler = new ModelCompiler(model);
    // The last token is drawn and not looked at again.
    this.#cache = new KeyValueCache(model.engine, description, places, promptLength + maxNewTokens - 1);
    this.#prompts = new PromptRunner(this.#compiler, { adapter, rows, promptLength });
    this.#tokens = new TokenRunner(this.#compiler, this.#cache, adapter);
    this.#sampler = new TokenSampler(description.vocabularySize, options);
    this.#stops = new Uint8Array(description.vocabularySize);
    for (const token of stopTokens) this.#stops[token] = 1;
    this.#drawn = new Int32Array(rows * maxNewTokens);
    this.#logProbs = new Float32Array(rows * maxNewTokens);
    this.#counts = new Int32Array(rows);
    this.#owners = new Int32Array(places);
    this.#positions = new Int32Array(places);
  }

  generate(prompts: readonly (readonly number[])[], random: GenerationRandom): Completion[] {
    return finish(this.generating(prompts, random));
  }

  *generating(prompts: readonly (readonly number[])[], random: GenerationRandom): Work<Completion[]> {
    checkPrompts("generate", prompts, this.#options, this.#model.network.description);
    checkOptions("generate: random", { seed, first: { ...wholeNumber(), optional: true } }, random);
    if (this.#busy) {
      throw new AscentError("state", {
        what: "generate: this generator is at work on another call",
        got: "a call before that one has ended",
        expected: "one call at a time",
        fix: "Await the call before, or make a generator for each.",
      });
    }
    this.#busy = true;
    try {
      this.#compiler.update();
      const { rows } = this.#options;
      const completions: Completion[] = [];
      for (let begin = 0; begin < prompts.length; begin += rows) {
        const batch = prompts.slice(begin, begin + rows);
        const draws = batch.map(
          (_, i) => new RandomStream(random.seed, streams.tokens, (random.first ?? 0) + begin + i),
        );
        const alive = yield* this.#begin(batch, draws);
        yield* this.#goOn(alive, draws);
        for (let i = 0; i < batch.length; i++) completions.push(this.#completion(i));
      }
      return completions;
    } finally {
      this.#busy = false;
    }
  }

  /** Prompts into the cache and the first token of each; gives how many rows go on. */
  *#begin(prompts: readonly (readonly number[])[], draws: readonly RandomStream[]): Work<number> {
    this.#counts.fill(0);
    this.#owners.fill(-1);
    const rowsOf = new Map<string, number[]>();
    prompts.forEach((prompt, row) => {
      const key = prompt.join();
      const rows = rowsOf.get(key);
      if (rows === undefined) rowsOf.set(key, [row]);
      else rows.push(row);
    });
    const groups = [...rowsOf.values()];
    const distinct = groups.map(([row]) => prompts[row]);
    let alive = 0;
    yield* this.#prompts.running(distinct, (i, { logits, start, layers, prompt, longest }) => {
      for (const row of groups[i]) {
        if (this.#draw(row, draws[row], logits, start)) continue;
        this.#cache.fill(alive, layers, prompt, longest, distinct[i].length);
        this.#owners[alive] = row;
        this.#positions[alive] = distinct[i].length;
        alive++;
      }
    });
    return alive;
  }

  /** The other tokens, of the rows in the cache's first places. */
  *#goOn(alive: number, draws: readonly RandomStream[]): Work<void> {
    const { maxNewTokens } = this.#options;
    const { vocabularySize } = this.#model.network.description;
    const owners = this.#owners;
    const positions = this.#positions;
    let size = 0;
    for (let left = alive; left > 0; ) {
      const fitting = sizeFor(this.#sizes, left);
      if (fitting !== size) {
        size = fitting;
        this.#closeRanks(left);
      }
      const program = yield* this.#tokens.program(size);
      const tokens = program.inputInts("tokens");
      const places = program.inputInts("positions");
      for (let place = 0; place < size; place++) {
        const row = owners[place];
        // Nobody's row says token 0 at position 0, which costs next to no attention.
        tokens[place] = row < 0 ? 0 : this.#drawn[row * maxNewTokens + this.#counts[row] - 1];
        places[place] = row < 0 ? 0 : positions[place];
      }
      yield* program.running();
      const logits = program.output("logits");
      for (let place = 0; place < size; place++) {
        const row = owners[place];
        if (row < 0) continue;
        positions[place]++;
        if (this.#draw(row, draws[row], logits, place * vocabularySize)) {
          owners[place] = -1;
          left--;
        }
      }
      if (due()) yield;
    }
  }

  /** Draws a row's next token; whether the row has ended. */
  #draw(row: number, random: RandomStream, logits: Float32Array, start: number): boolean {
    const { maxNewTokens } = this.#options;
    const sampler = this.#sampler;
    sampler.draw(logits, start, random.uniform());
    const at = row * maxNewTokens + this.#counts[row];
    this.#drawn[at] = sampler.token;
    this.#logProbs[at] = sampler.logProb;
    this.#counts[row]++;
    return this.#stops[sampler.token] === 1 || this.#counts[row] === maxNewTokens;
  }

  /** Moves rows from behind the first `left` places into those that are free. */
  #closeRanks(left: number): void {
    const owners = this.#owners;
    let free = 0;
    for (let place = left; place < owners.length; place++) {
      if (owners[place] < 0) continue;
      while (owners[free] >= 0) free++;
      this.#cache.move(place, free, this.#positions[place]);
      owners[free] = owners[place];
      this.#positions[free] = this.#positions[place];
      owners[place] = -1;
    }
  }

  #completion(row: number): Completion {
    const start = row * this.#options.maxNewTokens;
    const end = start + this.#counts[row];
    const tokens = this.#drawn.slice(start, end);
    const stopped = this.#stops[tokens[tokens.length - 1]] === 1;
    return { tokens, logProbs: this.#logProbs.slice(start, end), stopped };
  }
}
