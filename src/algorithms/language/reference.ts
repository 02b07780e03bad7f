/**
 * Where log π_ref comes from: a model of its own that nothing trains, a copy of the policy as it was at the start, or, with LoRA,
 * the policy itself with the adapter off. Computed when it is asked for, or once beforehand; or of a copy that follows the policy
 * now and then (TR-DPO, Gorbatovski et al. 2024).
 */

import { AscentError } from "../../errors.ts";
import { copyLanguageModel, type LanguageModel } from "../../language/model/languageModel.ts";
import type { Work } from "../../pauses.ts";
import type { EncodedRows } from "./encodedRows.ts";
import { sequenceScorer } from "./sequenceScorer.ts";
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

export interface Reference {
  /** log π_ref of the sequences of these rows of the data: by kind, then by row. */
  ofData(numbers: ArrayLike<number>): Work<Float32Array>;
  /** log π_ref of any sequences. @throws where only those of the data were computed. */
  of(sequences: readonly EncodedSequence[]): Work<Float32Array>;
  /** To be called after each update of the policy. */
  updated(updates: number): void;
  /** What a checkpoint has to hold of it, live; a model of one's own is not in it. */
  arrays(): Record<string, Float32Array>;
  /** Whether what is computed beforehand has been. */
  readonly computed: boolean;
  /** As it was after so many updates. */
  restore(saved: { computed: boolean; updates: number }): void;
}

/** @throws AscentError "option" where a reference is wanted that cannot be. */
export function makeReference(options: ReferenceOptions): Reference {
  const { algorithm, model, given, precompute = false, moving, lengths, rows, data } = options;
  if (moving !== undefined) requireMovable(options);
  if (given !== undefined) requireSameVocabulary(algorithm, model, given);
  const usesBase = given === undefined && model.adapterBlock !== undefined;
  // What is computed before the first update needs no copy: the policy still is what it was at the start.
  const copies = given === undefined && !usesBase && !precompute;
  const held = given ?? (copies || moving !== undefined ? copyLanguageModel(model, { name: "reference" }) : model);
  const scorer = sequenceScorer(`${algorithm}: reference`, held, lengths, rows, !usesBase);
  const kinds = data.sequences(0).length;
  const known = precompute ? new Float32Array(data.length * kinds) : undefined;
  let [trained, computed] = [false, false];

  const reference: Reference = {
    get computed() {
      return computed;
    },
    restore(saved) {
      computed = saved.computed;
      trained = saved.updates > 0;
    },
    of: (some) => {
      if (held === model && !usesBase && trained) throw new Error("makeReference: the policy is no reference any more");
      return scorer.logProbs(some);
    },
    *ofData(numbers) {
      if (known === undefined) {
        const some = Array.from(numbers, (number) => data.sequences(number));
        return yield* scorer.logProbs(Array.from({ length: kinds }, (_, kind) => some.map((row) => row[kind])).flat());
      }
      if (!computed) {
        // Some at a time: all sequences at once would be the data once more.
        for (let start = 0; start < data.length; start += rows) {
          const count = Math.min(rows, data.length - start);
          const some = Array.from({ length: count }, (_, i) => data.sequences(start + i)).flat();
          known.set(yield* reference.of(some), start * kinds);
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
      trained = true;
      if (moving === undefined || updates % moving.every !== 0) return;
      const policy = model.block.flat();
      const followed = held.block.flat();
      for (let i = 0; i < followed.length; i++) followed[i] += moving.mixing * (policy[i] - followed[i]);
    },
    arrays: () => ({
      ...(held !== model && held !== given && { reference: held.block.flat() }),
      ...(known !== undefined && { referenceLogProbs: known }),
    }),
  };
  return reference;
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
