/**
 * Where log π_ref comes from: a model of its own that nothing trains, a copy of the policy as it was at the start, or, with LoRA,
 * the policy itself with the adapter off. Computed when it is asked for, or once beforehand; or of a copy that follows the policy
 * now and then (TR-DPO, Gorbatovski et al. 2024).
 */

import { z } from "zod";
import { AscentError } from "../../errors.ts";
import { copyLanguageModel, type LanguageModel } from "../../language/model/languageModel.ts";
import type { Work } from "../../pauses.ts";
import type { EncodedRows } from "./encodedRows.ts";
import { type SequenceScorer, sequenceScorer } from "./sequenceScorer.ts";
import type { EncodedSequence } from "./sequences.ts";

export interface ReferenceOptions {
  /** Of the run. */
  readonly algorithm: string;
  readonly model: LanguageModel;
  /** A model of one's own to be held to; default: the policy as it is at the start. */
  readonly given?: LanguageModel;
  /** Computes the data's log-probabilities once, before the first update. */
  readonly precompute?: boolean;
  /** The copy moves by `mixing` of the way to the policy, every so many updates. */
  readonly moving?: { readonly mixing: number; readonly every: number };
  /** Lengths of programs, rising. */
  readonly lengths: readonly number[];
  /** Sequences of one run of a program. */
  readonly rows: number;
  /** What is computed beforehand. */
  readonly data: Pick<EncodedRows<unknown>, "length" | "sequences">;
}

/** given: a model of one's own. base: with LoRA, the policy with the adapter off. copy: of the policy as it was. beforehand: computed once. */
type ReferenceKind = "given" | "base" | "copy" | "beforehand";

export const referenceForm = z.object({
  kind: z.enum(["given", "base", "copy", "beforehand"]),
  computed: z.boolean(),
});
export type ReferenceState = z.output<typeof referenceForm>;

export interface Reference {
  /** log π_ref of the sequences of these rows of the data: by kind, then by row. */
  ofData(numbers: ArrayLike<number>): Work<Float32Array>;
  /** log π_ref of any sequences. @throws where only those of the data were computed. */
  of(sequences: readonly EncodedSequence[]): Work<Float32Array>;
  /** To be called after each update of the policy. */
  updated(updates: number): void;
  state(): ReferenceState;
  /** As it was saved; `arrays` are then those to be filled. */
  restore(state: ReferenceState): void;
  /** What a checkpoint has to hold of it, live; a model of one's own is not in it. */
  arrays(): Record<string, Float32Array>;
}

/** @throws AscentError "option" where a reference is wanted that cannot be. */
export function makeReference(options: ReferenceOptions): Reference {
  const { algorithm, model, given, precompute = false, moving, lengths, rows, data } = options;
  if (moving !== undefined) requireMovable(options);
  if (given !== undefined) requireSameVocabulary(algorithm, model, given);
  const kinds = data.sequences(0).length;
  const known = precompute ? new Float32Array(data.length * kinds) : undefined;
  let kind = kindFor(options);
  let computed = false;
  let copy = kind === "copy" ? copyLanguageModel(model, { name: "reference" }) : undefined;
  let scorer: SequenceScorer | undefined;

  const scoring = () => {
    scorer ??= sequenceScorer(`${algorithm}: reference`, given ?? copy ?? model, lengths, rows, kind !== "base");
    return scorer;
  };

  return {
    of: (some) => scoring().logProbs(some),
    *ofData(numbers) {
      if (known === undefined) {
        const some = Array.from(numbers, (number) => data.sequences(number));
        return yield* scoring().logProbs(Array.from({ length: kinds }, (_, of) => some.map((row) => row[of])).flat());
      }
      if (!computed) {
        // Some at a time: all sequences at once would be the data once more.
        for (let start = 0; start < data.length; start += rows) {
          const count = Math.min(rows, data.length - start);
          const some = Array.from({ length: count }, (_, i) => data.sequences(start + i)).flat();
          known.set(yield* scoring().logProbs(some), start * kinds);
        }
        computed = true;
      }
      const count = numbers.length;
      return Float32Array.from(
        { length: kinds * count },
        (_, i) => known[numbers[i % count] * kinds + Math.floor(i / count)],
      );
    },
    updated(updates) {
      if (moving === undefined || copy === undefined || updates % moving.every !== 0) return;
      const policy = model.block.flat();
      const followed = copy.block.flat();
      for (let i = 0; i < followed.length; i++) followed[i] += moving.mixing * (policy[i] - followed[i]);
    },
    state: () => ({ kind, computed }),
    restore(state) {
      computed = state.computed;
      if (state.kind === kind) return;
      // With LoRA: whether the adapter was new when the run began can be seen then only.
      kind = state.kind;
      copy = kind === "copy" ? copyLanguageModel(model, { name: "reference" }) : undefined;
      scorer = undefined;
    },
    arrays: () => ({
      ...(copy !== undefined && { reference: copy.block.flat() }),
      ...(copy?.adapterBlock !== undefined && { referenceAdapter: copy.adapterBlock.flat() }),
      ...(known !== undefined && { referenceLogProbs: known }),
    }),
  };
}

function kindFor({ model, given, precompute = false }: ReferenceOptions): ReferenceKind {
  if (given !== undefined) return "given";
  if (model.adapterBlock !== undefined && isNew(model)) return "base";
  // Before the first update the policy still is what it was at the start.
  return precompute ? "beforehand" : "copy";
}

/** Whether the adapter changes nothing yet: its upper halves are 0. One that was trained before is a part of the policy at the start. */
function isNew({ network, adapterBlock }: LanguageModel): boolean {
  const upper = network.adapter.map(({ attributes: { name = "" } }) => name).filter((name) => name.includes("lora_B"));
  return upper.every((name) => adapterBlock?.values(name).every((value) => value === 0));
}

function requireMovable({ algorithm, model, given, precompute }: ReferenceOptions): void {
  const reason =
    precompute === true
      ? "what is computed beforehand would not follow it"
      : given !== undefined
        ? "it would be changed, and is someone else's"
        : model.adapterBlock !== undefined
          ? "with LoRA it is the base model, which nothing changes"
          : undefined;
  if (reason === undefined) return;
  throw new AscentError("option", {
    what: `${algorithm}: this reference cannot move`,
    got: "movingReference: true",
    expected: `false, since ${reason}`,
    fix: "Leave movingReference out, or the other setting.",
  });
}

function requireSameVocabulary(algorithm: string, model: LanguageModel, reference: LanguageModel): void {
  const [own, other] = [model, reference].map(({ network }) => network.description.vocabularySize);
  if (reference.block === model.block) {
    throw new AscentError("option", {
      what: `${algorithm}: the reference is the policy itself`,
      got: "one model for both",
      expected: "two models, or no reference",
      fix: "Leave the reference out: it is then a copy of the policy as it starts.",
    });
  }
  if (own === other) return;
  throw new AscentError("option", {
    what: `${algorithm}: policy and reference have other vocabularies`,
    got: `${other} tokens in the reference`,
    expected: `${own}`,
    fix: "Use a reference that was made with the same tokenizer.",
  });
}
