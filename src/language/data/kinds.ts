/** Which kinds of data can stand in for which: a file of preferences has prompts, answers to imitate, and labelled answers. */

import { AscentError } from "../../errors.ts";
import type { TextExample, TextKind } from "./examples.ts";

export const TEXT_KINDS: readonly TextKind[] = [
  "language-modelling",
  "prompt-only",
  "prompt-completion",
  "unpaired",
  "preference",
];

/** What a kind can be read as beside itself. An unwanted answer is never learnt as one to imitate. */
const ALSO: Readonly<Record<TextKind, readonly TextKind[]>> = {
  "language-modelling": [],
  "prompt-only": [],
  "prompt-completion": ["prompt-only"],
  unpaired: ["prompt-only"],
  preference: ["unpaired", "prompt-completion", "prompt-only"],
};

/**
 * The kind that an example is read as.
 *
 * @param wanted kinds that will do, the first preferred; undefined for any.
 * @throws AscentError "file" where it is none of them and cannot stand in for one.
 */
export function kindFor(example: TextExample, wanted: readonly TextKind[] | undefined, place: string): TextKind {
  const { kind } = example;
  if (wanted === undefined || wanted.includes(kind)) return kind;
  const other = wanted.find((one) => ALSO[kind].includes(one));
  if (other !== undefined) return other;
  throw new AscentError("file", {
    what: `${place}: examples of another kind`,
    got: kind,
    expected: wanted.join(" or "),
    fix: "Give a file of that kind, or choose the algorithm for this one.",
  });
}
