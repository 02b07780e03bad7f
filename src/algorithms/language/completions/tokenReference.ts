/**
 * log π_ref of the tokens of completions: of a model of one's own, of a copy of the policy as it was at the start, or, with LoRA, of
 * the policy with the adapter off. The copy may follow the policy now and then.
 */

import { AscentError } from "../../../errors.ts";
import { copyLanguageModel, type LanguageModel } from "../../../language/model/languageModel.ts";
import type { Work } from "../../../pauses.ts";
import type { CompletionBatch } from "./completionBatch.ts";
import type { ReferenceChoice } from "./options.ts";
import { tokenPass } from "./tokenPass.ts";

export interface TokenReference {
  /** [rows × (length − 1)] */
  logProbs(batch: CompletionBatch): Work<Float32Array>;
  /** To be called after each iteration. */
  iterated(iterations: number): void;
  /** What a checkpoint has to hold of it, live. */
  arrays(): Record<string, Float32Array>;
}

/** @throws AscentError "option" for a reference of another vocabulary, the policy itself, or one that cannot move. */
export function tokenReference(
  algorithm: string,
  model: LanguageModel,
  given: LanguageModel | undefined,
  options: ReferenceChoice & { temperature: number; rows: number },
): TokenReference {
  requireUsable(algorithm, model, given, options);
  const usesBase = given === undefined && model.adapterBlock !== undefined;
  const held = given ?? (usesBase ? model : copyLanguageModel(model, { name: "reference" }));
  const isOwn = given === undefined && !usesBase;
  const pass = tokenPass({
    name: `${algorithm}: reference`,
    model: held,
    rows: options.rows,
    adapter: !usesBase,
    outputs: (states, targets) => ({ logProb: held.network.targetLogProbs(states, targets, options.temperature) }),
  });
  return {
    *logProbs(batch) {
      return (yield* pass(batch))["logProb"];
    },
    iterated(iterations) {
      if (!options.movingReference || iterations % options.referenceEvery !== 0) return;
      const [policy, followed] = [model.block.flat(), held.block.flat()];
      for (let i = 0; i < followed.length; i++) followed[i] += options.referenceMixing * (policy[i] - followed[i]);
    },
    arrays: (): Record<string, Float32Array> => (isOwn ? { reference: held.block.flat() } : {}),
  };
}

function requireUsable(
  algorithm: string,
  model: LanguageModel,
  given: LanguageModel | undefined,
  { movingReference }: ReferenceChoice,
): void {
  if (given !== undefined && given.block === model.block) {
    throw new AscentError("option", {
      what: `${algorithm}: the reference is the policy itself`,
      got: "one model for both",
      expected: "two models, or no reference",
      fix: "Leave the reference out: it is then a copy of the policy as it starts.",
    });
  }
  const own = model.network.description.vocabularySize;
  const other = given?.network.description.vocabularySize ?? own;
  if (own !== other) {
    throw new AscentError("option", {
      what: `${algorithm}: policy and reference have other vocabularies`,
      got: `${other} tokens in the reference`,
      expected: `${own}`,
      fix: "Use a reference that was made with the same tokenizer.",
    });
  }
  const fixed = given !== undefined ? "it is someone else's" : model.adapterBlock && "with LoRA it is the base model";
  if (!movingReference || fixed === undefined) return;
  throw new AscentError("option", {
    what: `${algorithm}: this reference cannot move`,
    got: "movingReference: true",
    expected: `false, since ${fixed}`,
    fix: "Leave movingReference out, or the other setting.",
  });
}
