/** `ascent evaluate` of a run that trained a language model: completions on the world that it learnt from. */

import { AscentError } from "../errors.ts";
import { loadLanguageModel } from "../node/language/languageModels.ts";
import { readLanguageConfig } from "../node/language/runConfig.ts";
import { worldNamed } from "../node/language/worldNamed.ts";
import { pathsIn } from "../node/runs/folder.ts";
import { evaluateLanguageModel } from "../training/language/evaluateLanguageModel.ts";
import { evaluationText } from "./languageDisplay.ts";
import { printJson, printLine } from "./output.ts";

/** @throws AscentError "option" for a run that learnt from no world: nothing says what its completions are worth. */
export async function evaluateText(
  folder: string,
  { episodes, seed, json }: { episodes: number; seed: number; json?: boolean },
): Promise<void> {
  const { algorithm, world } = readLanguageConfig(folder);
  if (world === undefined) {
    throw new AscentError("option", {
      what: `The run in ${folder} learnt from a file, and nothing says what a completion is worth`,
      got: "a language model without a world",
      fix: `Generate from ${pathsIn(folder).model} and look, or evaluate in code with a world of your own: evaluateLanguageModel.`,
    });
  }
  const model = await loadLanguageModel(pathsIn(folder).model);
  const evaluation = await evaluateLanguageModel(model, worldNamed(world), { samples: episodes, seed });
  if (json) return printJson(evaluation);
  printLine(`${algorithm} on ${world}, sampled completions`);
  printLine(evaluationText(evaluation));
}
