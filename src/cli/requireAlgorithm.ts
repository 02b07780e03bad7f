/** Whether a name is one of any algorithm's, policies' or language models'. */

import { algorithms } from "../algorithms/algorithmRegistry.ts";
import { languageAlgorithms } from "../algorithms/language/languageRegistry.ts";
import { AscentError } from "../errors.ts";
import { didYouMean } from "../nearest.ts";

/** @throws AscentError "option", naming the nearest known name. */
export function requireAlgorithm(name: string): void {
  const known = [...Object.keys(algorithms), ...Object.keys(languageAlgorithms)];
  if (known.includes(name)) return;
  throw new AscentError("option", {
    what: `There is no algorithm "${name}"`,
    expected: `one of ${known.join(", ")}`,
    fix: `${didYouMean(name, known)}\`ascent algorithms\` lists them.`,
  });
}
