/** A language model: a network and the memory its numbers live in. Made from a description or from files, or copied. */

import {
  checkArguments,
  checkOptions,
  engine as engineCheck,
  having,
  optional,
  seed,
  text,
} from "../../arguments/checks.ts";
import type { Engine } from "../../tensor/engine.ts";
import { ParameterBlock } from "../../tensor/parameters.ts";
import type { TextTokenizer } from "../tokenizer/textTokenizer.ts";
import { checkDescription, type LanguageModelDescription } from "./description.ts";
import { initialiseAdapter, initialiseBase } from "./initialisation.ts";
import { type LanguageNetwork, languageNetwork } from "./network.ts";

export interface LanguageModel {
  readonly engine: Engine;
  readonly network: LanguageNetwork;
  /** The base's numbers. */
  readonly block: ParameterBlock;
  /** LoRA's, where the description has it. */
  readonly adapterBlock?: ParameterBlock;
  /** Of its files; saved with it. */
  tokenizer?: TextTokenizer;
}

export interface MakeLanguageModelOptions {
  /** Of the starting values. */
  seed: number;
  /** Before each parameter's name: see `languageNetwork`. */
  name?: string;
}

/** All numbers of a model, base first: what programs are compiled with. */
export function blocksOf({ block, adapterBlock }: LanguageModel): readonly ParameterBlock[] {
  return adapterBlock === undefined ? [block] : [block, adapterBlock];
}

/** What is known to be a model by its parts. */
export const languageModelCheck = {
  ...having("a language model", "engine", "network", "block"),
  fix: "Give what makeLanguageModel or loadLanguageModel gives.",
};

/**
 * A model with GPT-2's starting values; the same seed gives the same numbers everywhere.
 *
 * @throws AscentError "option" for a description that no model can have, "state" where the engine's memory is too small.
 */
export function makeLanguageModel(
  engine: Engine,
  description: LanguageModelDescription,
  options: MakeLanguageModelOptions,
): LanguageModel {
  checkArguments("makeLanguageModel", { engine: engineCheck }, { engine });
  checkOptions("makeLanguageModel", { seed, name: optional(text) }, options);
  checkDescription("makeLanguageModel", description);
  const model = emptyLanguageModel(engine, languageNetwork(description, options.name));
  initialiseBase(model.network, model.block, options.seed);
  if (model.adapterBlock !== undefined) initialiseAdapter(model.network, model.adapterBlock, model.block, options.seed);
  return model;
}

/** Memory for a network's numbers, all zero. */
export function emptyLanguageModel(engine: Engine, network: LanguageNetwork): LanguageModel {
  const block = new ParameterBlock(engine, network.parameters);
  if (network.adapter.length === 0) return { engine, network, block };
  return { engine, network, block, adapterBlock: new ParameterBlock(engine, network.adapter) };
}

/**
 * The same numbers in memory of their own, such as a frozen reference.
 *
 * @param options.name before each parameter's name; another one than the model's, so that both can be in one program.
 */
export function copyLanguageModel(model: LanguageModel, options: { name: string }): LanguageModel {
  checkArguments("copyLanguageModel", { model: languageModelCheck }, { model });
  checkOptions("copyLanguageModel", { name: text }, options);
  const copy = emptyLanguageModel(model.engine, languageNetwork(model.network.description, options.name));
  copy.block.flat().set(model.block.flat());
  if (model.adapterBlock !== undefined) copy.adapterBlock?.flat().set(model.adapterBlock.flat());
  if (model.tokenizer !== undefined) copy.tokenizer = model.tokenizer;
  return copy;
}
