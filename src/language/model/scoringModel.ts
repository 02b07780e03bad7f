/** A model that scores texts out of one that predicts them: the same body under a new head. */

import { checkArguments, checkOptions, optional, seed, text } from "../../arguments/checks.ts";
import { familyNames } from "./families.ts";
import { type LanguageModel, languageModelCheck, makeLanguageModel } from "./languageModel.ts";

/**
 * A copy with the head "score", whose weights start anew; all else is the model's, whatever head that has.
 *
 * @param options.seed of the new head's starting values.
 * @param options.name before each parameter's name; default: the model's own.
 */
export function scoringModel(model: LanguageModel, options: { seed: number; name?: string }): LanguageModel {
  checkArguments("scoringModel", { model: languageModelCheck }, { model });
  checkOptions("scoringModel", { seed, name: optional(text) }, options);
  const { description, prefix } = model.network;
  const name = options.name ?? prefix.slice(0, -1);
  const made = makeLanguageModel(model.engine, { ...description, head: "score" }, { seed: options.seed, name });
  const known = new Set(model.block.names);
  const head = `${familyNames[description.family].score}.weight`;
  for (const own of made.block.names) {
    const theirs = `${prefix}${own.slice(made.network.prefix.length)}`;
    if (known.has(theirs) && !theirs.endsWith(head)) made.block.values(own).set(model.block.values(theirs));
  }
  if (model.adapterBlock !== undefined) made.adapterBlock?.flat().set(model.adapterBlock.flat());
  if (model.tokenizer !== undefined) made.tokenizer = model.tokenizer;
  return made;
}
