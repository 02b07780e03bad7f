/** From a text to an algorithm for language models. */

import type { LanguageAlgorithmName } from "../../algorithms/language/byName.ts";
import { type LanguageAlgorithms, languageAlgorithms } from "../../algorithms/language/languageRegistry.ts";
import { checkArgument, text } from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import { didYouMean } from "../../nearest.ts";

export function isLanguageAlgorithm(name: string): name is LanguageAlgorithmName {
  return Object.hasOwn(languageAlgorithms, name);
}

/** @throws AscentError "option", naming the nearest known name. */
export function languageAlgorithmNamed(name: string): LanguageAlgorithms[LanguageAlgorithmName] {
  checkArgument("trainLanguageModel: algorithm", text, name);
  if (isLanguageAlgorithm(name)) return languageAlgorithms[name];
  const known = Object.keys(languageAlgorithms);
  throw new AscentError("option", {
    what: `There is no algorithm "${name}" for language models`,
    expected: `one of ${known.join(", ")}`,
    fix: `${didYouMean(name, known)}\`ascent algorithms\` lists them.`,
  });
}
